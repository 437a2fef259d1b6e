"""3D Gaussians in `.ply` (Kerbl et al. 2023): their centres and base colours make a cloud.

Columns `f_dc_0..2` (spherical harmonics of degree 0), `opacity` (a logit), `scale_*`, `rot_*`.
Such scenes come from COLMAP or nerfstudio: their unit is arbitrary, and up is mostly -y, as the
first camera held it. nerfstudio's exporter says its vertical axis in a comment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.notes import Notes
from lexel.io.ply_rows import Columns, Lists
from lexel.io.raw_geometry import RawGeometry
from lexel.io.recording import Up

SH_C0 = 0.28209479177387814  # 1 / (2 sqrt pi): the harmonic of degree 0
_COLUMNS = ("f_dc_0", "f_dc_1", "f_dc_2", "opacity", "scale_0", "rot_0")
_LEAST_OPACITY = 0.2  # fainter ones are haze, not surface


def is_gaussians(vertices: Columns) -> bool:
    """Whether the vertices of a `.ply` are Gaussians."""
    return all(isinstance(vertices.get(name), np.ndarray) for name in _COLUMNS)


def gaussian_cloud(
    points: npt.NDArray[np.floating],
    vertices: Columns,
    comments: tuple[str, ...],
    file: Path,
    notes: Notes,
) -> RawGeometry:
    """The cloud of Gaussians that are not faint, each in its base colour."""
    dense = _column(vertices, "opacity") >= np.log(_LEAST_OPACITY / (1 - _LEAST_OPACITY))
    if not dense.any():
        raise SceneError(
            f"has no Gaussian of opacity {_LEAST_OPACITY} or more", where=file, do="Train it on."
        )
    notes.note(
        str(file),
        f"3D Gaussians: centres and base colours of the {int(dense.sum()):,} of {len(points):,} "
        f"whose opacity is at least {_LEAST_OPACITY}",
    )
    notes.warn(
        str(file),
        "the unit of 3D Gaussians is arbitrary; it was taken for a metre",
        "Scale the capture to metres before training, or lengths and sizes will be wrong.",
    )
    harmonics = np.stack([_column(vertices, f"f_dc_{i}")[dense] for i in range(3)], axis=1)
    shares = np.nan_to_num(0.5 + SH_C0 * harmonics, nan=0.5).clip(0, 1)
    return RawGeometry(
        kind="3D Gaussians",
        points=points[dense],
        rgb=np.rint(shares * 255).astype(np.uint8),
        up=Up.MINUS_Y,
        comments=comments,
    )


def _column(vertices: Columns, name: str) -> npt.NDArray[Any]:
    column = vertices[name]
    assert not isinstance(column, Lists)
    with np.errstate(over="ignore", invalid="ignore"):
        return column.astype(np.float32)
