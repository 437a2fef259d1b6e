"""Showing an answer on a PointCloud. Letters: N points, T rows of the colour table.

A keystroke writes T texels and N scores. Colours of N points are never written: the material
looks them up, which costs a twentieth of the cheapest way to write them (benchmarks/README.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .clouds import set_column
from .material import fit_material, new_material, table_of
from .names import FOUND, ROW, SCORE, SELECTION
from .table import fill_table, new_table


@dataclass(frozen=True, eq=False)
class Shown:
    """What a cloud is to show.

    Attributes:
        index: (N,) int32, the points' rows in the table; -1 stands for the last row.
        table: (T, 4) uint8, sRGB and opacity over the points' own colours.
        score: (N,) float32, 0..1.
        found: (N,) bool, whether the score is above the threshold.
    """

    index: npt.NDArray[np.int32]
    table: npt.NDArray[np.uint8]
    score: npt.NDArray[np.float32]
    found: npt.NDArray[np.bool_]


def give_material(cloud: Any, rows: int) -> None:
    """Give a new cloud a material with a clear table."""
    cloud.data.materials.append(new_material(new_table(rows)))


def show(cloud: Any, shown: Shown, *, new_index: bool) -> None:
    """Colour a cloud and give its points `lexel_score`.

    Args:
        cloud: made by `new_cloud`, with a material of ours.
        shown: what to show.
        new_index: the cloud has other rows than these, or none as yet.
    """
    material = cloud.data.materials[0]
    if fill_table(table_of(material), shown.table):
        fit_material(material)
    if new_index:
        rows = np.where(shown.index < 0, len(shown.table) - 1, shown.index)
        set_column(cloud.data, ROW, rows)
    set_column(cloud.data, SCORE, shown.score)
    cloud.data.update_tag()


def mark_found(cloud: Any, shown: Shown) -> int:
    """Give points `lexel_found` and select them; how many there are."""
    for name in (FOUND, SELECTION):
        set_column(cloud.data, name, shown.found)
    cloud.data.update_tag()
    return int(shown.found.sum())
