"""Posed RGB-D views written as `open_nerfstudio` reads them, exactly: float depth, core's K, Z up.

Each view is whole by itself (`0007.json` comes last), so views may come in any order and again;
`transforms.json` lists those that have come.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.geometry.cameras import OPENCV_FROM_OPENGL
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_object, write_json
from lexel.io.nerfstudio import TRANSFORMS_FILE
from lexel.io.npy import parse_npy
from lexel.scene import View

_METRES = 1.0


def save_posed_view(
    folder: Path, number: int, view: View, ids: npt.NDArray[np.int32] | None
) -> None:
    """Write a view, and beside it what each of its pixels shows (H, W)."""
    name = _name(number)
    with replacing_file(folder / f"{name}.png") as temporary:
        Image.fromarray(view.rgb).save(temporary, format="png", compress_level=1)
    _save_array(folder / f"{name}.depth.npy", view.depth_m)
    if ids is None:
        (folder / f"{name}.ids.npy").unlink(missing_ok=True)
    else:
        _save_array(folder / f"{name}.ids.npy", ids)
    with replacing_file(folder / f"{name}.json") as temporary:
        write_json(temporary, _frame(name, view))


def list_posed_views(folder: Path) -> list[int]:
    """Write `transforms.json` of the views that are there, and give their numbers in its order."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9].json"))
    frames = [read_json_object(file) for file in files]
    with replacing_file(folder / TRANSFORMS_FILE) as temporary:
        write_json(temporary, {"orientation_override": "none", "frames": frames})
    return [int(file.stem) for file in files]


def load_ids(folder: Path, number: int) -> npt.NDArray[np.int32] | None:
    """What each pixel of a view shows (H, W); None where nobody said."""
    file = folder / f"{_name(number)}.ids.npy"
    if not file.is_file():
        return None
    return np.asarray(parse_npy(file.read_bytes(), file), np.int32)


def _name(number: int) -> str:
    return f"{number:04d}"


def _save_array(file: Path, array: npt.NDArray[np.generic]) -> None:
    with replacing_file(file) as temporary, temporary.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)


def _frame(name: str, view: View) -> dict[str, object]:
    height, width = view.depth_m.shape
    (fx, _, cx), (_, fy, cy), _ = view.intrinsics.tolist()
    return {
        "file_path": f"{name}.png",
        "depth_file_path": f"{name}.depth.npy",
        "depth_unit_scale_factor": _METRES,
        "fl_x": fx,
        "fl_y": fy,
        "cx": cx,
        "cy": cy,
        "w": width,
        "h": height,
        "transform_matrix": view.world_from_camera @ OPENCV_FROM_OPENGL,
    }
