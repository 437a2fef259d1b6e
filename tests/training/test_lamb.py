"""LAMB's properties; its numbers are held by tests/parity."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LexelError
from lexel.training.lamb import MAX_WEIGHT_NORM, Lamb, trust_ratio


def test_finds_the_minimum_of_a_bowl() -> None:
    weights = torch.nn.Parameter(torch.tensor([3.0, -2.0]))
    optimiser = Lamb([weights], lr=0.02)
    for _ in range(500):
        optimiser.zero_grad()
        (weights - 1).square().sum().backward()
        optimiser.step()
    assert weights.detach().tolist() == pytest.approx([1.0, 1.0], abs=0.1)


@given(scale=st.floats(1e-3, 1e3))
def test_first_step_does_not_depend_on_the_size_of_the_gradient(scale: float) -> None:
    def first_step(gradient: torch.Tensor) -> torch.Tensor:
        weights = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64))
        weights.grad = gradient
        Lamb([weights], eps=1e-12).step()
        return weights.detach()

    gradient = torch.tensor([0.3, -0.1, 0.2], dtype=torch.float64)
    torch.testing.assert_close(first_step(scale * gradient), first_step(gradient))


def test_trust_ratio_is_one_where_a_norm_is_zero() -> None:
    zero, some = torch.zeros(3), torch.ones(3)
    assert trust_ratio(zero, some) == trust_ratio(some, zero) == trust_ratio(zero, zero) == 1


def test_trust_ratio_caps_the_norm_of_the_weights() -> None:
    direction = torch.tensor([2.0, 0.0])
    huge = torch.tensor([0.0, 1e6])
    assert trust_ratio(huge, direction) == MAX_WEIGHT_NORM / 2


def test_parameters_without_a_gradient_stay() -> None:
    weights = torch.nn.Parameter(torch.ones(2))
    Lamb([weights], weight_decay=0.1).step()
    assert weights.tolist() == [1.0, 1.0]


def test_step_returns_the_loss_of_its_closure() -> None:
    weights = torch.nn.Parameter(torch.ones(2))
    optimiser = Lamb([weights])

    def closure() -> float:
        loss = weights.sum()
        loss.backward()
        return loss.item()

    assert optimiser.step(closure) == 2.0
    assert weights.detach().max() < 1.0


def test_resumes_from_its_state() -> None:
    def run(stop_after: int | None) -> list[float]:
        weights = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
        optimiser = Lamb([weights])
        for step in range(6):
            if step == stop_after:
                state = optimiser.state_dict()
                optimiser = Lamb([weights])
                optimiser.load_state_dict(state)
            weights.grad = torch.tensor([0.1 * step, -0.2])
            optimiser.step()
        return weights.tolist()

    assert run(stop_after=3) == run(stop_after=None)


@pytest.mark.parametrize(
    ("argument", "value"), [("lr", -1.0), ("betas", (0.9, 1.0)), ("eps", 0.0), ("weight_decay", -1)]
)
def test_refuses_impossible_settings(argument: str, value: object) -> None:
    with pytest.raises(LexelError, match=argument):
        Lamb([torch.nn.Parameter(torch.ones(1))], **{argument: value})
