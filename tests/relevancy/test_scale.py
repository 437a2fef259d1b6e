"""Relevancies of every encoder in one size, and those of an oracle."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.relevancy.oracle import degraded_maps, exact_maps
from lexel.relevancy.scale import normalised, peculiarity_scale


@given(st.floats(1e-3, 1e3), st.integers(0, 100))
def test_an_encoder_s_own_size_is_taken_out(gain: float, seed: int) -> None:
    peculiar = torch.randn(3, 12, 16, generator=torch.Generator().manual_seed(seed))
    plain = normalised(peculiar, peculiarity_scale(peculiar))
    louder = normalised(gain * peculiar, peculiarity_scale(gain * peculiar))
    torch.testing.assert_close(plain, louder)
    assert 0.9 < plain.abs().max() <= 10


def test_nothing_is_made_of_nothing() -> None:
    same = torch.zeros(2, 4, 4)
    assert not normalised(same, peculiarity_scale(same)).any()


def test_exact_maps_are_shares_of_cells() -> None:
    masks = torch.zeros(2, 8, 8, dtype=torch.bool)
    masks[0, :4, :2] = True
    assert exact_maps(masks, (2, 2)).tolist() == [[[0.5, 0], [0, 0]], [[0, 0], [0, 0]]]


@pytest.mark.parametrize("seed", range(20))
def test_degraded_maps_still_show_their_object_most(seed: int) -> None:
    masks = torch.zeros(3, 48, 64)
    masks[0, 10:25, 8:24], masks[1, 20:40, 40:60] = 1, 1
    found = degraded_maps(masks, np.random.default_rng(seed))
    again = degraded_maps(masks, np.random.default_rng(seed))
    assert torch.equal(found, again) and found.shape == masks.shape and found.min() >= 0
    for own in range(2):
        inside = found[own][masks[own] > 0].mean()
        assert inside > 1.3 * found[own][masks.sum(0) == 0].mean()
    assert not torch.equal(found > found.mean(), masks > 0)
