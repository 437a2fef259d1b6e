"""What a figure shows: a recipe's colours on its field, its overlays and the key to them."""

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
from lexel.query.spatial import forward_of_camera
from lexel.render.figure_key import HIDDEN, INFERRED, Key, draw_key, ink_on, on_card
from lexel.render.figure_view import Sight, shots_around
from lexel.render.overlays import Overlay, make_overlay
from lexel.render.presets import Format
from lexel.render.score_ramp import fade_colours
from lexel.render.stage import Cloud
from lexel.scene import Colour, Origin
from lexel.scene.colour_ramp import ramp_table
from lexel.scene.palette import label_colours
from lexel.scene.recipe import TRANSPARENT, Mode, Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

_KEY_SHARE = 0.34  # of the picture's width, at most
_CONTEXT_FADE = 0.55  # of points that only tell where overlays are
_OBVIOUS = 0.5  # of heat, from where on a point is what was asked for
_SMOOTH = 1.25  # spheres that only just close look like beads
_ANY_PX = (160, 100)  # of a picture that nobody sees


@dataclass(frozen=True, eq=False)
class Content:
    """A recipe that was read and asked.

    Attributes:
        recipe: itself.
        cloud: the points that are drawn.
        overlays: layers that are drawn as things of their own.
        sight: what a default view should show.
        key: the legend or colour bar; None without.
        background: None: clear.
        meaningless: made with untrained weights.
    """

    recipe: Recipe
    cloud: Cloud
    overlays: tuple[Overlay, ...]
    sight: Sight
    key: Image | None
    background: Colour | None
    meaningless: bool


def read_content(field: AskableField, recipe: Recipe, form: Format) -> Content:
    """Ask a field what a recipe asks.

    Args:
        form: size of picture and letters.

    Raises:
        InputError: the recipe asks for what the field has not.
    """
    shown, seen = _seen_points(field, recipe)
    viewer = _viewer(field, recipe, seen)
    painting = paint_recipe(field, recipe, viewer)
    overlays = _overlays(field, recipe, len(painting.entries), seen.points_m)
    free = np.flatnonzero(~_covered(seen.points_m, overlays))
    cloud = replace(seen.some(free), rgb=_colours(recipe, painting, shown[free]))
    sight = _sight(field, cloud, _interest(painting)[shown[free]], overlays)
    if viewer is not None:
        sight = replace(sight, along=forward_of_camera(viewer))
    background = _colour(recipe.background)
    key = _drawn(key_of(painting, overlays), recipe, form, background)
    untrained = field.stored.info.encoder.untrained
    return Content(recipe, cloud, overlays, sight, key, background, untrained)


def _seen_points(field: AskableField, recipe: Recipe) -> tuple[npt.NDArray[np.intp], Cloud]:
    """The numbers of the points that a camera saw, and these points in their own colours.

    Points that a network filled in come as overlays only, where they can be marked as such.
    """
    points = field.points
    seen = np.ones(len(points), np.bool_)
    if points.origin is not None:
        seen = np.asarray(points.origin == Origin.OBSERVED)
    shown = np.flatnonzero(seen)
    xyz_m = np.ascontiguousarray(points.xyz_m[shown])
    normals = None if points.normals is None else np.ascontiguousarray(points.normals[shown])
    radius_m = recipe.point_radius_m or _SMOOTH * radius_that_closes(xyz_m)
    return shown, Cloud(xyz_m, field.rgb[shown], radius_m, normals)


def _viewer(field: AskableField, recipe: Recipe, seen: Cloud) -> npt.NDArray[np.float64] | None:
    """(4, 4) world_from_camera of who says left and behind, where neither recipe nor field does.

    It is whoever looks at the figure, so the view is chosen before anything is asked.
    """
    if recipe.camera is not None or not recipe.queries or not field.needs_camera(recipe.text):
        return None
    sight = _sight(field, seen, np.zeros(len(seen.points_m), np.float32), ())
    return shots_around(sight, _ANY_PX, _ANY_PX[0], 1)[0].world_from_camera


def _overlays(
    field: AskableField, recipe: Recipe, taken: int, seen_m: npt.NDArray[np.float32]
) -> tuple[Overlay, ...]:
    """The recipe's overlays, in colours that no label has."""
    colours = label_colours(taken + len(recipe.overlays))[taken:]
    pairs = zip(recipe.overlays, colours, strict=True)
    return tuple(make_overlay(field.stored, name, colour, seen_m) for name, colour in pairs)


def _colours(
    recipe: Recipe, painting: Painting, shown: npt.NDArray[np.intp]
) -> npt.NDArray[np.uint8]:
    """(M, 3) of the points of these numbers; pale if they only tell where overlays are."""
    rgb = painting.paint.colours(shown)
    plain = recipe.look.mode is Mode.RGB or not (painting.entries or painting.bar)
    return fade_colours(rgb, _CONTEXT_FADE) if recipe.overlays and plain else rgb


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


def key_of(painting: Painting, overlays: Sequence[Overlay]) -> Key:
    """What the colours mean, with the notes that are needed."""
    inferred = any(o.mesh is not None and o.mesh.inferred.any() for o in overlays)
    notes = [INFERRED] * inferred + [HIDDEN] * any(o.located for o in overlays)
    entries = (*painting.entries, *(overlay.entry for overlay in overlays))
    return Key(entries, painting.bar, tuple(notes))


def _drawn(key: Key, recipe: Recipe, form: Format, background: Colour | None) -> Image | None:
    """The key; on a card if it may lie over what the recipe's camera sees."""
    if not recipe.legend or key.empty:
        return None
    width, height = form.size_px
    room = round(_KEY_SHARE * width), max(1, height - 2 * form.text_px)
    if recipe.camera is None:
        return draw_key(key, form.text_px, room, ink_on(background))
    return on_card(draw_key(key, form.text_px, room, ink_on(None)), form.text_px // 2)


def _colour(background: str) -> Colour | None:
    if background == TRANSPARENT:
        return None
    red, green, blue = bytes.fromhex(background.removeprefix("#"))
    return red, green, blue
