"""The U-Net folded for inference is the plain U-Net that is trained."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lexel.completion.unet import NormalisedConv, ResidualUNet3D


def shaken(module, seed):
    """Random normalisations too: at their start they scale by 1 and shift by 0."""
    torch.manual_seed(seed)
    for parameter in module.parameters():
        parameter.data.copy_(torch.randn(parameter.shape) * 0.5)
    return module


def folded_and_plain(module, volume):
    for part in module.modules():
        if isinstance(part, NormalisedConv):
            part.fold_from = 0  # small volumes, for the test's sake
    with torch.no_grad():
        folded = module(volume)
    with torch.enable_grad():
        plain = module(volume)
    assert plain.requires_grad and not folded.requires_grad
    return folded, plain.detach()


sizes = st.tuples(*[st.integers(1, 7)] * 3)


@settings(max_examples=40)
@given(
    sizes,
    st.sampled_from([(1, 4), (3, 4), (4, 4), (8, 4), (12, 4), (8, 1)]),
    st.integers(1, 5),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 2**31),
)
def test_a_folded_convolution_equals_the_plain_one(size, widths, out, relu, batch, seed):
    assume(math.prod(size) > 2)  # of fewer values no variance can be told
    channels, groups = widths  # fewer channels than groups are one group
    module = shaken(NormalisedConv(channels, out, groups, relu), seed)
    volume = torch.randn(batch, channels, *size) * 3 + 1
    before = volume.clone()
    folded, plain = folded_and_plain(module, volume)
    torch.testing.assert_close(folded, plain, rtol=1e-3, atol=2e-4)
    assert torch.equal(volume, before)


@settings(max_examples=12)
@given(
    levels=st.integers(1, 3),
    factors=st.tuples(*[st.integers(1, 3)] * 3).filter(lambda f: math.prod(f) > 2),
    width=st.sampled_from([2, 4, 8]),
    channels=st.sampled_from([(1, 3), (8, 8)]),
    batch=st.integers(1, 2),
    seed=st.integers(0, 2**31),
)
def test_a_folded_network_equals_the_plain_one(levels, factors, width, channels, batch, seed):
    torch.manual_seed(seed)
    module = ResidualUNet3D(*channels, width=width, levels=levels, groups=4)
    size = [factor << (levels - 1) for factor in factors]
    volume = torch.randn(batch, channels[0], *size)
    before = volume.clone()
    folded, plain = folded_and_plain(module, volume)
    assert folded.shape == (batch, channels[1], *size)
    torch.testing.assert_close(folded, plain, rtol=1e-3, atol=1e-4)
    assert torch.equal(volume, before)


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_constant_volume_has_no_variance_and_no_harm(value):
    module = shaken(NormalisedConv(8, 4, 4, relu=False), 0)
    folded, plain = folded_and_plain(module, torch.full((1, 8, 5, 4, 3), value))
    torch.testing.assert_close(folded, plain, rtol=1e-3, atol=5e-3)
    assert torch.isfinite(folded).all()


def test_scenes_of_a_batch_do_not_touch_each_other():
    torch.manual_seed(0)
    module = ResidualUNet3D(4, 4, width=4, levels=2, groups=2)
    volumes = torch.randn(3, 4, 4, 6, 8)
    with torch.no_grad():
        alone = torch.cat([module(volume[None]) for volume in volumes])
        torch.testing.assert_close(module(volumes), alone)


def test_channels_last_volumes_are_read_alike():
    torch.manual_seed(0)
    module = ResidualUNet3D(8, 8, width=8, levels=2, groups=4)
    volume = torch.randn(1, 8, 6, 4, 8)
    with torch.no_grad():
        got = module(volume.to(memory_format=torch.channels_last_3d))
        torch.testing.assert_close(got, module(volume), rtol=1e-4, atol=1e-5)
