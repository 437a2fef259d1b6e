"""Properties of the metrics; their numbers are held by tests/parity."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.evaluation.metrics import COARSE, FINE, Judged, agreement, threshold, voxelise
from lexel.geometry.voxels import VoxelGrid


@st.composite
def judged_points(draw: st.DrawFn) -> Judged:
    num_points = draw(st.integers(1, 60))
    columns = st.lists(st.booleans(), min_size=num_points, max_size=num_points)
    return Judged(*(torch.tensor(draw(columns)) for _ in range(3)))


def positions(count: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(count)
    low, high = torch.tensor(COARSE.lower_m), torch.tensor(COARSE.upper_m)
    return low + torch.rand(count, 3, generator=generator) * (high - low)


@given(judged_points())
def test_scores_are_consistent(points: Judged) -> None:
    scores = agreement(points)
    counted = ~points.ignore
    if not counted.any():
        assert scores.iou.isnan()
        return
    wrong = (points.prediction != points.label)[counted].double().mean()
    torch.testing.assert_close(scores.false_positive + scores.false_negative, wrong)
    if not scores.iou.isnan() and scores.iou > 0:
        assert scores.iou <= min(scores.precision, scores.recall)


@given(judged_points())
def test_iou_does_not_care_which_side_is_called_the_truth(points: Judged) -> None:
    swapped = replace(points, prediction=points.label, label=points.prediction)
    torch.testing.assert_close(agreement(points).iou, agreement(swapped).iou, equal_nan=True)


@given(judged_points())
def test_voxels_do_not_depend_on_the_order_of_points(points: Judged) -> None:
    xyz = positions(len(points.label))
    order = torch.randperm(len(xyz), generator=torch.Generator().manual_seed(0))
    shuffled = Judged(points.prediction[order], points.label[order], points.ignore[order])
    _assert_equal(voxelise(points, xyz), voxelise(shuffled, xyz[order]))


def test_a_perfect_prediction_scores_one() -> None:
    label = torch.tensor([True, False, True])
    scores = agreement(Judged(label, label, torch.zeros_like(label)))
    assert scores.iou == scores.precision == scores.recall == 1
    assert scores.false_positive == scores.false_negative == 0


def test_nothing_predicted_and_nothing_there_is_no_number() -> None:
    nothing = torch.zeros(4, dtype=torch.bool)
    assert agreement(Judged(nothing, nothing, nothing)).iou.isnan()


def test_one_point_decides_its_voxel() -> None:
    xyz = torch.tensor([[0.0, 0.0, 0.0], [0.001, 0.0, 0.0], [0.9, 0.9, 1.8]])
    points = Judged(
        prediction=torch.tensor([False, True, False]),
        label=torch.tensor([True, False, False]),
        ignore=torch.tensor([False, False, True]),
    )
    voxels = voxelise(points, xyz)
    assert voxels.prediction.sum() == voxels.label.sum() == 1
    assert (~voxels.ignore).sum() == 1
    assert agreement(voxels).iou == 1


def test_the_grid_may_have_unequal_sides() -> None:
    grid = VoxelGrid(lower_m=(0, 0, 0), upper_m=(1, 2, 3), shape=(2, 3, 4))
    corners = torch.tensor([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]])
    mask = torch.tensor([False, True])
    voxels = voxelise(Judged(mask, mask, ~mask), corners, grid)
    assert voxels.label.nonzero().flatten().tolist() == [grid.num_voxels - 1]


def test_scenes_and_labels_are_measured_by_themselves() -> None:
    xyz = positions(40).expand(2, 3, 40, 3)
    logits = torch.randn(2, 3, 40, generator=torch.Generator().manual_seed(1))
    points = threshold(logits, 0.0, logits > 0.5, logits < -2)
    together = agreement(voxelise(points, xyz, FINE)).iou
    alone = Judged(points.prediction[1, 2], points.label[1, 2], points.ignore[1, 2])
    assert together.shape == (2, 3)
    assert together[1, 2] == agreement(voxelise(alone, xyz[1, 2], FINE)).iou


def test_the_cutoff_itself_is_not_above_the_cutoff() -> None:
    logits = torch.tensor([-0.5, -0.4])
    nothing = torch.zeros(2, dtype=torch.bool)
    assert threshold(logits, -0.5, nothing, nothing).prediction.tolist() == [False, True]


@pytest.mark.parametrize("grid", [COARSE, FINE])
def test_published_grids_fill_the_networks_box(grid: VoxelGrid) -> None:
    assert (grid.lower_m, grid.upper_m) == ((-1.0, -1.0, -0.1), (1.0, 1.0, 1.9))


def _assert_equal(one: Judged, other: Judged) -> None:
    for name in ("prediction", "label", "ignore"):
        assert torch.equal(getattr(one, name), getattr(other, name)), name
