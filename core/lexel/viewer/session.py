"""A session: what is open and how it is shown, as JSON that a later start can restore."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_object, write_json
from lexel.io.recipes import camera_json, read_camera
from lexel.io.typed_json import JsonObject
from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import Mode
from lexel.viewer.choices import (
    Choices,
    ClipBox,
    ExampleChoice,
    PickedCodes,
    PictureVector,
    Selection,
)
from lexel.viewer.drawing.camera import Camera, from_recipe

FORMAT = 1
_MOST_IDS_BYTES = 8 * (1 << 28)
_LARGEST, _WIDEST_PX = 1 << 31, 1 << 15


@dataclass(frozen=True, eq=False)
class Session:
    """What a window showed.

    Attributes:
        opened: the file or folder; None: nothing was open.
        results: folders of completion and localisation that were shown over it.
        choices: all that the user set.
        size_px: of the window.
    """

    opened: Path | None = None
    results: tuple[Path, ...] = ()
    choices: Choices = field(default_factory=Choices)
    size_px: tuple[int, int] = (1280, 800)


def save_session(file: Path, session: Session) -> None:
    """Write it; the file is whole or as it was."""
    with replacing_file(file) as temporary:
        write_json(temporary, session_json(session))


def load_session(file: Path) -> Session:
    """Read it.

    Raises:
        SceneError: it is none.
    """
    return read_session(JsonObject(read_json_object(file), file))


def session_json(session: Session) -> dict[str, Any]:
    """Plain values; equal for sessions that are."""
    return {
        "session": FORMAT,
        "opened": None if session.opened is None else str(session.opened),
        "results": [str(folder) for folder in session.results],
        "size_px": list(session.size_px),
        "choices": _choices_json(session.choices),
    }


def read_session(facts: JsonObject) -> Session:
    """What `session_json` gave."""
    facts.whole("session", FORMAT, FORMAT)
    opened = facts.optional_text("opened")
    width, height = facts.array("size_px", (2,))
    return Session(
        opened=None if opened is None else Path(opened),
        results=tuple(map(Path, facts.texts("results"))),
        choices=_read_choices(facts.inner("choices")),
        size_px=(int(width), int(height)),
    )


def _choices_json(choices: Choices) -> dict[str, Any]:
    same = (
        "text compare negatives balance query layer tier threshold heat_range colour_map over_rgb "
        "point_size isolated show_inferred see_inside overlays"
    )
    clip, camera = choices.clip, choices.camera
    return {
        **{name: getattr(choices, name) for name in same.split()},
        "mode": choices.mode.value,
        "examples": [_example_json(example) for example in choices.examples],
        "clip": None if clip is None else [clip.lower, clip.upper],
        "camera": None if camera is None else camera_json(camera.as_recipe()),
        "camera_px": None if camera is None else list(camera.size_px),
        "selection": {"name": choices.selection.name, "ids": _packed(choices.selection.ids)},
    }


def _read_choices(facts: JsonObject) -> Choices:
    given = facts.value
    limits, clip = given.get("heat_range"), given.get("clip")
    return Choices(
        text=facts.text("text"),
        compare=facts.optional_text("compare"),
        examples=tuple(map(_read_example, facts.objects("examples"))),
        negatives=None if given.get("negatives") is None else facts.texts("negatives"),
        balance=facts.number("balance", 0, 1),
        query=facts.whole("query", 0, _LARGEST),
        mode=Mode(_one_of(facts, "mode", [mode.value for mode in Mode])),
        layer=facts.optional_text("layer"),
        tier=None if given.get("tier") is None else facts.whole("tier", 1, 3),
        threshold=None if given.get("threshold") is None else facts.number("threshold"),
        heat_range=None if limits is None else _pair(facts.array("heat_range", (2,))),
        colour_map=_one_of(facts, "colour_map", list(RAMPS)),
        over_rgb=facts.number("over_rgb", 0, 1),
        point_size=facts.number("point_size"),
        clip=None if clip is None else _box(facts.array("clip", (2, 3))),
        camera=_read_camera(facts),
        selection=_read_selection(facts.inner("selection")),
        isolated=_flag(facts, "isolated"),
        show_inferred=_flag(facts, "show_inferred"),
        see_inside=_flag(facts, "see_inside"),
        overlays=facts.texts("overlays"),
    )


def _read_camera(facts: JsonObject) -> Camera | None:
    recipe = read_camera(facts.optional_inner("camera"))
    if recipe is None:
        return None
    width, height = facts.wholes("camera_px", 1, _WIDEST_PX)
    return from_recipe(recipe, (width, height))


def _example_json(example: ExampleChoice) -> dict[str, Any]:
    if isinstance(example, PickedCodes):
        return {"name": example.name, "codes": example.codes, "counts": example.counts}
    return {"name": example.name, "visual": example.visual}


def _read_example(facts: JsonObject) -> ExampleChoice:
    name = facts.text("name")
    if "visual" in facts.value:
        size = len(facts.value["visual"]) if isinstance(facts.value["visual"], list) else 0
        return PictureVector(name, tuple(facts.array("visual", (size,)).tolist()))
    codes, counts = (facts.wholes(key, 0, _LARGEST) for key in ("codes", "counts"))
    if len(codes) != len(counts):
        raise facts.wrong("counts", "should be one for each code")
    return PickedCodes(name, codes, counts)


def _packed(ids: npt.NDArray[np.int64]) -> str:
    """A selection may be millions of points."""
    return base64.b64encode(zlib.compress(ids.astype("<i8").tobytes(), 1)).decode("ascii")


def _read_selection(facts: JsonObject) -> Selection:
    text = facts.text("ids")
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(text, validate=True), _MOST_IDS_BYTES)
        ids = np.frombuffer(data, "<i8").astype(np.int64)
    except (ValueError, zlib.error) as cause:
        raise SceneError("a selection cannot be read", where=facts.path, got=cause) from cause
    return Selection.of(ids, facts.text("name"))


def _pair(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def _box(values: npt.NDArray[np.float64]) -> ClipBox:
    (a, b, c), (d, e, f) = values.tolist()
    return ClipBox((a, b, c), (d, e, f))


def _one_of(facts: JsonObject, key: str, known: list[str]) -> str:
    value = facts.text(key)
    if value not in known:
        raise facts.wrong(key, f"should be one of {', '.join(known)}")
    return value


def _flag(facts: JsonObject, key: str) -> bool:
    value = facts.value.get(key)
    if not isinstance(value, bool):
        raise facts.wrong(key, "should be true or false")
    return value
