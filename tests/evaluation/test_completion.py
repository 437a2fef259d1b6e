"""Measuring answers on a toy world: a perfect one, the observed surface, and nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lexel.evaluation.answers import SurfaceAnswerer, cell_of
from lexel.evaluation.completion import Measurement, evaluate
from lexel.evaluation.cutoffs import CUTOFFS, Pools, agreement_at
from lexel.evaluation.metrics import COARSE, agreement, threshold, voxelise
from lexel.evaluation.results import read_results
from lexel.io.room_views import RoomView
from lexel.pipelines.room_inputs import cell_centres
from lexel.pipelines.room_questions import Question, true_cells
from lexel.progress import Silent
from tests.room_world import make_dataset


class Oracle:
    """Answers with the truth."""

    colour = sentences = False

    def scores(
        self, view: RoomView, source: str, questions: Sequence[Question], cells: Tensor
    ) -> Tensor:
        truth = view.truth().reshape(-1)
        answers = np.stack([true_cells(view, question, truth) for question in questions])
        return torch.from_numpy(answers).float() * 4 - 2


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("rooms"), views=2, split="validation")


def best(file: Path, metric: str) -> float:
    return float(np.nanmean(read_results([file], metric).iou, axis=0).max())


@pytest.mark.parametrize("task", ["ovssc", "vool"])
def test_the_truth_is_perfect_and_the_surface_has_no_hidden_half(
    data: Path, tmp_path: Path, task: str
) -> None:
    scores = {}
    for name, answerer in (("oracle", Oracle()), ("surface", SurfaceAnswerer())):
        file = tmp_path / f"{name}.csv.gz"
        count = evaluate(answerer, Measurement(task, name, "oracle"), [data], file, Silent())
        results = read_results([file], "point_iou")
        assert len(results.iou) == count > 0 and results.localises == (task == "vool")
        assert set(results.words["split"]) == {"validation"}
        scores[name] = [
            best(file, metric)
            for metric in ("point_iou", "voxel32x32x32_iou", "unseen_voxel32x32x32_iou")
        ]
    assert scores["oracle"] == [1, 1, 1]
    whole, unseen = scores["surface"][1:]
    assert 0.05 < whole < 0.9 and unseen == 0


@given(st.integers(0, 10_000), st.sampled_from([-2.0, -0.5, 0.0, 1.0]))
def test_many_cut_offs_at_once_are_each_by_itself(seed: int, cutoff: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    low, high = torch.tensor(COARSE.lower_m), torch.tensor(COARSE.upper_m)
    xyz = low + torch.rand(60, 3, generator=generator) * (high - low) * 0.1  # shared voxels
    logits = torch.randn(60, generator=generator)
    label, ignore = (torch.rand(60, generator=generator) < share for share in (0.4, 0.1))
    at_once = agreement_at(*Pools.of(xyz, COARSE).pool(logits, label, ignore))
    by_itself = agreement(voxelise(threshold(logits, cutoff, label, ignore), xyz, COARSE))
    index = int(np.flatnonzero(np.isclose(CUTOFFS, cutoff))[0])
    for name, values in at_once.items():
        np.testing.assert_allclose(values[index], getattr(by_itself, name).numpy(), err_msg=name)


def test_cells_of_their_centres() -> None:
    np.testing.assert_array_equal(cell_of(cell_centres()), np.arange(64**3))
