"""From a recipe and its field to a stage, and the key that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.geometry.spacing import radius_that_closes
from lexel.pipelines.ask import AskableField
from lexel.pipelines.painting import paint_recipe
from lexel.query.colour import expand
from lexel.query.paint import Painting
from lexel.render.figure_key import HIDDEN, INFERRED, Key, draw_key, ink_on, on_card
from lexel.render.figure_view import Sight, shot_of_camera, shots_around
from lexel.render.overlays import Overlay, make_overlay
from lexel.render.presets import Format
from lexel.render.score_ramp import fade_colours
from lexel.render.stage import Cloud, Shot, Stage, Style
from lexel.scene import Colour, Origin
from lexel.scene.colour_ramp import ramp_table
from lexel.scene.palette import label_colours
from lexel.scene.recipe import TRANSPARENT, Mode, Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

_KEY_SHARE = 0.34  # of the picture's width, at most
_CONTEXT_FADE = 0.55  # of points that only tell where overlays are
_HATCH = 0.55  # of the text's size: distance of lines
_OBVIOUS = 0.5  # of heat, from where on a point is what was asked for


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
    field: AskableField,
    recipe: Recipe,
    form: Format,
    style: Style,
    *,
    num_frames: int = 1,
    path: Sequence[npt.NDArray[np.float64]] = (),
    cutaway: bool | None = None,
) -> Plan:
    """Everything that a figure needs.

    Args:
        form: size of picture and letters.
        num_frames: more than one turn the scene.
        path: world_from_camera (4, 4) of each frame, in place of the turn.
        cutaway: whether to leave out near walls and ceilings; None: if the recipe has no camera.

    Raises:
        InputError: the recipe asks for what the field has not.
    """
    painting = paint_recipe(field, recipe)
    overlays = _overlays(field, recipe, len(painting.entries))
    cloud, shown = _cloud(field, recipe, painting, overlays)
    background = _colour(recipe.background)
    key = _key(painting, overlays, recipe, form, background)
    free_px = form.size_px[0] - (key.width + 2 * form.text_px if key else 0)
    sight = _sight(field, cloud, _interest(painting)[shown], overlays)
    views = _shots(recipe, sight, form.size_px, free_px, num_frames, path)
    if cutaway is not None:
        views = [replace(view, cutaway=cutaway) for view in views]
    located = _located(overlays)
    shots = tuple(shot for view in views for shot in _with_located(view, located))
    meshes = tuple(overlay.mesh for overlay in overlays if overlay.mesh is not None)
    return Plan(
        Stage(shots, cloud, meshes, style, _HATCH * form.text_px),
        bool(located),
        _placed(key, form, over_picture=recipe.camera is not None),
        background,
        max(1, round(form.text_px / 7)),
        field.stored.info.encoder.untrained,
    )


def _overlays(field: AskableField, recipe: Recipe, taken: int) -> list[Overlay]:
    """The recipe's overlays, in colours that no label has."""
    if not recipe.overlays:
        return []
    points = field.points
    seen = points.xyz_m if points.origin is None else points.xyz_m[_is_seen(points.origin)]
    colours = label_colours(taken + len(recipe.overlays))[taken:]
    pairs = zip(recipe.overlays, colours, strict=True)
    return [make_overlay(field.stored, name, colour, seen) for name, colour in pairs]


def _is_seen(origin: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    return np.asarray(origin == Origin.OBSERVED)


def _cloud(
    field: AskableField, recipe: Recipe, painting: Painting, overlays: Sequence[Overlay]
) -> tuple[Cloud, npt.NDArray[np.intp]]:
    """The points that were seen, less those that an overlay covers; and their numbers.

    Points that a network filled in come as overlays only, where they can be marked as such.
    """
    points = field.points
    seen = np.ones(len(points), np.bool_) if points.origin is None else _is_seen(points.origin)
    shown = np.flatnonzero(seen)
    xyz_m = np.ascontiguousarray(points.xyz_m[shown])
    radius_m = recipe.point_radius_m or radius_that_closes(xyz_m)
    free = ~_covered(xyz_m, overlays)
    shown, xyz_m = shown[free], xyz_m[free]
    rgb = painting.paint.colours(shown)
    if overlays and (recipe.look.mode is Mode.RGB or (not painting.entries and not painting.bar)):
        rgb = fade_colours(rgb, _CONTEXT_FADE)
    normals = None if points.normals is None else np.ascontiguousarray(points.normals[shown])
    return Cloud(xyz_m, rgb, radius_m, normals), shown


def _covered(xyz_m: npt.NDArray[np.float32], overlays: Sequence[Overlay]) -> npt.NDArray[np.bool_]:
    """Points within a surface that completes them: both would be seen, in patches."""
    from scipy.spatial import KDTree

    covered = np.zeros(len(xyz_m), np.bool_)
    for overlay in overlays:
        if overlay.mesh is not None and not overlay.located:
            tree = KDTree(overlay.points_m)
            near, _ = tree.query(xyz_m, distance_upper_bound=0.6 * overlay.reach_m)
            covered |= np.asarray(near < np.inf, np.bool_)
    return covered


def _sight(
    field: AskableField,
    cloud: Cloud,
    interest: npt.NDArray[np.float32],
    overlays: Sequence[Overlay],
) -> Sight:
    """What a default view should show: the cloud, and all of the overlays."""
    over_m = np.concatenate([np.zeros((0, 3), np.float32), *(o.points_m for o in overlays)])
    normals = np.zeros_like(cloud.points_m) if cloud.normals is None else cloud.normals
    return Sight(
        np.concatenate([cloud.points_m, over_m]),
        np.concatenate([normals, np.zeros_like(over_m)]),
        cloud.radius_m,
        np.concatenate([interest, *(overlay.news for overlay in overlays)]),
        field.stored.info.forward if field.stored.num_views == 1 else None,
    )


def _interest(painting: Painting) -> npt.NDArray[np.float32]:
    """(N,) 0..1, how much each point was asked for: its heat, or whether it has a label."""
    table = painting.paint.table
    value = table[:, 3].astype(np.float64) / 255
    if painting.bar is not None:
        level = _levels(table[:, :3], painting.bar.colour_map)
        value *= np.clip((level - _OBVIOUS) / (1 - _OBVIOUS), 0, 1)
    return expand(value.astype(np.float32), painting.paint.index)


def _levels(rgb: npt.NDArray[np.uint8], ramp: str) -> npt.NDArray[np.float64]:
    """Where in a colour map colours stand, 0..1."""
    packed, known = (c.astype(np.int64) @ [1 << 16, 1 << 8, 1] for c in (rgb, ramp_table(ramp)))
    order = np.argsort(known, kind="stable")
    place = np.searchsorted(known[order], packed).clip(0, len(known) - 1)
    return np.asarray(order[place] / (len(known) - 1))


def _key(
    painting: Painting,
    overlays: Sequence[Overlay],
    recipe: Recipe,
    form: Format,
    background: Colour | None,
) -> Image | None:
    inferred = any(o.mesh is not None and o.mesh.inferred.any() for o in overlays)
    notes = [INFERRED] * inferred + [HIDDEN] * any(o.located for o in overlays)
    entries = (*painting.entries, *(overlay.entry for overlay in overlays))
    key = Key(entries, painting.bar, tuple(notes))
    if not recipe.legend or key.empty:
        return None
    width, height = form.size_px
    room = round(_KEY_SHARE * width), max(1, height - 2 * form.text_px)
    ink = ink_on(None if recipe.camera is not None else background)  # on a light card else
    drawn = draw_key(key, form.text_px, room, ink)
    return on_card(drawn, form.text_px // 2) if recipe.camera is not None else drawn


def _placed(
    key: Image | None, form: Format, *, over_picture: bool
) -> tuple[Image, tuple[int, int]] | None:
    """Right; over a picture in its upper corner, beside it half-way up."""
    if key is None:
        return None
    x = form.size_px[0] - key.width - form.text_px
    y = form.text_px if over_picture else (form.size_px[1] - key.height) // 2
    return key, (x, y)


def _shots(
    recipe: Recipe,
    sight: Sight,
    size_px: tuple[int, int],
    free_px: int,
    num_frames: int,
    path: Sequence[npt.NDArray[np.float64]],
) -> list[Shot]:
    if recipe.camera is not None:
        own = shot_of_camera(recipe.camera, recipe.size_px, size_px)
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


def _colour(background: str) -> Colour | None:
    if background == TRANSPARENT:
        return None
    red, green, blue = bytes.fromhex(background.removeprefix("#"))
    return red, green, blue
