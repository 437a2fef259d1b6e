"""Lexel's own single-view scene: a folder with `scene.npz` and `scene.json`, no pickle.

`scene.npz`: `rgb` (H, W, 3) uint8, `depth_m` (H, W) float32, `K` (3, 3) with pixel centres at
+0.5, `world_from_camera` (4, 4), world Z up. `scene.json`: format, name, labels, descriptions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.atomic import replacing_folder
from lexel.io.npy import parse_npy
from lexel.io.recording import RawView, Recording, Up
from lexel.io.words_file import FILE_NAME, FORMAT, read_words
from lexel.io.zips import member_names, read_member
from lexel.scene import Scene

ARRAYS_FILE = "scene.npz"
_ARRAYS = ("rgb", "depth_m", "K", "world_from_camera")
_MAX_ARRAY_BYTES = 2**29


def open_view_folder(path: Path) -> Recording:
    """The recording in a folder with `scene.npz`, or in such a file itself."""
    file = path / ARRAYS_FILE if path.is_dir() else path
    names = member_names(file)
    missing = [name for name in _ARRAYS if f"{name}.npy" not in names]
    if missing:
        raise SceneError(f"lacks {', '.join(missing)}", where=file, do="Add what is missing.")
    words = read_words(file.parent)
    return Recording(
        path=path,
        kind="Lexel view",
        name=words.name or file.resolve().parent.name,
        num_views=1,
        up=Up.Z,
        read_view=lambda _: _view(file),
        read_pose=lambda _: _array(file, "world_from_camera"),
        labels=words.labels,
        descriptions=words.descriptions,
        declares_labels=words.declares_labels,
        synthetic=words.synthetic,
    )


def save_view_folder(scene: Scene, folder: str | Path) -> Path:
    """Write a scene's view and words, whole or not at all, over an older one at most."""
    target = Path(folder)
    others = _foreign_content(target)
    if others:
        raise SceneError(
            "holds other things, which would be lost",
            where=target,
            got=", ".join(others[:3]),
            do="Choose a new folder.",
        )
    words = {
        "format": FORMAT,
        "name": scene.name,
        "synthetic": scene.synthetic,
        "labels": list(scene.labels),
        "descriptions": [[d.target, d.relation, d.reference] for d in scene.descriptions],
    }
    with replacing_folder(target) as temporary:
        np.savez_compressed(
            temporary / ARRAYS_FILE,
            rgb=scene.view.rgb,
            depth_m=scene.view.depth_m,
            K=scene.view.intrinsics,
            world_from_camera=scene.view.world_from_camera,
        )
        text = json.dumps(words, ensure_ascii=False, indent=1)
        (temporary / FILE_NAME).write_text(text + "\n", encoding="utf-8", newline="\n")
    return target


def _foreign_content(folder: Path) -> list[str]:
    """What an existing folder holds besides such a scene."""
    if not folder.is_dir():
        return []
    return sorted({file.name for file in folder.iterdir()} - {ARRAYS_FILE, FILE_NAME})


def _view(file: Path) -> RawView:
    rgb, depth, k, pose = (_array(file, name) for name in _ARRAYS)
    return RawView(
        where=str(file), rgb=rgb, depth_m=depth, intrinsics=k, world_from_camera=pose, names=_ARRAYS
    )


def _array(file: Path, name: str) -> npt.NDArray[Any]:
    """An array of plain numbers whose header agrees with the bytes that follow."""
    content = read_member(file, f"{name}.npy", _MAX_ARRAY_BYTES)
    return parse_npy(content, f"{file}, {name}")
