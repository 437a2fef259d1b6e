"""The learning rate over a training."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.completion.unet import ResidualUNet3D
from lexel.errors import InputError
from lexel.training.schedule import learning_rate, tune_for_training


@given(st.integers(0, 50), st.integers(1, 500))
def test_rises_to_the_peak_and_falls_to_nothing(warm_up: int, more: int) -> None:
    total = warm_up + more
    rates = [learning_rate(step, 2.0, warm_up, total) for step in range(total + 1)]
    assert rates[: warm_up + 1] == sorted(rates[: warm_up + 1])
    assert rates[warm_up:] == sorted(rates[warm_up:], reverse=True)
    assert max(rates) == rates[warm_up] == 2.0
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_half_precision_is_close_and_unknown_ones_are_refused() -> None:
    torch.manual_seed(0)
    unet = ResidualUNet3D(4, 4, width=4, levels=2, groups=2)
    volume = torch.randn(2, 4, 8, 8, 8)
    plain = unet(volume)
    tune_for_training(unet, "bf16", torch.device("cpu"))
    half = unet(volume)
    assert half.dtype == torch.float32
    assert 0 < (half - plain).abs().max() < 0.1
    with pytest.raises(InputError, match=r"no such precision.*float32 or bf16"):
        tune_for_training(unet, "fp8", torch.device("cpu"))
