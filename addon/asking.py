"""Fields opened and asked inside Blender, with no other program: any words, at once.

Nothing here touches bpy, so all of it may run in a thread of its own (`worker.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.io.fields.layout import POINTS
from lexel.io.fields.stored import open_field as open_stored
from lexel.pipelines.askable import AskableField, FieldAnswer, QueryAnswer
from lexel.pipelines.field_words import FieldWords
from lexel.pipelines.painting import paint_field
from lexel.progress import Silent
from lexel.query.paint import ColourBar, LegendEntry
from lexel.scene import Instance
from lexel.scene.field import Floats
from lexel.scene.recipe import Look

from .service import Service
from .service_words import ServedEncoders
from .shown import Shown, found_objects, shown_rows
from .towers import NumpyEncoders

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class Question:
    """What the panel asks; the words and defaults of the viewer and of recipes.

    Attributes:
        text: in the query language; blank: nothing is asked, the look alone counts.
        negatives: in place of the field's own; None: its own.
        balance: 0 visual … 1 sentence.
        look: how the answer is coloured.
        query: which of the queries heat, score and found are about.
        threshold: from which score on a thing is found; None: as the answer suggests.
        camera: (4, 4) world_from_camera, OpenCV axes: who says left and behind.
        top: most objects or places to list.
    """

    text: str = ""
    negatives: tuple[str, ...] | None = None
    balance: float = 0.0
    look: Look = field(default_factory=Look)
    query: int = 0
    threshold: float | None = None
    camera: npt.NDArray[np.float64] | None = None
    top: int = 20


@dataclass(frozen=True, eq=False)
class Reply:
    """What Blender needs to show an answer.

    Attributes:
        shown: rows of colours, scores and found, and every point's row.
        queries: presence in words, thresholds, ranges and best places, of each query.
        query: the number of the one that `shown` is about.
        objects: ids of the objects found, the best first.
        entries, bar: the legend's labels, or the colour bar; else empty and None.
        notes: what the user should know, such as a half that was left out.
        words: where the vectors of the words came from: table, tower.
    """

    shown: Shown
    queries: tuple[QueryAnswer, ...] = ()
    query: int = 0
    objects: tuple[int, ...] = ()
    entries: tuple[LegendEntry, ...] = ()
    bar: ColourBar | None = None
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass
class _Said(Silent):
    """A `Progress` that keeps what was said."""

    messages: list[str] = field(default_factory=list)

    def say(self, message: str) -> None:
        if message not in self.messages:
            self.messages.append(message)

    def take(self) -> tuple[str, ...]:
        taken, self.messages = tuple(self.messages), []
        return taken


class LocalField:
    """A field that Blender asks by itself; made by `open_local`.

    Attributes:
        askable: core's own, which the viewer and the service use too.
    """

    def __init__(self, path: Path, tower: Path | None, service: Service | None) -> None:
        stored = open_stored(path)
        self._said = _Said()
        own = NumpyEncoders(stored.info, tower)
        encoders = own if service is None else ServedEncoders(path, stored.info, own, service)
        self.askable = AskableField(stored, FieldWords(stored, encoders, self._said))

    @property
    def name(self) -> str:
        return self.askable.stored.info.name

    @property
    def version(self) -> str:
        """sha256 of the points, which layers that are added leave as they are."""
        return str(self.askable.stored.manifest.files[POINTS]["sha256"])

    @property
    def meaningless(self) -> bool:
        """Whether it was built with random weights."""
        return self.askable.stored.info.encoder.untrained

    @property
    def objects(self) -> tuple[Instance, ...]:
        """Its objects, with the codes their points have; empty where nobody found any."""
        return self.askable.stored.instances

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(note.name for note in self.askable.stored.layers)

    @cached_property
    def xyz_m(self) -> Floats:
        """(N, 3) float32, metres, Z up, in memory."""
        return np.ascontiguousarray(self.askable.points.xyz_m)

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        """(N, 3) sRGB, in memory."""
        return self.askable.rgb

    def columns(self) -> dict[str, npt.NDArray[np.generic]]:
        """Further columns of the points by the names they have on disk, (N,) each."""
        points = self.askable.points
        given = {
            "code": self.askable.stored.code,
            "instance": points.instance,
            "origin": points.origin,
            "confidence": points.confidence,
        }
        return {n: np.ascontiguousarray(c) for n, c in given.items() if c is not None}

    def prepare(self) -> None:
        """Read and cast now what the first question would wait for."""
        self.reply(Question(self.askable.stored.info.scoring.negatives[0]))

    def reply(self, question: Question, check: Check = lambda: None) -> Reply:
        """The answer to a question.

        Args:
            question: what is asked.
            check: raises to give up, as a newer question came.

        Raises:
            InputError: with what is wrong and what to do.
        """
        answer = self._ask(question, check) if question.text.strip() else None
        query = 0 if answer is None else min(question.query, len(answer.queries) - 1)
        check()
        painting = paint_field(self.askable, answer, question.look, query)
        least = question.threshold
        shown = shown_rows(self.askable, answer, painting, question.look, query, least)
        found = () if answer is None else found_objects(self.askable, answer.codes, query, least)
        return Reply(
            shown=shown,
            queries=() if answer is None else answer.queries,
            query=query,
            objects=found,
            entries=painting.entries,
            bar=painting.bar,
            notes=self._said.take(),
            words=() if answer is None else answer.words,
        )

    def _ask(self, question: Question, check: Check) -> FieldAnswer:
        return self.askable.ask(
            question.text,
            instead=question.negatives,
            balance=question.balance,
            top=question.top,
            camera=question.camera,
            check=check,
        )


def open_local(
    path: str | Path, tower: str | Path | None = None, service: Service | None = None
) -> LocalField:
    """The field in a folder `NAME.lexel`.

    Args:
        path: the folder.
        tower: a text tower file that the user chose.
        service: encodes words that nothing here can; None: only what is here does.

    Raises:
        SceneError: there is no field, or a file of it is wrong.
    """
    return LocalField(Path(path), None if tower is None else Path(tower), service)
