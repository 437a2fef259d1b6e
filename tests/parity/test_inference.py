"""Whole-scene inference on the real scene, by the published schedule, against published volumes.

The schedule is re-stated here around the product's own networks; the product's `reference` mode
must agree with it too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lexel.completion.cloud import NetworkCloud, network_cloud, view_in_box
from lexel.completion.reference import PublishedSchedule
from lexel.completion.region import answerable
from lexel.completion.vool import kept
from lexel.geometry.voxels import VoxelGrid
from lexel.io import load_scene
from lexel.scene import Description, View
from tests.parity.published import load_arrays, small_network

# Told by the golden file's note.
POINTS, CHUNK, OVSSC_SEED, VOOL_SEED = 4000, 2**15, 7, 8
TARGET_ROWS, REFERENCE_ROWS = (3, 4), (0, 2)
SAME_VOXELS = 0.9999
Expected = Mapping[str, Any]


@pytest.fixture(scope="module")
def expected(golden: Path) -> Expected:
    return load_arrays(golden / "scene_preproc_and_inference_small.npz")


@pytest.fixture(scope="module")
def view(shared_data: Path) -> View:
    scene = load_scene(shared_data / "semabs" / "arkit_vn_poster.pkl", compat="reference")
    return view_in_box(scene)


@pytest.fixture(scope="module")
def grid(expected: Expected) -> VoxelGrid:
    shape = expected[f"ovssc_default/{expected['classes'][0]}"].shape
    return VoxelGrid(shape=shape)


def cloud_of(view: View, network: Any) -> NetworkCloud:
    return network_cloud(view, network.config, reference=True)


def published_logits(
    cloud: NetworkCloud,
    grid: VoxelGrid,
    passes: int,
    random: np.random.RandomState,
    ask: Callable[[int, Tensor, Tensor, Tensor], Tensor],
) -> Tensor:
    """Every chunk of the lattice with points drawn anew: [passes, X·Y·Z]."""
    places = torch.from_numpy(grid.lattice().reshape(-1, 3)).float()
    rows = []
    for row in range(passes):
        logits = []
        for chunk in places.split(CHUNK):
            drawn = torch.from_numpy(random.choice(len(cloud), POINTS))
            logits.append(ask(row, cloud.xyz[drawn], cloud.pixel[drawn], chunk))
        rows.append(torch.cat(logits))
    return torch.stack(rows)


@pytest.fixture(scope="module")
def completion(golden: Path, expected: Expected, view: View, grid: VoxelGrid) -> Tensor:
    """OVSSC logits [classes, X, Y, Z]."""
    network = small_network(golden, "SemAbs3D", num_input_pts=POINTS)
    maps = torch.from_numpy(expected["synthetic_relevancy"]).flatten(1)

    def ask(row: int, xyz: Tensor, pixel: Tensor, chunk: Tensor) -> Tensor:
        return network(xyz[None], maps[row, pixel][None, None, :, None], chunk[None, None])[0, 0]

    random = np.random.RandomState(OVSSC_SEED)
    with torch.inference_mode():
        logits = published_logits(
            cloud_of(view, network), grid, len(expected["classes"]), random, ask
        )
    return logits.view(-1, *grid.shape)


def test_completion_logits_match(expected: Expected, completion: Tensor) -> None:
    published = np.moveaxis(expected["ovssc_default/logits"], -1, 0)
    assert completion.numpy() == pytest.approx(published, abs=1e-4, rel=0)


def test_label_volumes_match(
    expected: Expected, completion: Tensor, view: View, grid: VoxelGrid
) -> None:
    region = answerable(view, grid, reference=True)
    winner = completion.argmax(0).numpy()
    for index, name in enumerate(expected["classes"]):
        same = (region & (winner == index)) == (expected[f"ovssc_default/{name}"] > 0.5)
        assert same.mean() >= SAME_VOXELS, name


def test_label_volumes_match_with_a_cutoff(
    expected: Expected, completion: Tensor, view: View, grid: VoxelGrid
) -> None:
    """The file does not tell the cutoff; it can only lie between what went and what stayed."""
    region = answerable(view, grid, reference=True)
    winner, highest = completion.argmax(0).numpy(), completion.amax(0).numpy()
    names = expected["classes"]
    volumes = np.stack([expected[f"ovssc_cut/{name}"] > 0.5 for name in names])
    stayed = volumes.any(0)
    assert 0 < stayed.sum() < region.sum()
    cutoff = (highest[stayed].min() + highest[region & ~stayed].max()) / 2
    for index, name in enumerate(names):
        mine = region & (winner == index) & (highest >= cutoff)
        assert (mine == volumes[index]).mean() >= SAME_VOXELS, name


def test_reference_mode_completes_by_the_same_schedule(
    golden: Path, expected: Expected, view: View, grid: VoxelGrid, completion: Tensor
) -> None:
    network = small_network(golden, "SemAbs3D", num_input_pts=POINTS)
    random = np.random.RandomState(OVSSC_SEED)
    schedule = PublishedSchedule(cloud_of(view, network), grid, random, chunk=CHUNK)
    maps = torch.from_numpy(expected["synthetic_relevancy"])
    rows = [schedule.complete(network, maps[i]) for i in range(len(expected["classes"]))]
    assert torch.stack(rows).view_as(completion).numpy() == pytest.approx(
        completion.numpy(), abs=1e-5, rel=0
    )


def test_localisations_match(golden: Path, expected: Expected, view: View, grid: VoxelGrid) -> None:
    network = small_network(golden, "SemAbsVOOL", num_input_pts=POINTS)
    maps = torch.from_numpy(expected["synthetic_relevancy"]).flatten(1)
    descriptions = [Description(*map(str, row)) for row in expected["descs"]]

    def ask(row: int, xyz: Tensor, pixel: Tensor, chunk: Tensor) -> Tensor:
        target, reference = (
            maps[rows[row], pixel][None, None, :, None] for rows in (TARGET_ROWS, REFERENCE_ROWS)
        )
        relation = [[descriptions[row].relation]]
        return network(xyz[None], target, reference, relation, chunk[None, None])[0, 0]

    random = np.random.RandomState(VOOL_SEED)
    with torch.inference_mode():
        logits = published_logits(cloud_of(view, network), grid, len(descriptions), random, ask)
    for description, row in zip(descriptions, logits, strict=True):
        published = expected[f"vool/{description}"].reshape(-1)
        assert row.numpy() == pytest.approx(published, abs=5e-4, rel=0)
        same = kept(row).numpy() == expected[f"vool_keep/{description}"]
        assert same.mean() >= SAME_VOXELS


def test_reference_mode_locates_by_the_same_schedule(
    golden: Path, expected: Expected, view: View, grid: VoxelGrid
) -> None:
    network = small_network(golden, "SemAbsVOOL", num_input_pts=POINTS)
    random = np.random.RandomState(VOOL_SEED)
    schedule = PublishedSchedule(cloud_of(view, network), grid, random, chunk=CHUNK)
    maps = torch.from_numpy(expected["synthetic_relevancy"])
    for row, words in enumerate(expected["descs"]):
        description = Description(*map(str, words))
        logits = schedule.locate(
            network, description, maps[TARGET_ROWS[row]], maps[REFERENCE_ROWS[row]]
        )
        same = kept(logits).numpy() == expected[f"vool_keep/{description}"]
        assert same.mean() >= SAME_VOXELS
