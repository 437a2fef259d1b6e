import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.errors import InputError
from lexel.fields.region_merging import merge_regions
from lexel.fields.regions import RegionSettings, find_regions, regions_of
from tests.fields.box_room import FLOOR, around


@pytest.mark.parametrize("method", ["felzenszwalb", "slic"])
def test_found_regions_lie_within_one_thing(method):
    (shot,) = around(1)
    regions = find_regions(shot.view, RegionSettings(method, most=12))
    assert 3 <= len(regions) <= 12
    there = shot.thing >= 0
    shares = np.zeros((len(regions), 3))
    np.add.at(shares, (regions.label[there], shot.thing[there]), 1)
    assert shares.max(axis=1).sum() / there.sum() > 0.97


def test_holes_in_depth_are_no_edges():
    (shot,) = around(1)
    rows, columns = np.nonzero(shot.thing == FLOOR)
    holes = np.random.default_rng(0).choice(len(rows), 40, replace=False)
    shot.view.depth_m[rows[holes], columns[holes]] = 0
    regions = find_regions(shot.view, RegionSettings(most=6))
    assert np.bincount(regions.label.reshape(-1)).min() > 40


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="felzenszwalb"):
        RegionSettings("magic")


@given(arrays(np.int64, (6, 7), elements=st.integers(-1, 5)))
def test_boxes_hold_their_regions_exactly(label):
    regions = regions_of(label, {4: "mug"}, {4: 0.5})
    for number, (x0, y0, x1, y1) in enumerate(regions.box):
        rows, columns = np.nonzero(regions.label == number)
        assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x0, y0, x1, y1)
    np.testing.assert_array_equal(regions.label < 0, label < 0)
    assert ("mug" in regions.name) == bool((label == 4).any())
    assert sorted(regions.score)[:1] == ([0.5] if (label == 4).any() else sorted(regions.score)[:1])


@given(arrays(np.int64, (6, 7), elements=st.integers(0, 9)), st.integers(1, 10))
def test_merging_leaves_at_most_so_many_and_splits_nothing(label, most):
    label = np.unique(label, return_inverse=True)[1].reshape(label.shape).astype(np.int32)
    looks = label[..., None].astype(np.float32)
    merged = merge_regions(label, looks, np.zeros_like(looks), most)
    assert merged.max() + 1 == min(most, label.max() + 1)
    for number in range(label.max() + 1):
        assert len(np.unique(merged[label == number])) == 1


def test_merging_joins_what_differs_least():
    label = np.repeat(np.arange(4, dtype=np.int32), 5)[None].repeat(4, axis=0)
    looks = np.choose(label, [0.0, 0.1, 5.0, 5.2])[..., None]
    merged = merge_regions(label, looks, np.zeros_like(looks), 2)
    assert merged[0, ::5].tolist() == [0, 0, 1, 1]
