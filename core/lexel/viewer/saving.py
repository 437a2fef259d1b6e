"""Writes what is shown and chosen: pictures, films, points, recipes; all in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from lexel.errors import InputError
from lexel.io.recipes import save_recipe
from lexel.query.paint import Paint
from lexel.scene import FieldPoints
from lexel.viewer.canvas import Canvas
from lexel.viewer.drawing.camera import Camera
from lexel.viewer.drawing.scenery import Dress, Scenery
from lexel.viewer.events import Event
from lexel.viewer.exporting import export_points
from lexel.viewer.filming import camera_path, save_film, save_picture, turntable
from lexel.viewer.opener import sentence_of
from lexel.viewer.recipes import recipe_of
from lexel.viewer.state import ViewerState
from lexel.viewer.tasks import Tasks
from lexel.viewer.watching import Watched


class Saving:
    """Files of what a canvas shows.

    Attributes:
        kept: views that a film goes through.
        saved, trouble: emit a sentence for people.
    """

    def __init__(self, state: ViewerState, tasks: Tasks, canvas: Canvas) -> None:
        self._state, self._tasks, self._canvas = state, tasks, canvas
        self.kept: list[Camera] = []
        self.saved: Event[str] = Event()
        self.trouble: Event[str] = Event()

    @property
    def possible(self) -> bool:
        """Whether there is a picture."""
        return self._canvas.scenery is not None and self._canvas.shot is not None

    def picture(self, path: Path, width_px: int, *, transparent: bool) -> None:
        """A `.png` so many pixels wide, as high as the window has it."""
        scenery, paint, dressed = self._shown(width_px)
        if transparent:
            dressed = replace(dressed, background=None)
        self._write("Saving", lambda _: save_picture(path, scenery, paint, dressed))

    def turntable(self, path: Path, width_px: int, seconds: float) -> None:
        """An `.mp4` once around what the camera turns about."""
        scenery, paint, dressed = self._shown(width_px)
        navigator = self._canvas.navigator
        assert navigator is not None, "there is a picture"
        cameras = turntable(scenery.camera, navigator.pivot_m, seconds)
        self._film(path, cameras, scenery, paint, dressed)

    def path_film(self, path: Path, width_px: int, seconds: float) -> None:
        """An `.mp4` through the kept views.

        Raises:
            InputError: there are fewer than two.
        """
        scenery, paint, dressed = self._shown(width_px)
        keys = [key.resized(scenery.camera.size_px) for key in self.kept]
        self._film(path, camera_path(keys, seconds), scenery, paint, dressed)

    def keep_view(self) -> None:
        """The next film goes through here."""
        if self._canvas.camera is not None:
            self.kept.append(self._canvas.camera)
            self.saved.emit(f"Kept view {len(self.kept)} for a film.")

    def selection(self, path: Path) -> None:
        """The selected points."""
        points, ids = self._points(), self._state.choices.selection.ids
        self._write("Exporting", lambda _: export_points(path, points, ids))

    def recipe(self, path: Path) -> None:
        """What is shown, to be replayed.

        Raises:
            InputError: no field is open.
        """
        state, camera = self._state, self._canvas.camera
        if state.field is None or camera is None:
            raise InputError("a recipe is of a field", do="Open one, or make this askable first.")
        recipe = recipe_of(state.field, state.choices, state.facts.query, camera, path)
        self._write("Saving", lambda _: save_recipe(path, recipe))

    def _points(self) -> FieldPoints:
        field, contents = self._state.field, self._state.facts.contents
        if field is not None:
            return field.points
        assert contents is not None, "something is open"
        return FieldPoints(contents.xyz_m, contents.rgb, np.zeros(len(contents.xyz_m), np.int32))

    def _shown(self, width_px: int) -> tuple[Scenery, Paint, Dress]:
        scenery, shot = self._canvas.scenery, self._canvas.shot
        assert scenery is not None and shot is not None, "there is a picture"
        width, height = scenery.camera.size_px
        size_px = width_px, max(1, round(width_px * height / width))
        discs = replace(scenery.discs, radius_px=scenery.discs.radius_px * width_px / width)
        larger = replace(scenery, camera=scenery.camera.resized(size_px), discs=discs)
        return larger, shot.paint, replace(self._canvas.dressed, selected=None)

    def _film(
        self, path: Path, cameras: list[Camera], scenery: Scenery, paint: Paint, dressed: Dress
    ) -> None:
        self._write(
            "Filming",
            lambda watched: save_film(path, cameras, scenery, paint, dressed, watched),
        )

    def _write(self, name: str, write: Callable[[Watched], Path]) -> None:
        self._tasks.run(
            name,
            write,
            lambda path: self.saved.emit(f"Wrote {path}"),
            failed=lambda error: self.trouble.emit(sentence_of(error)),
        )
