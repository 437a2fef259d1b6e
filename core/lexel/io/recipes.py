"""Recipes on disk: JSON that the viewer writes, and figures and Blender replay.

The format is fixed by `spec/formats.md`; a key it does not know is an error, so that nobody gets a
figure that silently lacks what was asked for.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lexel.errors import SceneError
from lexel.io.atomic import replacing_file
from lexel.io.check_camera import check_rigid
from lexel.io.json_files import read_json_object, write_json
from lexel.io.typed_json import JsonObject
from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import TRANSPARENT, Look, Mode, Projection, Recipe, RecipeCamera

VERSION = 1
_KEYS = {
    "recipe": "recipe field queries negatives balance mode layer range colour_map over_rgb "
    "background camera size_px point_radius_m legend overlays",
    "field": "path sha256",
    "camera": "world_from_camera projection K scale_m",
}
_MAX_SIDE_PX = 16384
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_FARTHEST_M = 1e6


def save_recipe(path: Path, recipe: Recipe) -> Path:
    """Write a recipe; the file is whole or not there."""
    with replacing_file(path) as temporary:
        write_json(temporary, _as_json(recipe))
    return path


def load_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        SceneError: it is none, or a key is unknown, missing or of the wrong kind.
    """
    facts = JsonObject(read_json_object(path), path)
    facts.whole("recipe", VERSION, VERSION)
    _refuse_unknown(facts, "recipe")
    field = facts.inner("field")
    _refuse_unknown(field, "field")
    size = facts.wholes("size_px", 1, _MAX_SIDE_PX)
    if len(size) != 2:
        raise facts.wrong("size_px", "should be a width and a height")
    return Recipe(
        field=field.text("path"),
        field_sha256=field.optional_text("sha256") or "",
        queries=facts.texts("queries"),
        negatives=None if facts.value.get("negatives") is None else facts.texts("negatives"),
        balance=facts.number("balance", 0, 1),
        look=_read_look(facts),
        background=_read_background(facts),
        camera=read_camera(facts.optional_inner("camera")),
        size_px=(size[0], size[1]),
        point_radius_m=_optional_number(facts, "point_radius_m", 1e-6),
        legend=_read_bool(facts, "legend"),
        overlays=facts.texts("overlays"),
    )


def _read_look(facts: JsonObject) -> Look:
    limits = None if facts.value.get("range") is None else facts.array("range", (2,))
    return Look(
        mode=Mode(_one_of(facts, "mode", [mode.value for mode in Mode])),
        layer=facts.optional_text("layer"),
        range=None if limits is None else (float(limits[0]), float(limits[1])),
        colour_map=_one_of(facts, "colour_map", RAMPS),
        over_rgb=facts.number("over_rgb", 0, 1),
    )


def read_camera(facts: JsonObject | None) -> RecipeCamera | None:
    """A camera, as recipes and sessions store it.

    Raises:
        SceneError: it is none.
    """
    if facts is None:
        return None
    _refuse_unknown(facts, "camera")
    pose = facts.array("world_from_camera", (4, 4))
    check_rigid(pose, f"{facts.path}, camera.world_from_camera")
    kind = Projection(_one_of(facts, "projection", [kind.value for kind in Projection]))
    if kind is Projection.ORTHOGRAPHIC:
        return RecipeCamera(pose, scale_m=facts.number("scale_m", 1e-6, _FARTHEST_M))
    intrinsics = facts.array("K", (3, 3))
    if not (intrinsics[0, 0] > 0 and intrinsics[1, 1] > 0):
        raise facts.wrong("K", "should have positive focal lengths")
    return RecipeCamera(pose, intrinsics)


def _read_background(facts: JsonObject) -> str:
    background = facts.text("background")
    if background != TRANSPARENT and not _COLOUR.fullmatch(background):
        raise facts.wrong("background", f'should be "{TRANSPARENT}" or "#rrggbb"')
    return background


def _read_bool(facts: JsonObject, key: str) -> bool:
    value = facts.value.get(key)
    if not isinstance(value, bool):
        raise facts.wrong(key, "should be true or false")
    return value


def _optional_number(facts: JsonObject, key: str, least: float) -> float | None:
    return None if facts.value.get(key) is None else facts.number(key, least, _FARTHEST_M)


def _one_of(facts: JsonObject, key: str, known: Any) -> str:
    value = facts.text(key)
    if value not in known:
        raise facts.wrong(key, f"should be one of {', '.join(known)}")
    return value


def _refuse_unknown(facts: JsonObject, kind: str) -> None:
    unknown = sorted(set(facts.value) - set(_KEYS[kind].split()))
    if unknown:
        raise SceneError(
            f"the recipe has a key that is not known: '{facts.place}{unknown[0]}'",
            where=facts.path,
            do=f"Known here are: {', '.join(_KEYS[kind].split())}.",
        )


def _as_json(recipe: Recipe) -> dict[str, Any]:
    look = recipe.look
    return {
        "recipe": VERSION,
        "field": {"path": recipe.field, "sha256": recipe.field_sha256},
        "queries": list(recipe.queries),
        "negatives": None if recipe.negatives is None else list(recipe.negatives),
        "balance": recipe.balance,
        "mode": look.mode.value,
        "layer": look.layer,
        "range": None if look.range is None else list(look.range),
        "colour_map": look.colour_map,
        "over_rgb": look.over_rgb,
        "background": recipe.background,
        "camera": None if recipe.camera is None else camera_json(recipe.camera),
        "size_px": list(recipe.size_px),
        "point_radius_m": recipe.point_radius_m,
        "legend": recipe.legend,
        "overlays": list(recipe.overlays),
    }


def camera_json(camera: RecipeCamera) -> dict[str, Any]:
    """What `read_camera` reads, as plain values."""
    seen: dict[str, Any] = {"scale_m": camera.scale_m}
    if camera.intrinsics is not None:
        seen = {"K": camera.intrinsics.tolist()}
    return {
        "world_from_camera": camera.world_from_camera.tolist(),
        "projection": camera.projection.value,
        **seen,
    }
