"""Where crops stand, and how their maps become one."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import Tensor

from lexel.errors import InputError
from lexel.relevancy.presets import PRESETS, get_preset
from lexel.relevancy.tiles import TileGrid, merge_tiles, published_tile_grids, tile_grids

extents = st.integers(1, 300)
presets = st.sampled_from(sorted(PRESETS)).map(get_preset)


@given(extents, extents, presets)
def test_every_pixel_is_covered_at_every_scale(height, width, preset):
    for grid in tile_grids(height, width, preset):
        covered = np.zeros((height, width), bool)
        for row, column in grid.boxes():
            covered[row : row + grid.size_px, column : column + grid.size_px] = True
        assert covered.all()


@given(extents, extents, presets, st.booleans())
def test_crops_lie_inside_the_image_and_are_all_different(height, width, preset, published):
    cut = published_tile_grids if published else tile_grids
    for grid in cut(height, width, preset):
        boxes = grid.boxes()
        assert len(set(boxes)) == len(boxes)
        assert all(0 <= r <= height - grid.size_px for r, _ in boxes)
        assert all(0 <= c <= width - grid.size_px for _, c in boxes)


@given(extents, extents, presets)
def test_turning_the_image_turns_the_crops(height, width, preset):
    upright, lying = tile_grids(height, width, preset), tile_grids(width, height, preset)
    for a, b in zip(upright, lying, strict=True):
        assert a.size_px == b.size_px
        assert {(c, r) for r, c in a.boxes()} == set(b.boxes())


@given(st.integers(1, 60), presets)
def test_a_square_image_with_fitting_strides_is_cut_as_published(quarter, preset):
    extent = 48 * quarter  # every published size and stride divides it
    for correct, published in zip(
        tile_grids(extent, extent, preset),
        published_tile_grids(extent, extent, preset),
        strict=True,
    ):
        assert correct.boxes() == published.boxes()


@given(extents, extents, presets)
def test_the_published_crop_set_is_that_of_the_published_loop(height, width, preset):
    """Stated anew: sizes and strides are `int(...)` of fractions of the height, and offsets are
    compared with the wrong side of the image."""
    assume(height >= 16)  # smaller images have strides of 0 in the published code
    grids = published_tile_grids(height, width, preset)
    assert len(grids) == len(preset.scales)
    for grid, scale, stride in zip(grids, preset.scales, preset.strides, strict=True):
        size = int(height * scale)
        step = size // stride.denominator
        expected = []
        for column in range(0, width - size + 1, step):
            for row in range(0, height - size + 1, step):
                if column >= height or row >= width:
                    continue
                expected.append((row, column))
        assert (grid.size_px, grid.boxes()) == (size, expected)


@pytest.mark.parametrize(
    ("height", "width", "crops"), [(240, 240, [1, 9, 25, 169]), (256, 192, [0, 3, 15, 108])]
)
def test_published_counts(height, width, crops):
    grids = published_tile_grids(height, width, get_preset("ours"))
    assert [len(grid.boxes()) for grid in grids] == crops


def test_an_unknown_preset_lists_the_known():
    with pytest.raises(InputError, match="ours, fast, light, chefer_et_al"):
        get_preset("slow")


@st.composite
def grids(draw: st.DrawFn) -> tuple[TileGrid, int, int]:
    """Any grid in any small image, with holes, perhaps without a single crop."""
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    size = draw(st.integers(1, 24))

    def offsets(extent: int) -> tuple[int, ...]:
        if size > extent:
            return ()
        places = st.sets(st.integers(0, extent - size), min_size=1, max_size=4)
        return tuple(sorted(draw(places)))

    rows, columns = offsets(height), offsets(width)
    holes = st.lists(st.booleans(), min_size=len(rows) * len(columns))
    used = draw(holes)[: len(rows) * len(columns)]
    return (
        (
            TileGrid(size, rows, columns, torch.tensor(used, dtype=torch.bool).view(len(rows), -1))
            if used
            else TileGrid(size, rows, columns, torch.zeros(len(rows), len(columns)).bool())
        ),
        height,
        width,
    )


def merged_one_by_one(grid: TileGrid, maps: Tensor, images: int, height: int, width: int) -> Tensor:
    total, count = torch.zeros(len(maps), height, width), torch.full((height, width), 1e-5)
    for i, row in enumerate(grid.rows):
        for j, column in enumerate(grid.columns):
            if not grid.used[i, j]:
                continue
            size = grid.size_px
            large = F.interpolate(maps[:, i, j][None], (size, size), mode="bilinear")[0]
            total[:, row : row + size, column : column + size] += large
            count[row : row + size, column : column + size] += images
    return total / count


@given(grids(), st.integers(1, 4), st.integers(1, 3), st.integers(1, 6), st.integers(0, 2**31))
def test_merging_is_enlarging_adding_and_dividing(drawn, patches, labels, images, seed):
    grid, height, width = drawn
    shape = (labels, len(grid.rows), len(grid.columns), patches, patches)
    maps = torch.rand(shape, generator=torch.Generator().manual_seed(seed))
    maps = maps * grid.used[None, :, :, None, None]
    got = merge_tiles(grid, maps, images, height, width)
    expected = merged_one_by_one(grid, maps, images, height, width)
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-5)
