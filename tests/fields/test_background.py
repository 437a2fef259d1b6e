"""The background is what quantiles over all cosines would be, each modality by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.fields.background import QUANTILES, background_quantiles
from lexel.geometry.vectors import unit_rows


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
@settings(max_examples=30)
def test_quantiles_are_numpys(num_phrases: int, num_codes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    phrases = unit_rows(rng.normal(size=(num_phrases, 6)))
    clip = unit_rows(rng.normal(size=(num_codes, 6))).astype(np.float16)
    modality = rng.integers(0, 2, num_codes).astype(np.uint8)
    found = background_quantiles(phrases, clip, modality)
    assert found.shape == (2, QUANTILES) and found.dtype == np.float32
    for kind in (0, 1):
        cosines = phrases @ unit_rows(clip[modality == kind]).T
        if not cosines.size:
            assert not found[kind].any()
            continue
        expected = np.quantile(cosines, np.linspace(0, 1, QUANTILES), method="nearest")
        # Half a rank is rounded to either side.
        above = np.quantile(cosines, np.linspace(0, 1, QUANTILES), method="higher")
        below = np.quantile(cosines, np.linspace(0, 1, QUANTILES), method="lower")
        assert (found[kind] >= below - 5e-5).all() and (found[kind] <= above + 5e-5).all()
        assert abs(found[kind][0] - expected[0]) < 5e-5
        assert abs(found[kind][-1] - expected[-1]) < 5e-5
        assert (np.diff(found[kind]) >= 0).all()


def test_no_phrases_no_background() -> None:
    none = background_quantiles(np.zeros((0, 4)), np.eye(4), np.zeros(4, np.uint8))
    assert not none.any()
