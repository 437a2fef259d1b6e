"""The closed form of the last block is the gradient that a graph through the tower gives."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from open_clip.transformer import QuickGELU
from torch import nn

from lexel.errors import EncoderError
from lexel.relevancy.closed_form import LastBlock
from tests.relevancy.tiny_clip import autograd_relevance, tiny_tower

SEEDS = st.integers(0, 2**31)


def closed_form(tower, images, text, batch=None):
    explainer = LastBlock(tower)
    kept = explainer.allocate(len(images))
    batch = batch or len(images)
    for start in range(0, len(images), batch):
        explainer.capture(images[start : start + batch], kept, start)
    return explainer.relevance(kept, text)


def images_and_text(tower, seed, crops=3, phrases=4):
    draw = torch.Generator().manual_seed(seed)
    images = torch.randn(crops, 3, *tower.image_size, generator=draw, dtype=torch.float64)
    return images, torch.randn(phrases, tower.output_dim, generator=draw, dtype=torch.float64)


@settings(max_examples=25)
@given(
    seed=SEEDS,
    layers=st.integers(1, 3),
    heads=st.sampled_from([1, 2, 4]),
    patches_per_side=st.integers(1, 4),
    activation=st.sampled_from([nn.GELU, QuickGELU]),
    layer_scale=st.sampled_from([None, 1e-2, 0.7]),
)
def test_it_equals_the_autograd_gradient(
    seed, layers, heads, patches_per_side, activation, layer_scale
):
    tower = tiny_tower(
        seed=seed,
        layers=layers,
        heads=heads,
        patches_per_side=patches_per_side,
        activation=activation,
        layer_scale=layer_scale,
    )
    images, text = images_and_text(tower, seed)
    expected = autograd_relevance(tower, images, text, first_block=layers - 1)
    torch.testing.assert_close(closed_form(tower, images, text), expected, rtol=1e-9, atol=1e-10)
    assert layer_scale == 1e-2 or expected.any()


def test_relevance_is_of_each_crop_and_phrase_alone():
    tower = tiny_tower()
    images, text = images_and_text(tower, 1, crops=5)
    together = closed_form(tower, images, text)
    assert (together >= 0).all()
    for crop in range(5):
        for phrase in range(4):
            alone = closed_form(tower, images[crop : crop + 1], text[phrase : phrase + 1])
            torch.testing.assert_close(together[phrase, crop], alone[0, 0])


def test_batches_do_not_show():
    tower = tiny_tower()
    images, text = images_and_text(tower, 2, crops=140)  # more than are explained at once
    whole = closed_form(tower, images, text)
    torch.testing.assert_close(closed_form(tower, images, text, batch=3), whole)


def test_longer_text_features_only_scale_the_answer():
    """Means of unit vectors are shorter than one; the logit is linear in them."""
    tower = tiny_tower()
    images, text = images_and_text(tower, 3)
    whole = closed_form(tower, images, text)
    torch.testing.assert_close(closed_form(tower, images, 0.25 * text), 0.25 * whole)


def test_an_activation_without_a_known_derivative_is_refused_by_name():
    tower = tiny_tower(activation=nn.SiLU)
    images, text = images_and_text(tower, 0)
    with pytest.raises(EncoderError, match="SiLU"):
        closed_form(tower, images, text)
