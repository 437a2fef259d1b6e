"""Decoding a whole lattice gives what the decoder gives point by point."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.completion.lattice import LatticeDecoder, Places, decode_cosine, decode_logits
from lexel.completion.networks import (
    COSINE_TEMPERATURE,
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.completion.ovssc import Completer, Evidence
from lexel.completion.volumes import FeatureVolumes
from lexel.completion.vool import Localiser
from lexel.geometry.voxels import VoxelGrid
from lexel.scene import RELATIONS, Description
from tests.completion.small import random_cloud, random_map, small_network

TOLERANCE = {"rtol": 1e-4, "atol": 1e-4}
MUG_ON_SOFA = Description("mug", "on the left of", "sofa")


def grid_of(network, shape):
    return VoxelGrid(*network.config.scene_bounds, shape)


def everywhere(grid):
    """Every place of the lattice, as the networks' queries [1, 1, Q, 3]."""
    return torch.from_numpy(grid.lattice().reshape(1, 1, -1, 3)).float()


def evidence_of(seed):
    return Evidence(random_map(seed), torch.randn(512, generator=torch.Generator().manual_seed(9)))


shapes = st.tuples(*[st.integers(2, 21)] * 3)
seeds = st.integers(0, 2**31)


@settings(max_examples=12)
@given(shapes, st.booleans(), seeds, st.sampled_from(["all", "some", "none", "one"]))
def test_completion_point_by_point(shape, concat_xyz, seed, which):
    network = small_network(SemAbs3D, seed, decoder_concat_xyz_pts=concat_xyz)
    cloud, grid, evidence = random_cloud(network.config), grid_of(network, shape), evidence_of(1)
    draw = torch.Generator().manual_seed(seed)
    wanted = torch.rand(shape, generator=draw) < {"all": 2, "some": 0.2}.get(which, -1)
    if which == "one":
        wanted.view(-1)[seed % wanted.numel()] = True

    got = Completer(network, cloud, grid, wanted).ask("mug", evidence)

    features = cloud.relevancy(evidence.relevancy)
    with torch.no_grad():
        expected = network(cloud.xyz[None], features[None, None], everywhere(grid))[0, 0]
    torch.testing.assert_close(got, expected[wanted.view(-1)], **TOLERANCE)


@pytest.mark.parametrize("concat_xyz", [True, False])
def test_completion_from_colour_point_by_point(concat_xyz):
    network = small_network(SemanticAwareOVSSC, decoder_concat_xyz_pts=concat_xyz)
    cloud, grid, evidence = (
        random_cloud(network.config),
        grid_of(network, (9, 7, 8)),
        evidence_of(1),
    )
    wanted = torch.rand(grid.shape, generator=torch.Generator().manual_seed(0)) < 0.5
    got = Completer(network, cloud, grid, wanted).ask("mug", evidence)
    with torch.no_grad():
        expected = network(
            cloud.xyz[None], cloud.rgb[None, None], everywhere(grid), evidence.text[None, None]
        )[0, 0]
    torch.testing.assert_close(got, expected[wanted.view(-1)], **TOLERANCE)


@settings(max_examples=8)
@given(shapes, st.booleans(), seeds, st.sampled_from(RELATIONS))
def test_localisation_point_by_point(shape, concat_xyz, seed, relation):
    network = small_network(SemAbsVOOL, seed, decoder_concat_xyz_pts=concat_xyz)
    cloud, grid = random_cloud(network.config), grid_of(network, shape)
    evidence = {"mug": evidence_of(1), "sofa": evidence_of(2)}
    got = Localiser(network, cloud, grid).ask(
        Description("mug", relation, "sofa"), evidence.__getitem__
    )

    target, reference = (cloud.relevancy(evidence[n].relevancy)[None, None] for n in evidence)
    with torch.no_grad():
        expected = network(cloud.xyz[None], target, reference, [[relation]], everywhere(grid))
    torch.testing.assert_close(got, expected[0, 0], **TOLERANCE)
    assert got.abs().max() <= 1.0001 / COSINE_TEMPERATURE


def test_localisation_from_colour_point_by_point():
    network = small_network(SemanticAwareVOOL)
    cloud, grid = random_cloud(network.config), grid_of(network, (9, 7, 8))
    mug, sofa = torch.randn(2, 512, generator=torch.Generator().manual_seed(0))
    evidence = {"mug": Evidence(random_map(1), mug), "sofa": Evidence(random_map(2), sofa)}
    got = Localiser(network, cloud, grid).ask(MUG_ON_SOFA, evidence.__getitem__)
    with torch.no_grad():
        expected = network(
            cloud.xyz[None],
            cloud.rgb[None, None],
            mug[None, None],
            sofa[None, None],
            [[MUG_ON_SOFA.relation]],
            everywhere(grid),
        )
    torch.testing.assert_close(got, expected[0, 0], **TOLERANCE)


@pytest.mark.parametrize("concat_xyz", [True, False])
def test_localisation_from_a_sentence_point_by_point(concat_xyz):
    network = small_network(ClipSpatialVOOL, decoder_concat_xyz_pts=concat_xyz)
    cloud, grid = random_cloud(network.config), grid_of(network, (9, 7, 8))
    evidence = {str(MUG_ON_SOFA): evidence_of(1)}
    got = Localiser(network, cloud, grid).ask(MUG_ON_SOFA, evidence.__getitem__)
    features = cloud.relevancy(random_map(1))
    with torch.no_grad():
        expected = network(cloud.xyz[None], features[None, None], everywhere(grid))[0, 0]
    torch.testing.assert_close(got, expected, **TOLERANCE)


@pytest.mark.parametrize("voxels", [(8, 8, 8), (8, 16, 12), (16, 8, 12)])
def test_volumes_need_not_be_cubes(voxels):
    network = small_network(SemAbs3D, voxel_shape=voxels)
    cloud, grid = random_cloud(network.config), grid_of(network, (7, 11, 5))
    wanted = torch.ones(grid.shape, dtype=torch.bool)
    got = Completer(network, cloud, grid, wanted).ask("mug", evidence_of(1))
    features = cloud.relevancy(random_map(1))
    with torch.no_grad():
        expected = network(cloud.xyz[None], features[None, None], everywhere(grid))[0, 0]
    torch.testing.assert_close(got, expected, **TOLERANCE)


@pytest.mark.parametrize("grid_shape", [(2, 2, 2), (40, 3, 2), (16, 16, 16), (33, 34, 35)])
def test_a_lattice_inside_the_box_is_read_where_it_stands(grid_shape):
    """A lattice finer or coarser than the voxels, over a part of the box only."""
    network = small_network(SemAbs3D)
    grid = VoxelGrid((-0.3, 0.1, 0.0), (0.9, 0.2, 1.0), grid_shape)
    cloud = random_cloud(network.config)
    volume = FeatureVolumes(network, cloud, 1).of_relevancy("mug", random_map(1))
    final = network.vol_feature_extractor.final_conv
    decoder = LatticeDecoder(network.visual_sampler, final, network.config, grid)
    got = decode_logits(decoder, volume, Places.of(torch.ones(grid_shape, dtype=torch.bool)))
    with torch.no_grad():
        expected = network.visual_sampler(final(volume), everywhere(grid)[0])[0, :, 0]
    torch.testing.assert_close(got, expected, **TOLERANCE)


def test_nothing_wanted_is_nothing_decoded():
    network = small_network(SemanticAwareOVSSC)
    cloud, grid = random_cloud(network.config), grid_of(network, (5, 5, 5))
    volume = FeatureVolumes(network, cloud, 1).of_colour()
    final = network.vol_feature_extractor.final_conv
    decoder = LatticeDecoder(network.visual_sampler, final, network.config, grid)
    nowhere = torch.zeros(grid.shape, dtype=torch.bool)
    assert list(decoder.planes([volume], nowhere.flatten(1).any(1))) == []
    assert decode_cosine(decoder, [volume], torch.ones(512), Places.of(nowhere)).shape == (0,)


def test_a_query_s_length_has_no_say_in_a_cosine():
    network = small_network(SemanticAwareOVSSC)
    cloud, grid = random_cloud(network.config), grid_of(network, (6, 5, 4))
    wanted = torch.ones(grid.shape, dtype=torch.bool)
    completer, text = Completer(network, cloud, grid, wanted), evidence_of(1).text
    short, long = (completer.ask("mug", Evidence(random_map(1), k * text)) for k in (0.01, 100.0))
    np.testing.assert_allclose(short.numpy(), long.numpy(), rtol=1e-4, atol=1e-4)
