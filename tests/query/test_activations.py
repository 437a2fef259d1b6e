"""numpy's activations against scipy's and torch's, in double precision."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from lexel.query.activations import erf, gelu, quick_gelu, softmax

NUMBERS = hnp.arrays(
    np.float32, st.integers(1, 20), elements=st.floats(-1e4, 1e4, width=32, allow_subnormal=False)
)
DENSE = np.linspace(-12, 12, 200_001, dtype=np.float32)


def test_erf_is_within_a_millionth():
    assert np.abs(erf(DENSE) - special.erf(DENSE.astype(float))).max() < 1e-6


def test_gelu_is_within_a_millionth_of_its_argument():
    exact = DENSE * special.ndtr(DENSE.astype(float))
    assert (np.abs(gelu(DENSE) - exact) <= 1e-6 * np.maximum(1, np.abs(DENSE))).all()


def test_quick_gelu_is_torchs():
    x = torch.from_numpy(DENSE).double()
    np.testing.assert_allclose(quick_gelu(DENSE), x * torch.sigmoid(1.702 * x), atol=1e-6)


@given(NUMBERS)
def test_activations_of_any_number_are_numbers_between_zero_and_it(x):
    before = x.copy()
    for activation in (gelu, quick_gelu):
        y = activation(x)
        assert np.isfinite(y).all()
        assert (y <= np.maximum(x, 0) + 1e-3).all()
        assert (y >= np.minimum(x, 0)).all()
    np.testing.assert_array_equal(x, before)


@given(NUMBERS)
def test_softmax_sums_to_one_and_keeps_order(x):
    share = softmax(x)
    assert abs(share.sum() - 1) < 1e-5
    assert (np.diff(share[np.argsort(x)]) >= 0).all()
