"""Wavefront `.obj` in world coordinates: one label's mesh with its `.mtl`, or coloured points."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

from lexel.io.stamp import comments
from lexel.scene import Colour, Mesh

# Rows formatted by one `%`: large enough to be fast, small enough to stay out of the memory peak.
_ROWS_AT_ONCE = 50_000


def write_obj(
    path: Path, mesh: Mesh, colour: Colour, text: str, *, meaningless: bool = False
) -> list[Path]:
    """Write `path` (.obj) and the .mtl beside it; returns both paths.

    The colour stands twice, as the material's `Kd` (Blender, MeshLab, trimesh) and on each vertex
    (open3d's point pickers and viewers without materials); both are sRGB in 0..1.
    """
    head = comments(text, meaningless=meaningless)
    material = path.with_suffix(".mtl")
    material.write_text(_material(path.stem, colour, head), encoding="utf-8", newline="\n")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {line}\n" for line in head)
        file.write(f"mtllib {material.name}\no {path.stem}\n")
        _write_vertices(file, mesh.vertices_m, colour)
        file.write(f"usemtl {path.stem}\n")
        _write_rows(file, "f %d %d %d\n", mesh.faces.astype(np.int64) + 1)
    return [path, material]


def write_obj_points(
    path: Path, points_m: npt.NDArray[np.float32], rgb: npt.NDArray[np.uint8]
) -> None:
    """Points (N, 3) as vertices with colours (N, 3) and no faces."""
    rows = np.concatenate([points_m.astype(np.float64), rgb / 255.0], axis=1)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"# {line}\n" for line in comments(None, meaningless=False))
        _write_rows(file, "v %.6f %.6f %.6f %.4f %.4f %.4f\n", rows)


def _material(name: str, colour: Colour, head: list[str]) -> str:
    red, green, blue = _unit(colour)
    lines = [f"# {line}" for line in head]
    lines += [
        f"newmtl {name}",
        f"Kd {red:.6f} {green:.6f} {blue:.6f}",
        "Ka 0.000000 0.000000 0.000000",
        "Ks 0.000000 0.000000 0.000000",
        "d 1.000000",
        "illum 1",
    ]
    return "\n".join(lines) + "\n"


def _write_vertices(file: TextIO, vertices_m: npt.NDArray[np.float32], colour: Colour) -> None:
    red, green, blue = _unit(colour)
    _write_rows(file, f"v %.6f %.6f %.6f {red:.4f} {green:.4f} {blue:.4f}\n", vertices_m)


def _write_rows(file: TextIO, row: str, values: npt.NDArray[np.generic]) -> None:
    for start in range(0, len(values), _ROWS_AT_ONCE):
        block = values[start : start + _ROWS_AT_ONCE]
        file.write(row * len(block) % tuple(block.ravel().tolist()))


def _unit(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255
