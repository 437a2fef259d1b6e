"""The real scene's cloud, bounds, TSDF and frustum, as the published code makes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lexel.geometry.cameras import back_project, in_frustum, published_intrinsics
from lexel.geometry.transforms import apply
from lexel.geometry.tsdf import compute_tsdf
from lexel.geometry.voxels import VoxelGrid
from lexel.io import load_scene
from lexel.scene import View


@pytest.fixture(scope="module")
def published(golden: Path) -> Mapping[str, Any]:
    with np.load(golden / "scene_preproc_and_inference_small.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def view(shared_data: Path) -> View:
    return load_scene(shared_data / "semabs" / "arkit_vn_poster.pkl", compat="reference").view


def _cloud(view: View) -> np.ndarray:
    points = back_project(view.depth_m, view.intrinsics).reshape(-1, 3)
    return apply(view.world_from_camera, points)


def test_cloud(view: View, published: Mapping[str, Any]) -> None:
    np.testing.assert_allclose(_cloud(view), published["xyz_world"], rtol=0, atol=1e-5)


def test_bounds_mask(view: View, published: Mapping[str, Any]) -> None:
    np.testing.assert_array_equal(VoxelGrid().contains(_cloud(view)), published["in_bounds"])


def test_tsdf(view: View, published: Mapping[str, Any]) -> None:
    expected = published["tsdf64"]
    grid = VoxelGrid(shape=expected.shape)
    tsdf = compute_tsdf(
        view.depth_m,
        view.intrinsics,
        view.world_from_camera,
        grid.lower_m,
        float(grid.voxel_size_m[0]),
        grid.shape,
    )
    np.testing.assert_allclose(tsdf, expected, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(tsdf > 0, expected > 0)


def test_frustum(view: View, published: Mapping[str, Any]) -> None:
    side = round(len(published["frustum32"]) ** (1 / 3))
    mask = in_frustum(
        VoxelGrid(shape=(side, side, side)).lattice().reshape(-1, 3),
        published_intrinsics(view.intrinsics),
        view.world_from_camera,
        (view.width_px, view.height_px),
    )
    np.testing.assert_array_equal(mask, published["frustum32"])
