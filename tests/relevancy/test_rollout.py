"""Roll-out over the blocks that the published rule counts, against a graph through the tower."""

from __future__ import annotations

import pytest
import torch
from open_clip.transformer import QuickGELU
from torch import nn

from lexel.errors import EncoderError
from lexel.relevancy.closed_form import LastBlock
from lexel.relevancy.rollout import Rollout
from tests.relevancy.tiny_clip import autograd_relevance, tiny_tower

COUNTED_FROM = 11  # "index > 10"


def explain(explainer, images, text):
    kept = explainer.allocate(len(images))
    for start in range(0, len(images), 4):
        explainer.capture(images[start : start + 4], kept, start)
    return explainer.relevance(kept, text)


@pytest.fixture
def images():
    return torch.randn(9, 3, 12, 12, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def text():
    return torch.randn(3, 12, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("activation", [nn.GELU, QuickGELU])
@pytest.mark.parametrize("layer_scale", [None, 0.5])
def test_a_deep_tower_is_rolled_out_from_block_11_on(images, text, activation, layer_scale):
    tower = tiny_tower(layers=14, activation=activation, layer_scale=layer_scale).float()
    expected = autograd_relevance(tower, images, text, COUNTED_FROM)
    got = explain(Rollout(tower), images, text)
    torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-5)
    last_only = autograd_relevance(tower, images, text, 13)
    assert not torch.allclose(got, last_only)


def test_of_twelve_blocks_only_the_last_counts(images, text):
    tower = tiny_tower(layers=12).float()
    by_graph, closed = (explain(kind(tower), images, text) for kind in (Rollout, LastBlock))
    torch.testing.assert_close(by_graph, closed, rtol=1e-3, atol=1e-5)


def test_asking_leaves_no_graph_and_no_gradients(images, text):
    tower = tiny_tower(layers=13).float()
    assert not explain(Rollout(tower), images, text).requires_grad
    assert all(parameter.grad is None for parameter in tower.parameters())


def test_a_shallow_tower_has_no_block_that_counts():
    with pytest.raises(EncoderError, match=r"3 blocks.*Leave out --compat reference"):
        Rollout(tiny_tower(layers=3))
