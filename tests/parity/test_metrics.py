"""Voxelisation, agreement and cross-entropy against the published evaluation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
import torch

from lexel.evaluation.metrics import Agreement, Judged, agreement, threshold, voxelise
from lexel.training.losses import balancing_weights, binary_cross_entropy

Expected = Mapping[str, np.ndarray]


@pytest.fixture(scope="module")
def expected(golden: Path) -> Expected:
    with np.load(golden / "metrics.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def points(expected: Expected) -> Judged:
    logits, label, ignore = (torch.from_numpy(expected[k]) for k in ("logits", "label", "ignore"))
    return threshold(logits, float(expected["cutoff"]), label, ignore)


@pytest.fixture(scope="module")
def voxels(expected: Expected, points: Judged) -> Judged:
    return voxelise(points, torch.from_numpy(expected["xyz"]))


@pytest.mark.parametrize("name", ["prediction", "label", "ignore"])
def test_voxels_are_the_published_ones(expected: Expected, voxels: Judged, name: str) -> None:
    np.testing.assert_array_equal(getattr(voxels, name).numpy(), expected[f"vox_{name}"])


def test_point_agreement(expected: Expected, points: Judged) -> None:
    _assert_agrees(agreement(points), expected["point"])


def test_voxel_agreement(expected: Expected, voxels: Judged) -> None:
    _assert_agrees(agreement(voxels), expected["voxel32"])


def test_balancing_weights(expected: Expected) -> None:
    weight = balancing_weights(torch.from_numpy(expected["label"])).numpy()
    np.testing.assert_allclose(weight, expected["bce_weight"], atol=1e-6, rtol=0)


@pytest.mark.parametrize(("balanced", "name"), [(False, "bce"), (True, "bce_weighted")])
def test_cross_entropy(expected: Expected, balanced: bool, name: str) -> None:
    logits, label = (torch.from_numpy(expected[k]) for k in ("logits", "label"))
    loss = binary_cross_entropy(logits, label, balanced=balanced)
    assert loss.item() == pytest.approx(float(expected[name]), abs=1e-6, rel=0)


def _assert_agrees(got: Agreement, expected_json: np.ndarray) -> None:
    numbers = json.loads(str(expected_json))
    assert set(numbers) == {f.name for f in fields(got)}
    for name, values in numbers.items():
        measured = getattr(got, name).flatten().numpy()
        np.testing.assert_allclose(measured, values, atol=1e-6, rtol=0, err_msg=name)
