"""Layers come back as they were written; a damaged one is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.io.layers import Layer, load_layer, save_layer


def test_sparse_and_dense_round_trip(tmp_path: Path) -> None:
    score = np.array([-1, 0.5, 3], np.float32)
    index = np.array([4, 0, 9], np.int32)
    sparse = load_layer(save_layer(tmp_path / "s.safetensors", Layer(score, index)), 10)
    dense = load_layer(save_layer(tmp_path / "d.safetensors", Layer(score)), 3)
    assert sparse.index is not None and np.array_equal(sparse.index, index)
    assert np.array_equal(sparse.score, score) and np.array_equal(dense.score, score)
    assert dense.index is None
    assert dense.range == (-1, 3)


@pytest.mark.parametrize(
    ("layer", "num_points"),
    [
        (Layer(np.zeros(3, np.float32)), 4),
        (Layer(np.zeros(2, np.float32), np.array([0, 4], np.int32)), 4),
        (Layer(np.zeros(2, np.float32), np.array([-1, 0], np.int32)), 4),
        (Layer(np.zeros(2, np.float32), np.array([1], np.int32)), 4),
        (Layer(np.zeros((2, 2), np.float32)), 2),
    ],
)
def test_a_layer_that_does_not_fit_is_refused(tmp_path: Path, layer: Layer, num_points: int):
    path = save_layer(tmp_path / "a.safetensors", layer)
    with pytest.raises(SceneError, match=r"a\.safetensors"):
        load_layer(path, num_points)


@pytest.mark.parametrize("data", [b"", b"x" * 7, b"\xff" * 64, (1 << 21).to_bytes(8, "little")])
def test_garbage_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(SceneError):
        load_layer(path, 3)
