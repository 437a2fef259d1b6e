"""How well an image-text model sees things in the world's rooms: four questions to photographs.

Three are put to a crop round each thing of which enough is visible, in one prompt template:
which class is it (`top1`), is it found by a word that no picture was captioned with (`synonym`),
and which of 16 colours has it (`colour`). The fourth is put to the whole photograph, for every
label of which enough is visible: does relevancy peak on such a thing (`peak`)?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch.nn.functional as F
from torch import Tensor

from lexel.errors import InputError
from lexel.evaluation.crops import crop_round
from lexel.evaluation.sight_words import Beholder, Choice, Words
from lexel.io.room_shards import load_photographs, read_index
from lexel.io.room_views import RoomObject, RoomPhotograph
from lexel.pipelines.room_relevancies import RelevancySource
from lexel.progress import Progress
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.synthetic.catalogue import SYNONYMS, classes
from lexel.synthetic.model import COLOURS

FEWEST_PIXELS = 200
TOP1, SYNONYM, COLOUR = "top1", "synonym", "colour"
PEAK, RAW_PEAK, CENTRE = "peak", "raw peak", "centre"
# A thing goes by its colour where at least this share of its surface has it, on the average over
# so many of its class: bread, house plants and hammers do not.
_COLOURED_SHARE, _BUILDS = 0.25, 12


@dataclass(frozen=True)
class Judged:
    """An answer, and whether it is right.

    Attributes:
        split, room: where it was asked.
        measure: the question, or what `peak` is compared with: relevancy from which the mean over
            labels and background labels was not taken (`raw peak`), the middle of the photograph
            (`centre`).
        kind: class of the thing that was meant.
        asked, answered: the right word and the model's; both empty where the answer is a place.
        right: whether it is.
        chance: how often a blind guess would be.
    """

    split: str
    room: str
    measure: str
    kind: str
    asked: str
    answered: str
    right: bool
    chance: float


def look(
    encoder: Beholder, source: RelevancySource, dataset: Path, progress: Progress
) -> list[Judged]:
    """Every answer about a dataset of rooms.

    Args:
        encoder: is asked about crops.
        source: reads whole photographs, with the same encoder.
        dataset: folder with index.json.
        progress: told of every shard.

    Raises:
        InputError: the dataset is missing or damaged, or shows things of another world.
    """
    index = read_index(dataset)
    split = str(index.get("split", dataset.name))
    words = Words(encoder)
    progress.begin(f"looking at {split}", len(index["shards"]))
    found: list[Judged] = []
    for shard in index["shards"]:
        for photograph in load_photographs(dataset / shard["file"]):
            things = _visible(photograph, dataset)
            found += _recognised(encoder, words, photograph, things, split)
            found += _located(source, photograph, things, split)
        progress.advance()
    return found


@cache
def goes_by_colour(kind: str) -> bool:
    """Whether enough of the class's surface has the colour that its things are said to have."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(_BUILDS):
        area = {True: 0.0, False: 0.0}
        for part in classes()[kind].build(rng).parts:
            a, b, c = np.moveaxis(part.vertices[part.triangles], 1, 0)
            area[part.surface == "main"] += float(
                np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()
            )
        shares.append(area[True] / sum(area.values()))
    return float(np.mean(shares)) >= _COLOURED_SHARE


def _visible(photograph: RoomPhotograph, dataset: Path) -> list[RoomObject]:
    things = [o for o in photograph.objects if o.pixels >= FEWEST_PIXELS]
    for thing in things:
        if thing.name not in classes() or thing.colour not in COLOURS:
            raise InputError(
                "the world knows no such thing",
                where=dataset,
                got=f"{thing.colour} {thing.name}",
                do="Build the dataset again: lexel world build.",
            )
    return things


def _recognised(
    encoder: Beholder,
    words: Words,
    photograph: RoomPhotograph,
    things: Sequence[RoomObject],
    split: str,
) -> Iterator[Judged]:
    """What the crop round each thing is taken for."""
    if not things:
        return
    crops = [crop_round(photograph.rgb, photograph.instance == thing.id) for thing in things]
    seen = F.normalize(encoder.image_features(crops), dim=-1)
    for thing, feature in zip(things, seen, strict=True):
        for measure, asked, choice in _questions(words, thing):
            answered = choice.best(feature)
            where = split, photograph.room, measure, thing.name
            yield Judged(*where, asked, answered, asked == answered, 1 / len(choice.names))


def _questions(words: Words, thing: RoomObject) -> Iterator[tuple[str, str, Choice]]:
    """Measure, right answer and what there is to choose from."""
    yield TOP1, thing.name, words.kinds
    if thing.name in SYNONYMS:
        yield SYNONYM, SYNONYMS[thing.name], words.with_synonym_of(thing.name)
    if goes_by_colour(thing.name):
        yield COLOUR, thing.colour, words.colours_of(thing.name)


def _located(
    source: RelevancySource, photograph: RoomPhotograph, things: Sequence[RoomObject], split: str
) -> Iterator[Judged]:
    """Where relevancy peaks, label by label; any pixel of a thing of that label is right."""
    labels = {thing.label: thing.name for thing in things}
    if not labels:
        return
    company = [b for b in BACKGROUND_LABELS if b not in labels]
    maps, _ = source.read(photograph, [*labels, *company], np.random.default_rng(0))
    peculiar = maps - maps.mean(0)
    height, width = photograph.instance.shape
    for row, (label, kind) in enumerate(labels.items()):
        own = [o.id for o in photograph.objects if o.label == label]
        mask = np.isin(photograph.instance, own)
        places = {
            PEAK: _peak(peculiar[row], mask.shape),
            RAW_PEAK: _peak(maps[row], mask.shape),
            CENTRE: (height // 2, width // 2),
        }
        for measure, place in places.items():
            where = split, photograph.room, measure, kind
            yield Judged(*where, "", "", bool(mask[place]), float(mask.mean()))


def _peak(relevancy: Tensor, shape: tuple[int, ...]) -> tuple[int, int]:
    """The photograph's pixel (row, column) in the middle of the highest cell of a map [h, w]."""
    cell: npt.NDArray[np.int64] = np.array(
        np.unravel_index(int(relevancy.argmax()), relevancy.shape)
    )
    row, column = ((cell + 0.5) * shape / np.array(relevancy.shape)).astype(int)
    return int(row), int(column)
