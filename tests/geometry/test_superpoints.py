import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.geometry.cell_graph import neighbour_pairs
from lexel.geometry.growing import Borders
from lexel.geometry.superpoints import SuperpointSettings, border_costs, grow_superpoints
from lexel.geometry.surface_points import find_surface
from lexel.pipelines.build_geometry import lab_of
from tests.fields.box_room import around, thing_of
from tests.geometry.test_sparse_tsdf import VOXEL_M, fuse

SETTINGS = SuperpointSettings(extent_m=0.25)


@given(arrays(np.int64, (12, 3), elements=st.integers(-2, 2)))
def test_neighbours_are_the_pairs_of_touching_cells(cells):
    cells = np.unique(cells, axis=0)
    pairs = {tuple(sorted(pair)) for pair in neighbour_pairs(cells).tolist()}
    near = np.abs(cells[:, None] - cells[None]).max(axis=-1) == 1
    assert pairs == {(i, j) for i, j in zip(*np.nonzero(near), strict=True) if i < j}
    assert len(neighbour_pairs(cells)) == len(pairs)


@pytest.fixture(scope="module")
def cut():
    points = find_surface(fuse(around(8)))
    pairs, lab = neighbour_pairs(points.cell), lab_of(points.rgb)
    cost = border_costs(pairs, points.xyz_m, points.normal, lab)
    return points, grow_superpoints(pairs, cost, points.xyz_m, points.normal, lab, SETTINGS)


def test_superpoints_are_small_and_lie_within_one_thing(cut):
    points, piece = cut
    thing, size = thing_of(points.xyz_m), np.bincount(piece)
    shares = np.zeros((len(size), 3))
    np.add.at(shares, (piece, thing), 1)
    assert shares.max(axis=1).sum() / len(piece) > 0.97
    large = np.flatnonzero(size > SETTINGS.min_points)
    extent = np.array([np.ptp(points.xyz_m[piece == n], axis=0).max() for n in large])
    # Pieces below the least size join whatever is nearest, and may stick out of it: few do.
    assert (extent <= SETTINGS.extent_m + 2 * VOXEL_M).mean() > 0.9
    assert extent.max() < 3 * SETTINGS.extent_m
    assert len(size) < len(piece) / 20


def test_superpoints_are_numbered_by_their_first_points_and_repeat(cut):
    points, piece = cut
    _, first = np.unique(piece, return_index=True)
    assert (np.diff(first) > 0).all()
    pairs, lab = neighbour_pairs(points.cell), lab_of(points.rgb)
    cost = border_costs(pairs, points.xyz_m, points.normal, lab)
    again = grow_superpoints(pairs, cost, points.xyz_m, points.normal, lab, SETTINGS)
    np.testing.assert_array_equal(piece, again)


def test_views_that_disagree_make_a_border():
    line = np.array([[i, 0, 0] for i in range(20)])
    pairs, xyz = neighbour_pairs(line), (line * 0.01).astype(np.float32)
    normal = np.tile(np.array([[0, 0, 1]], np.float32), (20, 1))
    grey = np.zeros((20, 3), np.float32)
    settled = SuperpointSettings(min_points=1)
    disagree = np.array([1.0 if 9 in pair and 10 in pair else 0 for pair in pairs], np.float32)
    cost = border_costs(pairs, xyz, normal, grey, disagree)
    piece = grow_superpoints(pairs, cost, xyz, normal, grey, settled)
    assert piece.tolist() == [0] * 10 + [1] * 10
    cost = border_costs(pairs, xyz, normal, grey)
    assert not grow_superpoints(pairs, cost, xyz, normal, grey, settled).any()


def test_a_concave_edge_costs_more_than_a_convex_one():
    xyz = np.array([[0, 0, 0], [0.01, 0, 0]], np.float32)
    apart = np.array([[-0.7, 0, 0.7], [0.7, 0, 0.7]], np.float32)
    pair, grey = np.array([[0, 1]], np.int32), np.zeros((2, 3), np.float32)
    (convex,) = border_costs(pair, xyz, apart, grey)
    (concave,) = border_costs(pair, xyz, apart[::-1], grey)
    assert concave > 2 * convex > 0


@settings(max_examples=30)
@given(arrays(np.int64, 6, elements=st.integers(0, 2)))
def test_merged_borders_keep_cost_and_length(into):
    into = np.unique(into, return_inverse=True)[1]
    pairs = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [0, 5]])
    cost = np.arange(6.0)
    merged = Borders(pairs, cost, np.ones(6)).merged(into)
    outer = into[pairs[:, 0]] != into[pairs[:, 1]]
    assert merged.cost.sum() == cost[outer].sum()
    assert merged.length.sum() == outer.sum()
    assert (merged.pairs[:, 0] < merged.pairs[:, 1]).all()
