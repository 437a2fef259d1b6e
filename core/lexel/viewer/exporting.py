"""Points that were selected, for other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.clouds import vertex_table, write_ply
from lexel.io.meshes import write_obj_points
from lexel.scene import FieldPoints

Ids = npt.NDArray[np.integer]


def export_points(path: Path, points: FieldPoints, ids: Ids) -> Path:
    """Write some of a field's points; the file is whole or not there.

    `.ply`: positions, colours and whatever else is known of them. `.obj`: vertices with colours.
    `.npy` and `.txt`: their numbers in the field, from 0.

    Raises:
        InputError: nothing is selected, or there is no such kind of file.
    """
    if not len(ids):
        raise InputError("nothing is selected", where=path, do="Click, lasso or ask first.")
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise InputError(
            "no such kind of file can be written", where=path, do=f"Name it {', '.join(SUFFIXES)}."
        )
    with replacing_file(path) as temporary:
        writer(temporary, points, ids)
    return path


def _write_ply(path: Path, points: FieldPoints, ids: Ids) -> None:
    given = {one.name: getattr(points, one.name) for one in fields(FieldPoints)}
    chosen = {name: column[ids] for name, column in given.items() if column is not None}
    xyz, rgb, normals = chosen.pop("xyz_m"), chosen.pop("rgb"), chosen.pop("normals", None)
    write_ply(path, vertex_table(xyz, rgb, normals=normals, **chosen))


def _write_obj(path: Path, points: FieldPoints, ids: Ids) -> None:
    write_obj_points(path, points.xyz_m[ids], points.rgb[ids])


def _write_npy(path: Path, points: FieldPoints, ids: Ids) -> None:
    with path.open("wb") as file:
        np.save(file, np.asarray(ids, np.int64), allow_pickle=False)


def _write_txt(path: Path, points: FieldPoints, ids: Ids) -> None:
    lines = "\n".join(map(str, ids.tolist()))
    path.write_text(f"{lines}\n", encoding="utf-8", newline="\n")


_WRITERS: dict[str, Callable[[Path, FieldPoints, Ids], None]] = {
    ".ply": _write_ply,
    ".obj": _write_obj,
    ".npy": _write_npy,
    ".txt": _write_txt,
}
SUFFIXES = tuple(_WRITERS)
