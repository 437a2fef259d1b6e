"""From what a figure shows to a stage, and where its key lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.render.figure_content import Content
from lexel.render.figure_view import shot_of_camera, shots_around
from lexel.render.overlays import Overlay
from lexel.render.presets import Format
from lexel.render.stage import Shot, Stage, Style
from lexel.scene import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

_HATCH = 0.55  # of the text's size: distance of lines


@dataclass(frozen=True, eq=False)
class Plan:
    """A figure before it is drawn.

    Attributes:
        stage: what Blender draws; a shot for each frame.
        located: behind each comes one of what was located alone, which may be hidden.
        key: the legend or colour bar, and where its upper left corner lies; None without.
        background: None: clear.
        outline_px: width of the line around what is hidden.
        meaningless: made with untrained weights.
    """

    stage: Stage
    located: bool
    key: tuple[Image, tuple[int, int]] | None
    background: Colour | None
    outline_px: int
    meaningless: bool


def plan_figure(
    content: Content,
    form: Format,
    style: Style,
    *,
    beside_px: int | None = None,
    num_frames: int = 1,
    path: Sequence[npt.NDArray[np.float64]] = (),
    cutaway: bool | None = None,
) -> Plan:
    """Everything that a figure needs.

    Args:
        form: size of picture and letters.
        beside_px: columns at the right that are left to keys; None: what the figure's own key
            takes, and none where the recipe's own view fills the picture.
        num_frames: more than one turn the scene.
        path: world_from_camera (4, 4) of each frame, in place of the turn.
        cutaway: whether to leave out near walls and ceilings; None: if the recipe has no camera.

    Raises:
        InputError: the recipe's camera cannot be drawn.
    """
    if beside_px is None:
        own_view = content.recipe.camera is not None and (num_frames == 1 or len(path) > 0)
        beside_px = 0 if own_view else room_of_key(content, form)
    views = _shots(content, form.size_px, form.size_px[0] - beside_px, num_frames, path)
    if cutaway is not None:
        views = [replace(view, cutaway=cutaway) for view in views]
    located = _located(content.overlays)
    shots = tuple(shot for view in views for shot in _with_located(view, located))
    meshes = tuple(overlay.mesh for overlay in content.overlays if overlay.mesh is not None)
    return Plan(
        Stage(shots, content.cloud, meshes, style, _HATCH * form.text_px),
        bool(located),
        _placed(content, form),
        content.background,
        max(1, round(form.text_px / 7)),
        content.meaningless,
    )


def room_of_key(content: Content, form: Format) -> int:
    """Columns that the key takes beside the scene, with the gaps around it."""
    return 0 if content.key is None else content.key.width + 2 * form.text_px


def _placed(content: Content, form: Format) -> tuple[Image, tuple[int, int]] | None:
    """Right; over a camera's picture in its upper corner, beside a scene half-way up."""
    key = content.key
    if key is None:
        return None
    x = form.size_px[0] - key.width - form.text_px
    over_picture = content.recipe.camera is not None
    return key, (x, form.text_px if over_picture else (form.size_px[1] - key.height) // 2)


def _shots(
    content: Content,
    size_px: tuple[int, int],
    free_px: int,
    num_frames: int,
    path: Sequence[npt.NDArray[np.float64]],
) -> list[Shot]:
    recipe, sight = content.recipe, content.sight
    if recipe.camera is not None:
        own = shot_of_camera(recipe.camera, recipe.size_px, size_px, free_px)
        if num_frames == 1 and not path:
            return [own]
    else:
        own = shots_around(sight, size_px, free_px, 1)[0]
    if path:
        return [replace(own, world_from_camera=pose) for pose in path]
    return shots_around(sight, size_px, free_px, num_frames)


def _located(overlays: Sequence[Overlay]) -> tuple[int, ...]:
    """Numbers of the meshes of what was located."""
    meshed = [overlay for overlay in overlays if overlay.mesh is not None]
    return tuple(number for number, overlay in enumerate(meshed) if overlay.located)


def _with_located(shot: Shot, located: tuple[int, ...]) -> list[Shot]:
    """The shot, and one of the located things alone."""
    return [shot, replace(shot, cloud=False, meshes=located)] if located else [shot]
