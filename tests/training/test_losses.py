"""Properties of the losses; their numbers are held by tests/parity."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.training.losses import balancing_weights, binary_cross_entropy

labels = st.lists(st.booleans(), min_size=1, max_size=50)


@given(labels)
def test_weights_keep_the_total(label: list[bool]) -> None:
    weight = balancing_weights(torch.tensor(label))
    torch.testing.assert_close(weight.sum(), torch.tensor(float(len(label))))


@given(labels.filter(lambda label: 0 < sum(label) < len(label)))
def test_both_classes_weigh_the_same(label: list[bool]) -> None:
    mask = torch.tensor(label)
    weight = balancing_weights(mask)
    torch.testing.assert_close(weight[mask].sum(), weight[~mask].sum())


def test_each_label_is_balanced_by_itself() -> None:
    label = torch.tensor([[True, False, False, False], [True, True, True, False]])
    weight = balancing_weights(label)
    torch.testing.assert_close(weight, torch.stack([balancing_weights(row) for row in label]))


def test_ignored_points_do_not_count() -> None:
    logits, label = torch.tensor([2.0, -1.0, 50.0]), torch.tensor([True, False, False])
    ignore = torch.tensor([False, False, True])
    assert binary_cross_entropy(logits, label, ignore) == binary_cross_entropy(
        logits[:2], label[:2]
    )


def test_gradient_reaches_the_logits() -> None:
    logits = torch.zeros(2, requires_grad=True)
    binary_cross_entropy(logits, torch.tensor([True, False]), balanced=True).backward()
    assert logits.grad is not None
    assert logits.grad[0] < 0 < logits.grad[1]
