"""Asking a field: words in; what is there, where, and how surely, out. numpy only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.fields.stored import StoredField
from lexel.pipelines.field_words import FieldWords
from lexel.query.answer import CodeScores
from lexel.query.colour import expand
from lexel.query.cosines import Check
from lexel.query.engine import Engine, Surroundings, prepare
from lexel.query.language import parse
from lexel.query.places import Places, places_of_instances, places_of_points, table_over_ids
from lexel.query.presence import model_of
from lexel.query.spatial import forward_of_camera, needs_forward
from lexel.query.tree import Phrase, Query, is_spatial
from lexel.query.vectors import Example, TextVectors, texts_to_encode
from lexel.scene import FieldPoints, Modality, Origin
from lexel.scene.field import Floats, Ints

# Said of a presence from the given probability on.
_SAID = (
    (0.9, "there"),
    (0.7, "probably there"),
    (0.4, "perhaps there"),
    (0.15, "probably not there"),
)
_NOT_THERE, _UNTOLD = "not there", "cannot be told"
_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Hit:
    """A place that answers a query: an object of the field, or a cell where it has none.

    Attributes:
        id: `Instance.id`, or the number of the cell.
        label: the object's best name; empty for a cell.
        score: 0..1, of this query.
        centre: (3,) metres, world.
        aabb: (2, 3) lower and upper corner.
        count: of its points.
    """

    id: int
    label: str
    score: float
    centre: Floats
    aabb: Floats
    count: int

    def as_json(self) -> dict[str, Any]:
        boxes = {"centre": self.centre.tolist(), "aabb": self.aabb.tolist()}
        return {
            "id": self.id,
            "label": self.label,
            "score": self.score,
            **boxes,
            "count": self.count,
        }


@dataclass(frozen=True, eq=False)
class QueryAnswer:
    """The answer to one query.

    Attributes:
        text: of the query, as it was understood.
        presence: probability that the thing is in the scene; None where it cannot be told.
        threshold: for each modality that the field has, the score from which on a code is it.
        range: for each modality, the scores where colours begin and end.
        spatial: whether it is about where things are; then only `hits` answer it.
        num_selected: points whose code is above its threshold.
        hits: the best places, the best first.
    """

    text: str
    presence: float | None
    threshold: Mapping[str, float]
    range: Mapping[str, tuple[float, float]]
    spatial: bool
    num_selected: int
    hits: tuple[Hit, ...]

    @property
    def said(self) -> str:
        """The presence in words."""
        if self.presence is None:
            return _UNTOLD
        return next((words for least, words in _SAID if self.presence >= least), _NOT_THERE)

    def as_json(self) -> dict[str, Any]:
        facts = {**vars(self), "said": self.said, "hits": [hit.as_json() for hit in self.hits]}
        return {key: dict(v) if isinstance(v, Mapping) else v for key, v in facts.items()}


@dataclass(frozen=True, eq=False)
class FieldAnswer:
    """What a field answers to a text.

    Attributes:
        queries: one for each query, then one for each example.
        codes: scores of all codes; `lexel.query.colour` turns them into colours.
        words: where the phrases' vectors came from: table, tower, torch.
        meaningless: the field was built with random weights.
    """

    queries: tuple[QueryAnswer, ...]
    codes: CodeScores
    words: tuple[str, ...]
    meaningless: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "queries": [query.as_json() for query in self.queries],
            "balance": self.codes.balance,
            "tier": self.codes.tier,
            "words": list(self.words),
            "meaningless": self.meaningless,
        }


class AskableField:
    """A field on disk, prepared once, asked often.

    `lexel.open_field` makes one with all encoders of this computer; Blender and a viewer that is
    connected to a service have other words.

    Attributes:
        stored: its files.
    """

    def __init__(self, stored: StoredField, words: FieldWords) -> None:
        self.stored = stored
        self._words = words

    @cached_property
    def engine(self) -> Engine:
        info = self.stored.info
        return prepare(self.stored.codebook, info.scoring, model_of(info.encoder.name))

    @property
    def points(self) -> FieldPoints:
        return self.stored.points

    @cached_property
    def rgb(self) -> npt.NDArray[np.uint8]:
        """(N, 3) sRGB, in memory."""
        return np.ascontiguousarray(self.points.rgb)

    @property
    def bounds_m(self) -> npt.NDArray[np.float64]:
        """(2, 3) lower and upper corner of its points, world frame."""
        return self.stored.manifest.bounds

    @cached_property
    def has_inferred(self) -> bool:
        """Whether it has points that no camera saw."""
        origin = self.points.origin
        return origin is not None and bool((origin == Origin.INFERRED).any())

    @property
    def known_phrases(self) -> tuple[str, ...]:
        """Phrases that are one thing when a query is parsed, whatever words stand in them."""
        return self._words.known

    def needs_camera(self, text: str) -> bool:
        """Whether the answer to a text depends on who looks, which only an asker can tell."""
        return self._needs_camera(parse(text, self._words.known))

    def ask(
        self,
        text: str,
        *,
        negatives: Sequence[str] = (),
        instead: Sequence[str] | None = None,
        balance: float = 0.0,
        top: int = _SHOWN,
        camera: npt.NDArray[np.float64] | int | None = None,
        examples: Sequence[Example] = (),
        check: Check = lambda: None,
    ) -> FieldAnswer:
        """What is there, where, and how surely.

        Args:
            text: in the query language, see `lexel.query.language`; blank, if examples are asked.
            negatives: phrases that nothing must be taken for, besides the field's own.
            instead: of the field's own negatives; None: its own.
            balance: 0 visual … 1 sentence.
            top: most places to give for each query.
            camera: who says left and behind: (4, 4) world_from_camera, or the number of one of
                the field's views; None: the field's own `forward`, if it has one view only.
            examples: asked besides, see `lexel.query.examples`.
            check: raises to give up, see `lexel.query.newest`.

        Raises:
            InputError: with what is wrong and what to do.
        """
        blank = not text.strip() and examples
        query = Query(()) if blank else parse(text, self._words.known)
        query = replace(query, negatives=(*query.negatives, *map(Phrase, negatives)))
        own = self.stored.info.scoring.negatives if instead is None else instead
        needed = texts_to_encode(query, own)
        codes = self.engine.ask(
            query,
            self._words.encode(needed, sentence=balance > 0),
            negatives=own,
            balance=balance,
            examples=examples,
            surroundings=self._surroundings(query, camera),
            check=check,
        )
        answers = tuple(self._answer(codes, number, top) for number in range(len(codes.names)))
        words = tuple(sorted(self._words.used))
        return FieldAnswer(answers, codes, words, self.stored.info.encoder.untrained)

    def encode(self, texts: Sequence[str], *, sentence: bool = False) -> TextVectors:
        """Phrases in the field's own spaces; see `FieldWords.encode`."""
        return self._words.encode(texts, sentence=sentence)

    def point_scores(self, codes: CodeScores, query: int) -> Floats:
        """(N,) the scores of a query at every point; of a spatial one, those of its place."""
        if codes.places is None or not codes.spatial[query]:
            return expand(codes.scores[query], self.stored.code)
        return expand(table_over_ids(self.places, codes.places[query]), self.place_of_point)

    def _answer(self, codes: CodeScores, number: int, top: int) -> QueryAnswer:
        kinds = [kind for kind in Modality if (codes.modality == kind).any()]
        presence, ranges = float(codes.presence[number]), codes.range[number].tolist()
        return QueryAnswer(
            text=codes.names[number],
            presence=None if math.isnan(presence) else presence,
            threshold={k.name.lower(): float(codes.threshold[number, k]) for k in kinds},
            range={k.name.lower(): (ranges[k][0], ranges[k][1]) for k in kinds},
            spatial=bool(codes.spatial[number]),
            num_selected=int(self.stored.codebook.count[codes.selected(number)].sum()),
            hits=() if codes.places is None else self._hits(codes.places[number], top),
        )

    def _hits(self, scores: Floats, top: int) -> tuple[Hit, ...]:
        places, things = self.places, self.stored.instances
        best = np.argsort(-scores, kind="stable")[:top]
        return tuple(
            Hit(
                id=int(places.ids[number]),
                label=things[number].label if things else "",
                score=float(scores[number]),
                centre=places.centre[number],
                aabb=np.stack([places.lower[number], places.upper[number]]),
                count=things[number].count if things else int(self._points_of_cells[number]),
            )
            for number in best
        )

    def _surroundings(
        self, query: Query, camera: npt.NDArray[np.float64] | int | None
    ) -> Surroundings | None:
        """Places and direction; cells are made only for a query that needs places."""
        spatial = [ask.want for ask in query.asks]
        if not self.stored.instances and not any(map(is_spatial, spatial)):
            return None
        if camera is None and self._needs_camera(query):
            raise InputError(
                "left, right, in front and behind depend on who looks, and this field has many "
                "views",
                do="Say who looks: `lexel ask --camera 0` takes the field's first view.",
            )
        return Surroundings(self.places, self._forward(camera))

    def _needs_camera(self, query: Query) -> bool:
        return self.stored.num_views > 1 and any(needs_forward(ask.want) for ask in query.asks)

    def _forward(self, camera: npt.NDArray[np.float64] | int | None) -> npt.NDArray[np.float64]:
        if camera is None:
            return self.stored.info.forward
        if not isinstance(camera, int):
            return forward_of_camera(camera)
        if not 0 <= camera < self.stored.num_views:
            raise InputError(
                "the field has no such view",
                got=camera,
                do=f"It has {self.stored.num_views}, from 0.",
            )
        return forward_of_camera(self.stored.views[camera].world_from_camera)

    @cached_property
    def _cells(self) -> tuple[Places, Ints]:
        return places_of_points(self.points)

    @cached_property
    def _points_of_cells(self) -> npt.NDArray[np.intp]:
        return np.bincount(self._cells[1])

    @cached_property
    def places(self) -> Places:
        """Its objects, or cells where it has none: what relations are about."""
        things = self.stored.instances
        if not things:
            return self._cells[0]
        return places_of_instances(things, self.stored.codebook.count)

    @cached_property
    def place_of_point(self) -> Ints:
        """(N,) int32, which of the places a point belongs to; -1: to none."""
        if not self.stored.instances:
            return self._cells[1]
        instance = self.points.instance
        if instance is None:
            raise InputError("the points of this field do not tell which object they belong to")
        return np.ascontiguousarray(instance)
