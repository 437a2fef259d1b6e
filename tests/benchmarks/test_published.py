"""The baseline is honest: the re-stated published schedule gives Lexel's and the golden numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.published.networks import PlainNetwork
from benchmarks.published.relevancy import relevancy, scales_of_ours, tiles_of_scale
from benchmarks.published.schedule import (
    Asked,
    best_labels,
    complete_label,
    kept_places,
    locate_description,
)
from benchmarks.published.tower import PlainTower
from lexel.completion import ovssc, vool
from lexel.completion.checkpoints import untrained_network
from lexel.completion.cloud import NetworkCloud
from lexel.completion.config import NetworkConfig
from lexel.completion.networks import SemAbs3D, SemAbsVOOL
from lexel.completion.reference import PublishedSchedule
from lexel.encoders.clip import ClipEncoder, encoder_from_tensors, make_encoder
from lexel.encoders.weights import load_tensors
from lexel.geometry.voxels import VoxelGrid
from lexel.relevancy.extractor import prepare_crops
from lexel.relevancy.presets import get_preset
from lexel.relevancy.tiles import published_tile_grids
from lexel.scene import Description

SMALL = NetworkConfig(
    voxel_shape=(16, 16, 16),
    unet_num_channels=8,
    unet_f_maps=8,
    unet_num_levels=3,
    unet_num_groups=4,
    num_input_pts=300,
)
GRID = VoxelGrid(shape=(12, 12, 12))
CHUNK = 1000


@pytest.fixture(scope="module")
def expected(golden: Path) -> Mapping[str, Any]:
    with np.load(golden / "relevancy_tiny_clip.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def encoder(golden: Path) -> ClipEncoder:
    file = golden / "clip_tiny_seed1.pth"
    model = encoder_from_tensors(load_tensors(file), None, quick_gelu=True, where=file)
    return make_encoder(model, "tiny", "golden")


def test_golden_relevancy(encoder: ClipEncoder, expected: Mapping[str, Any]) -> None:
    run = "chefer_landscape"
    config = json.loads(str(expected[f"{run}/config"]))
    images = list(expected[f"{run}/images_used"])
    scales = [
        tiles_of_scale(len(images), *images[0].shape[:2], scale["tile_size"], scale["stride"])
        for scale in config["cropping_augmentations"]
    ]
    maps = relevancy(
        PlainTower.of(encoder.model.visual),
        images,
        scales,
        torch.from_numpy(expected[f"{run}/text_features"]),
        encoder.image_size_px,
        flip=config["horizontal_flipping"],
        canvas=torch.float32,
    )
    assert maps.numpy() == pytest.approx(expected[f"{run}/relevancy_fp32_accum"], abs=1e-5, rel=0)


def test_relevancy_of_ours_is_that_of_lexel(
    encoder: ClipEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portrait, whose largest scale has no crop; more labels than one batch of prompts."""
    monkeypatch.setattr("benchmarks.published.relevancy.BATCH", 2)
    rgb = np.random.default_rng(0).integers(0, 256, (40, 28, 3), np.uint8)
    text = torch.randn(3, encoder.identity.dim, generator=torch.manual_seed(0)) * 0.1
    scales = [tiles_of_scale(1, 40, 28, *scale) for scale in scales_of_ours(40)]
    plain = relevancy(
        PlainTower.of(encoder.model.visual),
        [rgb],
        [tiles[:1] for tiles in scales],
        text,
        encoder.image_size_px,
        flip=True,
        canvas=torch.float32,
    )
    grids = published_tile_grids(40, 28, get_preset("ours"))
    assert [len(tiles) for tiles in scales] == [int(grid.used.sum()) for grid in grids]
    for grid in grids:
        _keep_first(grid.used, 1)
    got = prepare_crops(encoder, [rgb], grids, flip=True, reference=True).relevancy(text)
    assert got.numpy() == pytest.approx(plain.numpy(), abs=1e-5, rel=0)


def test_completion_is_that_of_lexel() -> None:
    network = untrained_network(SemAbs3D, 0, SMALL)
    cloud, relevancy_map = _cloud()
    seen = cloud.relevancy(relevancy_map)
    plain = complete_label(PlainNetwork.of(network), _asked(cloud), seen)
    assert _schedule(cloud).complete(network, relevancy_map).numpy() == pytest.approx(
        plain.numpy(), abs=1e-4, rel=0
    )


def test_localisation_is_that_of_lexel() -> None:
    network = untrained_network(SemAbsVOOL, 0, SMALL)
    cloud, target = _cloud()
    reference = target.flip(0)
    plain = locate_description(
        PlainNetwork.of(network),
        _asked(cloud),
        cloud.relevancy(target),
        "behind",
        cloud.relevancy(reference),
    )
    got = _schedule(cloud).locate(network, Description("a", "behind", "b"), target, reference)
    assert got.numpy() == pytest.approx(plain.numpy(), abs=1e-4, rel=0)
    assert torch.equal(kept_places(plain), vool.kept(plain))


def test_answers_are_chosen_alike() -> None:
    logits = 3 * torch.randn(3, 1000, generator=torch.manual_seed(0)) - 3
    wanted = torch.rand(1000) < 0.5
    completion = ovssc.best_labels([row[wanted] for row in logits], int(wanted.sum()), -3.0)
    plain = best_labels(list(logits), wanted)
    assert torch.equal(plain[wanted], completion.label.long())
    assert bool((plain[~wanted] == ovssc.NO_LABEL).all())


def _cloud() -> tuple[NetworkCloud, Tensor]:
    """500 points in the box, and a relevancy map with one pixel for each."""
    random = np.random.default_rng(1)
    low, high = np.array(SMALL.scene_bounds)
    xyz = torch.from_numpy(random.uniform(low, high, (500, 3)).astype(np.float32))
    relevancy_map = torch.from_numpy(random.normal(size=(20, 25)).astype(np.float32))
    return NetworkCloud(xyz, torch.arange(500), xyz), relevancy_map


def _asked(cloud: NetworkCloud) -> Asked:
    places = torch.from_numpy(GRID.lattice().reshape(-1, 3).astype(np.float32))
    random = np.random.RandomState(0)
    return Asked(cloud.xyz, places, random, points=SMALL.num_input_pts, chunk=CHUNK)


def _schedule(cloud: NetworkCloud) -> PublishedSchedule:
    return PublishedSchedule(cloud, GRID, np.random.RandomState(0), chunk=CHUNK)


def _keep_first(used: Tensor, count: int) -> None:
    """Leave only the first crops of a grid in use, counted by column, then row."""
    by_column = used.T.clone()
    rank = by_column.flatten().cumsum(0).view_as(by_column)
    used.copy_((by_column & (rank <= count)).T)
