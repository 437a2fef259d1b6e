"""U-Net volumes are computed once per name, and only a few are kept."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from lexel.completion.networks import SemAbs3D
from lexel.completion.volumes import FeatureVolumes
from tests.completion.small import random_cloud, random_map, small_network


@contextmanager
def count_passes(network) -> Iterator[list[object]]:
    """One entry per run of the U-Net."""
    passes: list[object] = []
    first = network.vol_feature_extractor.encoders[0]
    handle = first.register_forward_hook(lambda *_: passes.append(1))
    try:
        yield passes
    finally:
        handle.remove()


@pytest.fixture
def network():
    return small_network(SemAbs3D)


def volumes_of(network, capacity=2):
    return FeatureVolumes(network, random_cloud(network.config), capacity)


def test_a_volume_asked_again_is_the_same_one(network):
    volumes = volumes_of(network)
    with count_passes(network) as passes:
        first = volumes.of_relevancy("mug", random_map(1))
        assert volumes.of_relevancy("mug", random_map(1)) is first
        assert len(passes) == 1


def test_the_last_ones_used_are_kept(network):
    volumes = volumes_of(network, capacity=2)
    with count_passes(network) as passes:
        for name in ["a", "b", "a", "c", "a", "b"]:  # c puts b out, not a
            volumes.of_relevancy(name, random_map(ord(name)))
        assert len(passes) == 4


def test_memory_is_bounded_by_the_capacity(network):
    volumes, alive = volumes_of(network, capacity=3), []
    for number in range(6):
        alive.append(weakref.ref(volumes.of_relevancy(number, random_map(number))))
        assert sum(volume() is not None for volume in alive) <= 3


def test_a_volume_is_the_u_net_s_before_its_last_convolution(network):
    cloud = random_cloud(network.config)
    volume = FeatureVolumes(network, cloud, 1).of_relevancy("mug", random_map(1))
    features = cloud.relevancy(random_map(1))
    with torch.no_grad():
        expected = network.volumes(cloud.xyz[None], features[None, None])
        torch.testing.assert_close(network.vol_feature_extractor.final_conv(volume), expected)
    assert not volume.requires_grad
