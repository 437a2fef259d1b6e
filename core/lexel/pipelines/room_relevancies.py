"""Relevancies of a dataset's views, computed once and stored for training and evaluation.

Every view is asked for the labels of its objects, for its descriptions as whole sentences, and for
a few things that are not there: at most 64 phrases. The mean is over the labels and the background
labels, as it is when a user asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from lexel.encoders.clip import ClipEncoder, load_encoder
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.errors import InputError
from lexel.io.json_files import read_json_object, write_json
from lexel.io.room_relevancies import relevancy_folder, save_relevancy_shard
from lexel.io.room_shards import load_photographs, shard_names
from lexel.io.room_views import RoomPhotograph, StoredRelevancies
from lexel.pipelines.device import pick_device
from lexel.pipelines.relevancy import describe_reading
from lexel.pipelines.settings import DEFAULT_ENCODER, Settings
from lexel.progress import Progress
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.relevancy.extractor import explain
from lexel.relevancy.oracle import degraded_maps, exact_maps
from lexel.relevancy.presets import get_preset
from lexel.relevancy.scale import peculiarity_scale
from lexel.synthetic.catalogue import NOVEL_CLASSES, SYNONYMS, classes

ORACLES = ("oracle", "oracle-exact")
# How published presets are read on thousands of photographs.
PRESETS = {"ours": "light", "chefer_et_al": "chefer_et_al"}
MAP_SIZE = (48, 64)
_MOST_PHRASES, _ABSENT = 64, 4


class RelevancySource(Protocol):
    """Who reads photographs."""

    provenance: dict[str, Any]

    def read(
        self, photograph: RoomPhotograph, phrases: Sequence[str], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        """Relevancies [L, h, w] of MAP_SIZE, and text features [L, D], of L phrases."""


def relevancy_source(
    preset: str, encoder: str | None, device: str = "auto"
) -> tuple[RelevancySource, str]:
    """The source that a name stands for, and what to call its relevancies.

    Args:
        preset: `ours` (its scales, at the crops of `light`), `chefer_et_al`, or one of ORACLES.
        encoder: `ARCH/TAG` or a weights file; None for the default, and for oracles.
        device: where it runs.

    Raises:
        InputError: there is no such preset, or an encoder for an oracle.
        WeightsError: the encoder's weights are missing or damaged.
    """
    if preset in ORACLES:
        if encoder:
            raise InputError(f"{preset} has no encoder", got=encoder, do="Leave out --encoder.")
        return OracleSource(exact=preset == ORACLES[1]), preset
    if preset not in PRESETS:
        known = ", ".join((*PRESETS, *ORACLES))
        raise InputError("there is no such preset", got=preset, do=f"Choose one of: {known}.")
    name = encoder or DEFAULT_ENCODER
    loaded = load_encoder(name, device=pick_device(device))
    short = Path(name).stem if Path(name).is_file() else name.replace("/", "-")
    return EncoderSource(loaded, PRESETS[preset]), f"{short}-{preset}"


class EncoderSource:
    """An image-text model with a class token, and how densely it reads."""

    def __init__(self, encoder: ClipEncoder, preset: str) -> None:
        self.provenance = describe_reading(encoder, Settings(preset=preset))
        self._encoder, self._preset = encoder, get_preset(preset)
        self._features: dict[str, Tensor] = {}

    def read(
        self, photograph: RoomPhotograph, phrases: Sequence[str], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        text = self._text(phrases)
        seed = int(rng.integers(1 << 31))
        maps = explain(self._encoder, photograph.rgb, text, self._preset, seed=seed).maps()
        small = F.interpolate(maps[None], size=MAP_SIZE, mode="area")[0]
        return small.cpu(), F.normalize(text, dim=-1).cpu()

    def _text(self, phrases: Sequence[str]) -> Tensor:
        """Text features [L, D]; the same words come again and again."""
        new = [p for p in dict.fromkeys(phrases) if p not in self._features]
        if new:
            features = self._encoder.phrase_features(new, (PHOTOGRAPH_TEMPLATE,))
            self._features |= dict(zip(new, features, strict=True))
        return torch.stack([self._features[phrase] for phrase in phrases])


class OracleSource:
    """Masks of what is in the picture, exact or degraded; it has no text features (D = 0)."""

    def __init__(self, exact: bool) -> None:
        self.provenance = {"oracle": "exact" if exact else "degraded"}
        self._exact = exact

    def read(
        self, photograph: RoomPhotograph, phrases: Sequence[str], rng: np.random.Generator
    ) -> tuple[Tensor, Tensor]:
        masks = np.stack([_mask(photograph, phrase) for phrase in phrases])
        maps = exact_maps(torch.from_numpy(masks), MAP_SIZE)
        maps = maps if self._exact else degraded_maps(maps, rng)
        return maps, torch.zeros(len(phrases), 0)


def store_relevancies(
    dataset: Path, name: str, source: RelevancySource, progress: Progress, *, seed: int = 0
) -> int:
    """Write the relevancies of all views that have none yet: how many shards were written.

    Args:
        dataset: folder with index.json.
        name: folder below `dataset/relevancies`.
        source: who reads.
        progress: told of every shard; may cancel, and the next call goes on there.
        seed: of absent labels, recolouring and degradation.

    Raises:
        InputError: the dataset is damaged, or `name` holds relevancies of another source.
    """
    folder = relevancy_folder(dataset, name)
    names = shard_names(dataset)
    _remember(folder, {**source.provenance, "seed": seed})
    missing = [n for n, shard in enumerate(names) if not (folder / shard).exists()]
    progress.begin(f"{name} of {dataset.name}", len(names))
    progress.advance(len(names) - len(missing))
    for number in missing:
        photographs = load_photographs(dataset / names[number])
        rngs = [np.random.default_rng([seed, number, view]) for view in range(len(photographs))]
        stored = [_stored(source, p, rng) for p, rng in zip(photographs, rngs, strict=True)]
        save_relevancy_shard(folder / names[number], stored)
        progress.advance()
    return len(missing)


def phrases_of(photograph: RoomPhotograph, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """The labels of a view, and what else is asked: sentences and absent things, at most 64."""
    labels = list(dict.fromkeys(o.label for o in photograph.objects))
    told = [d.sentence for d in photograph.descriptions]
    there = {o.name for o in photograph.objects}
    other = [c for c in classes() if c not in there and c not in NOVEL_CLASSES]
    absent = rng.choice(sorted(set(other) - set(SYNONYMS.values())), _ABSENT, replace=False)
    others = dict.fromkeys([*absent.tolist(), *told])
    return labels, [p for p in others if p not in labels][: _MOST_PHRASES - len(labels)]


def _stored(
    source: RelevancySource, photograph: RoomPhotograph, rng: np.random.Generator
) -> StoredRelevancies:
    labels, others = phrases_of(photograph, rng)
    company = [b for b in BACKGROUND_LABELS if b not in labels]
    phrases = [*labels, *company, *others]
    maps, features = source.read(photograph, phrases, rng)
    known = maps[: len(labels) + len(company)]
    mean = known.mean(0)
    own = [*range(len(labels)), *range(len(known), len(maps))]
    return StoredRelevancies(
        phrases=(*labels, *others),
        maps=maps[own].numpy().astype(np.float16),
        mean=mean.numpy().astype(np.float16),
        scale=peculiarity_scale(known - mean),
        features=features[own].numpy().astype(np.float16),
    )


def _mask(photograph: RoomPhotograph, phrase: str) -> np.ndarray:
    """[H, W] bool: the visible objects of a label, or the target of a description."""
    meant = [o.id for o in photograph.objects if o.label == phrase]
    meant += [d.target for d in photograph.descriptions if d.sentence == phrase]
    return np.isin(photograph.instance, meant)


def _remember(folder: Path, told: dict[str, Any]) -> None:
    """Maps of two encoders in one folder would pass for one encoder's."""
    file = folder / "source.json"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_json(file, told)
    elif (found := read_json_object(file)) != told:
        other = next(k for k in {**told, **found} if told.get(k) != found.get(k))
        raise InputError(
            f"these relevancies are of another {other}",
            where=folder,
            got=found.get(other),
            do="Give another --name, or delete the folder.",
        )
