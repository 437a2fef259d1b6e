"""`field.json`: what a field says of itself, and the size and sha256 of every other file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.fields.info_json import info_from_json, info_to_json
from lexel.io.fields.layout import (
    EVIDENCE,
    FORMAT,
    LAYERS,
    MANIFEST,
    MAX_CODES,
    MAX_POINTS,
    PHRASE_VECTORS,
    PHRASES,
    REQUIRED,
    VIEWS,
)
from lexel.io.fields.migrations import migrate
from lexel.io.json_files import read_json_object
from lexel.io.names import safe_name
from lexel.io.typed_json import JsonObject
from lexel.scene import FieldInfo, LayerNote

# Files that mean nothing without another.
_NEEDS = {PHRASES: PHRASE_VECTORS, PHRASE_VECTORS: PHRASES, EVIDENCE: VIEWS}
_MAX_TIER = 9
# A layer that is replaced takes its file with it: this must be no other file, here or elsewhere.
_LAYER_FILE = re.compile(rf"{LAYERS}/[^/\\:\0]+\.safetensors")


@dataclass(frozen=True)
class LayerEntry:
    """A layer as `field.json` lists it: the note, and the file with the scores."""

    note: LayerNote
    file: str


@dataclass(frozen=True, eq=False)
class FieldManifest:
    """`field.json`, typed.

    Attributes:
        bounds: (2, 3) lower and upper corner of the points, metres.
        files: name in the folder -> {"bytes", "sha256"}.
    """

    info: FieldInfo
    num_points: int
    num_codes: int
    bounds: npt.NDArray[np.float64]
    layers: tuple[LayerEntry, ...]
    files: Mapping[str, Mapping[str, Any]]


def manifest_to_json(manifest: FieldManifest) -> dict[str, Any]:
    """The content of `field.json`, in the order of `spec/formats.md`."""
    return {
        "format": FORMAT,
        **info_to_json(manifest.info),
        "num_points": manifest.num_points,
        "num_codes": manifest.num_codes,
        "bounds": manifest.bounds.tolist(),
        "layers": [layer_to_json(entry) for entry in manifest.layers],
        "files": {name: dict(facts) for name, facts in manifest.files.items()},
    }


def layer_to_json(entry: LayerEntry) -> dict[str, Any]:
    """One item of `layers`."""
    note = entry.note
    return {
        "name": note.name,
        "file": entry.file,
        "tier": int(note.tier),
        "text": note.text,
        "network": note.network,
        "range": [float(score) for score in note.range],
    }


def layer_from_json(data: JsonObject) -> LayerEntry:
    """The same as a value; a `SceneError` names the key that is wrong."""
    lower, upper = data.array("range", (2,)).tolist()
    if lower > upper:
        raise data.wrong("range", "should be the smallest and the largest score")
    note = LayerNote(
        name=data.text("name"),
        tier=data.whole("tier", 0, _MAX_TIER),
        text=data.text("text"),
        network=data.optional_text("network"),
        range=(lower, upper),
    )
    file = data.text("file")
    if not _LAYER_FILE.fullmatch(file):
        raise data.wrong("file", f"should be {LAYERS}/NAME.safetensors")
    return LayerEntry(note, file)


def manifest_from_json(data: JsonObject) -> FieldManifest:
    """A typed manifest; a `SceneError` names the key that is wrong. No other file is looked at."""
    bounds = data.array("bounds", (2, 3))
    if (bounds[0] > bounds[1]).any():
        raise data.wrong("bounds", "should be the lower and the upper corner")
    entries = data.objects("layers")
    files = _files_from_json(data, [entry.text("file") for entry in entries])
    layers = tuple(layer_from_json(entry) for entry in entries)
    names = [entry.note.name for entry in layers]
    if len(set(names)) != len(names):
        raise data.wrong("layers", "should have names different from each other")
    return FieldManifest(
        info=info_from_json(data),
        num_points=data.whole("num_points", 1, MAX_POINTS),
        num_codes=data.whole("num_codes", 1, MAX_CODES),
        bounds=bounds,
        layers=layers,
        files=files,
    )


def layer_file(name: str, taken: Iterable[str] = ()) -> str:
    """Where a new layer is kept; `taken` are files that it must not be."""
    stems = [PurePosixPath(file).stem for file in taken]
    return f"{LAYERS}/{safe_name(name, stems)}.safetensors"


def read_manifest(folder: Path) -> FieldManifest:
    """`field.json`, checked; the files that it lists are not looked at."""
    path = folder / MANIFEST
    if not path.is_file():
        raise _no_field(folder)
    data = migrate(read_json_object(path), path)
    return manifest_from_json(JsonObject(data, path))


def _no_field(folder: Path) -> SceneError:
    if (folder / "result.json").is_file():
        what, do = (
            "holds results of complete or locate, no field",
            "Build one: lexel build SCENE --out F.lexel",
        )
    elif folder.exists():
        what, do = f"is no field: it has no {MANIFEST}", "Give the folder NAME.lexel of a field."
    else:
        what, do = "does not exist", "Give the folder NAME.lexel of a field."
    return SceneError(what, where=folder, do=do)


def _files_from_json(data: JsonObject, layer_files: list[str]) -> dict[str, Any]:
    listed = data.inner("files")
    files = dict(listed.value)
    needed = {*REQUIRED, *layer_files, *(_NEEDS[name] for name in files if name in _NEEDS)}
    if missing := sorted(needed - set(files)):
        raise data.wrong("files", f"does not list {', '.join(missing)}")
    for name in files:
        facts = listed.inner(name)
        facts.whole("bytes", 0, 2**62)
        facts.text("sha256")
    return files
