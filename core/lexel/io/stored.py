"""Reading back the folder `NAME.lexel/` that `write_answer` writes (`io/results.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.clouds import points_of, read_ply
from lexel.io.json_files import read_json_object
from lexel.io.layers import load_layer
from lexel.io.listed_files import check_listed
from lexel.io.names import is_safe_name
from lexel.scene import AnswerKind, Colour

FORMAT = 1
MANIFEST = "result.json"
POINTS = "points.ply"
SCENE = "scene.ply"
LABELS = "labels/labels.json"


@dataclass(frozen=True, eq=False)
class Entry:
    """One label or description as the folder holds it; `name` is its safe file name.

    `points_m` (N, 3) float32 and `score` (N,) float32, both with N = 0 when nothing was found.
    """

    name: str
    text: str
    kind: AnswerKind
    colour: Colour
    points_m: npt.NDArray[np.float32]
    score: npt.NDArray[np.float32]

    @property
    def empty(self) -> bool:
        return len(self.points_m) == 0

    @property
    def layer_name(self) -> str:
        return f"{self.kind.value}/{self.name}"

    @property
    def layer_file(self) -> str:
        return f"layers/{self.kind.value}-{self.name}.safetensors"

    @property
    def geometry_files(self) -> list[str]:
        """What `labels/` holds of it."""
        suffixes = {AnswerKind.COMPLETION: (".obj", ".mtl"), AnswerKind.LOCALISATION: (".ply",)}
        return [] if self.empty else [f"labels/{self.name}{end}" for end in suffixes[self.kind]]


@dataclass(frozen=True, eq=False)
class StoredResult:
    """A result folder whose manifest and file sizes have been checked.

    Attributes:
        folder: where it lies.
        manifest: `result.json` as it is; `runs` holds one item per kind of answer.
        labels: safe file name -> {text, kind, colour, empty}, as in `labels/labels.json`.
    """

    folder: Path
    manifest: dict[str, Any]
    labels: dict[str, dict[str, Any]]

    @property
    def kinds(self) -> list[AnswerKind]:
        return [AnswerKind(kind) for kind in self.manifest["runs"]]

    @property
    def world_from_source(self) -> npt.NDArray[np.float64]:
        return np.array(self.manifest["world_from_source"], np.float64)

    @property
    def scene_name(self) -> str:
        return str(self.manifest["name"])

    @property
    def meaningless(self) -> bool:
        return bool(self.manifest["meaningless"])

    @property
    def layer_names(self) -> dict[str, str]:
        """Name and text of every layer, without reading any."""
        return {
            f"{label['kind']}/{name}": label["text"]
            for name, label in self.labels.items()
            if label["kind"] in self.manifest["runs"] and not label["empty"]
        }

    def scene_points_m(self) -> npt.NDArray[np.float32]:
        """(M, 3) the observed cloud."""
        return points_of(read_ply(self.folder / SCENE))

    def entries(self, kind: AnswerKind) -> list[Entry]:
        """The labels or descriptions of one kind, with points and scores."""
        points_m = points_of(read_ply(self.folder / POINTS))
        chosen = {name: label for name, label in self.labels.items() if label["kind"] == kind}
        return [self._entry(name, label, points_m) for name, label in chosen.items()]

    def _entry(self, name: str, label: dict[str, Any], points_m: npt.NDArray[np.float32]) -> Entry:
        none = np.zeros(0, np.float32)
        red, green, blue = label["colour"]
        entry = Entry(
            name, label["text"], AnswerKind(label["kind"]), (red, green, blue), points_m[:0], none
        )
        if label["empty"]:
            return entry
        layer = load_layer(self.folder / entry.layer_file, len(points_m))
        found = points_m if layer.index is None else points_m[layer.index]
        return Entry(name, entry.text, entry.kind, entry.colour, found, layer.score)


def open_result(folder: Path) -> StoredResult:
    """Open what `write_answer` wrote; a `SceneError` says what is wrong with it."""
    manifest = read_json_object(folder / MANIFEST)
    if manifest.get("format") != FORMAT:
        raise SceneError(
            "the results are of another version of Lexel",
            where=folder / MANIFEST,
            got=manifest.get("format"),
            do="Use the version that wrote them.",
        )
    _check_keys(manifest, folder / MANIFEST)
    check_listed(manifest["files"], folder)
    if missing := {POINTS, SCENE, LABELS} - set(manifest["files"]):
        raise SceneError("files are not listed", where=folder / MANIFEST, got=sorted(missing))
    labels = read_json_object(folder / LABELS)
    for name, label in labels.items():
        _check_label_entry(name, label, folder / LABELS)
    return StoredResult(folder, manifest, labels)


def _check_keys(manifest: dict[str, Any], where: Path) -> None:
    expected = {"name": str, "runs": dict, "files": dict, "layers": list, "world_from_source": list}
    for key, kind in expected.items():
        if not isinstance(manifest.get(key), kind):
            raise SceneError(f"'{key}' is missing or of the wrong kind", where=where)
    if not isinstance(manifest.get("meaningless"), bool):
        raise SceneError("'meaningless' is missing or of the wrong kind", where=where)
    if not set(manifest["runs"]) <= {kind.value for kind in AnswerKind}:
        raise SceneError("'runs' names an unknown kind of answer", where=where)
    try:
        matrix = np.array(manifest["world_from_source"], np.float64)
    except (TypeError, ValueError) as error:
        raise SceneError("'world_from_source' is no matrix", where=where) from error
    if matrix.shape != (4, 4) or not np.isfinite(matrix).all():
        raise SceneError("'world_from_source' is no 4x4 matrix of numbers", where=where)


def _check_label_entry(name: str, label: object, where: Path) -> None:
    good = (
        is_safe_name(name)
        and isinstance(label, dict)
        and isinstance(label.get("text"), str)
        and label.get("kind") in {kind.value for kind in AnswerKind}
        and isinstance(label.get("empty"), bool)
        and _is_colour(label.get("colour"))
    )
    if not good:
        raise SceneError("an entry is not as Lexel writes it", where=where, got=name)


def _is_colour(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and all(type(part) is int and 0 <= part <= 255 for part in value)
    )
