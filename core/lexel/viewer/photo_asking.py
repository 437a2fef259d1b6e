"""A photo without depth answers words: it is read once in a child, then asked again and again."""

from __future__ import annotations

import numpy as np

from lexel.errors import LabelError
from lexel.query.language import parse
from lexel.query.paint import Paint, Painting
from lexel.viewer.child import Child
from lexel.viewer.child_work import Chosen, ask_photo, read_photo
from lexel.viewer.events import Event
from lexel.viewer.opener import sentence_of
from lexel.viewer.opening import Can
from lexel.viewer.photo_paint import (
    Maps,
    PaintedPhoto,
    bar_of,
    legend_of,
    paint_picture,
    phrases_in,
)
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks

_LANE = "photo"
_NO_POINTS = Paint(np.zeros(0, np.int32), np.zeros((1, 4), np.uint8), np.zeros((0, 3), np.uint8))


class PhotoAsking:
    """Keeps `facts.painted` the open photo under its answer.

    Attributes:
        trouble: emits a sentence for people.
        chosen, preset: who reads photos, and how densely; set them when the settings change.
    """

    def __init__(self, state: ViewerState, tasks: Tasks, chosen: Chosen, preset: str) -> None:
        self._state, self._tasks = state, tasks
        self._child = Child()
        self.chosen, self.preset = chosen, preset
        self.trouble: Event[str] = Event()
        self._ready = False
        self._maps: Maps | None = None
        self._phrases: tuple[str, ...] = ()
        state.watch(self._opened, "contents")
        state.watch(self._ask, "text")
        state.watch(self._paint, "mode", "query", "colour_map", "over_rgb", "heat_range")

    @property
    def ready(self) -> bool:
        """Whether the open photo was read."""
        return self._ready

    def read(self) -> None:
        """Read the open photo; phrases typed meanwhile are answered then."""
        opening, chosen, preset = self._state.facts.opening, self.chosen, self.preset
        if opening is None or Can.ASK_PICTURE not in opening.can:
            return

        def done(_: None) -> None:
            if self._state.facts.opening is opening:
                self._ready = True
                self._ask()

        self._tasks.run(
            f"Reading {opening.path.name}",
            lambda watched: self._child.run(
                read_photo, opening.path, preset, chosen, progress=watched
            ),
            done,
            failed=lambda error: self.trouble.emit(sentence_of(error)),
            lane=_LANE,
        )

    def close(self) -> None:
        self._child.close()

    def _opened(self) -> None:
        self._ready, self._maps, self._phrases = False, None, ()
        self._tasks.forget(_LANE)
        contents = self._state.facts.contents
        if contents is not None and contents.picture is not None:
            self._paint()
            self.read()

    def _ask(self) -> None:
        contents, text = self._state.facts.contents, self._state.choices.text
        if contents is None or contents.picture is None:
            return
        try:
            query = parse(text) if text.strip() else None
            phrases = phrases_in(text)
        except LabelError as error:
            self._state.learn(query=None, trouble=str(error.what))
            return
        self._state.learn(query=query, trouble="")
        if not phrases:
            self._take((), None)
        elif self._ready:
            self._tasks.run(
                "Asking the photo",
                lambda watched: self._child.run(ask_photo, phrases, progress=watched),
                lambda maps: self._take(phrases, maps),
                failed=lambda error: self._state.learn(trouble=sentence_of(error)),
                lane=_LANE,
                shown=False,
            )

    def _take(self, phrases: tuple[str, ...], maps: Maps | None) -> None:
        self._phrases, self._maps = phrases, maps
        self._paint()

    def _paint(self) -> None:
        contents, choices = self._state.facts.contents, self._state.choices
        if contents is None or contents.picture is None:
            return
        maps, look, query = self._maps, choices.look, choices.query
        entries = legend_of(self._phrases, look)
        bar = None if maps is None else bar_of(self._phrases, maps, look, query)
        self._state.learn(
            painted=PaintedPhoto(paint_picture(contents.picture, maps, look, query)),
            painting=Painting(_NO_POINTS, entries, bar),
        )
