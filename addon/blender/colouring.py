"""Showing an answer on a PointCloud. Letters: N points, T rows of the colour table.

A keystroke writes T texels and N scores. Colours of N points are never written: the material
looks them up, which costs a twentieth of the cheapest way to write them (benchmarks/README.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ..shown import Shown
from .clouds import set_column
from .material import fit_material, new_material, table_of
from .names import FOUND, ROW, SCORE, SELECTION
from .table import fill_table, new_table


def give_material(cloud: Any, rows: int) -> None:
    """Give a new cloud a material with a clear table."""
    cloud.data.materials.append(new_material(new_table(rows)))


def show(cloud: Any, shown: Shown, over_rgb: float, *, new_index: bool) -> None:
    """Colour a cloud and give its points `lexel_score`.

    Args:
        cloud: made by `new_cloud`, with a material of ours.
        shown: what to show.
        over_rgb: 0..1, how opaque an opaque row is.
        new_index: the cloud has other rows than these, or none as yet.
    """
    material = cloud.data.materials[0]
    if fill_table(table_of(material), _covering(shown.table, over_rgb)):
        fit_material(material)
    if new_index:
        rows = np.where(shown.index < 0, len(shown.table) - 1, shown.index)
        set_column(cloud.data, ROW, rows)
    set_column(cloud.data, SCORE, shown.score.take(shown.index, mode="wrap"))
    cloud.data.update_tag()


def mark_found(cloud: Any, shown: Shown) -> int:
    """Give points `lexel_found` and select them; how many there are."""
    found = shown.found.take(shown.index, mode="wrap")
    for name in (FOUND, SELECTION):
        set_column(cloud.data, name, found)
    cloud.data.update_tag()
    return int(found.sum())


def _covering(table: npt.NDArray[np.uint8], over_rgb: float) -> npt.NDArray[np.uint8]:
    """The table with its opacities lowered as `lexel.query.paint.Paint.colours` does."""
    covering = table.copy()
    covering[:, 3] = np.floor(table[:, 3] * np.float32(over_rgb) + np.float32(0.5))
    return covering
