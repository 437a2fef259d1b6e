"""Where an image is cut into square crops, and how the crops' small maps become one map.

A scale's crops stand on a grid, so putting their maps back is two matrix products: every crop's
g×g map, enlarged bilinearly to the crop's size and added where the crop stood, is linear and
separable in rows and columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from lexel.relevancy.presets import Preset

# The published counts start here, so that a pixel no crop covers gives 0 and not 0/0.
_COUNT_START = 1e-5


@dataclass(frozen=True, eq=False)
class TileGrid:
    """The square crops of one scale.

    Attributes:
        size_px: edge of a crop.
        rows, columns: pixel offsets of the grid's rows and columns.
        used: bool [rows, columns]; the published crop set leaves some out.
    """

    size_px: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    used: Tensor

    def boxes(self) -> list[tuple[int, int]]:
        """(row, column) offsets in pixels of the crops in use, by column, then row."""
        return [
            (row, column)
            for j, column in enumerate(self.columns)
            for i, row in enumerate(self.rows)
            if self.used[i, j]
        ]


def tile_grids(height_px: int, width_px: int, preset: Preset) -> list[TileGrid]:
    """The crops of each scale: every pixel is covered at every scale.

    The extent is the shorter side, and where the stride leaves a strip at the far end
    uncovered, one more row or column of crops stands flush with it.
    """
    return [
        _full_grid(size, _covering(height_px, size, stride), _covering(width_px, size, stride))
        for size, stride in preset.tile_sizes(min(height_px, width_px))
    ]


def published_tile_grids(height_px: int, width_px: int, preset: Preset) -> list[TileGrid]:
    """The crops of the published code: the extent is the image's height."""
    return [
        published_tile_grid(height_px, width_px, size, stride)
        for size, stride in preset.tile_sizes(height_px)
    ]


def published_tile_grid(height_px: int, width_px: int, size_px: int, stride_px: int) -> TileGrid:
    """One scale of the published crop set.

    It compares row offsets with the width and column offsets with the height, so it drops crops
    of non-square images; a crop larger than the image gives an empty scale that still counts.
    """
    rows = tuple(range(0, height_px - size_px + 1, stride_px))
    columns = tuple(range(0, width_px - size_px + 1, stride_px))
    used = torch.tensor([[r < width_px and c < height_px for c in columns] for r in rows])
    return TileGrid(size_px, rows, columns, used.reshape(len(rows), len(columns)).bool())


def merge_tiles(grid: TileGrid, maps: Tensor, images: int, height_px: int, width_px: int) -> Tensor:
    """Average the crops of one scale.

    Args:
        grid: where the crops stood.
        maps: [L, R, C, g, g], the crops' maps summed over `images`; zero where not used.
        images: how many images were read with this grid.
        height_px, width_px: size of the result.

    Returns:
        [L, height, width]; 0 where no crop stood.
    """
    labels, _, _, patches, _ = maps.shape
    if maps.numel() == 0:
        return maps.new_zeros(labels, height_px, width_px)
    enlarge = _enlarging(patches, grid.size_px).to(maps)
    along_y = _placing(enlarge, grid.rows, height_px)
    along_x = _placing(enlarge, grid.columns, width_px)
    blocks = maps.permute(0, 1, 3, 2, 4).reshape(labels, along_y.shape[1], along_x.shape[1])
    total = along_y @ blocks @ along_x.T
    ones = torch.ones(grid.size_px, 1, device=maps.device)
    covered_y = _placing(ones, grid.rows, height_px)
    covered_x = _placing(ones, grid.columns, width_px)
    count = covered_y @ grid.used.to(covered_y) @ covered_x.T
    return total / (_COUNT_START + images * count)


def _full_grid(size: int, rows: tuple[int, ...], columns: tuple[int, ...]) -> TileGrid:
    return TileGrid(size, rows, columns, torch.ones(len(rows), len(columns), dtype=torch.bool))


def _covering(extent: int, size: int, stride: int) -> tuple[int, ...]:
    offsets = list(range(0, extent - size + 1, stride))
    if offsets[-1] + size < extent:
        offsets.append(extent - size)
    return tuple(offsets)


def _enlarging(patches: int, size_px: int) -> Tensor:
    """Bilinear enlargement (pixel centres at +0.5) as a matrix [size, patches]."""
    unit = torch.eye(patches)[None]
    return F.interpolate(unit, size=size_px, mode="linear", align_corners=False)[0].T


def _placing(columns: Tensor, offsets: tuple[int, ...], extent: int) -> Tensor:
    """`columns` [size, k] put at each offset: [extent, len(offsets)·k]."""
    size, k = columns.shape
    placed = columns.new_zeros(extent, len(offsets), k)
    for index, offset in enumerate(offsets):
        placed[offset : offset + size, index] = columns
    return placed.flatten(1)
