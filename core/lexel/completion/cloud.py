"""The points of a view that a network reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lexel.completion.config import NetworkConfig
from lexel.geometry.cameras import back_project
from lexel.geometry.transforms import apply, split_similarity
from lexel.scene import Scene, View

_RGB_MAX = 255.0


@dataclass(frozen=True, eq=False)
class NetworkCloud:
    """Points inside the networks' box.

    Attributes:
        xyz: [N, 3] float32, box frame.
        pixel: [N] int64, the pixel each comes from, counted row by row.
        rgb: [N, 3] float32, 0..1.
    """

    xyz: Tensor
    pixel: Tensor
    rgb: Tensor

    def __len__(self) -> int:
        return len(self.xyz)

    def __getitem__(self, index: Tensor) -> NetworkCloud:
        return NetworkCloud(self.xyz[index], self.pixel[index], self.rgb[index])

    def to(self, device: torch.device) -> NetworkCloud:
        return NetworkCloud(self.xyz.to(device), self.pixel.to(device), self.rgb.to(device))

    def relevancy(self, relevancy_map: Tensor) -> Tensor:
        """A map [H, W] at the points: [N, 1]."""
        return relevancy_map.reshape(-1)[self.pixel, None]


def view_in_box(scene: Scene) -> View:
    """The scene's view with its camera and depth in the networks' box."""
    rigid, scale = split_similarity(scene.box_from_world @ scene.view.world_from_camera)
    depth = (scene.view.depth_m * scale).astype(np.float32)
    return View(scene.view.rgb, depth, scene.view.intrinsics, rigid)


def view_points(view: View) -> npt.NDArray[np.float32]:
    """World positions of all pixels, row by row: (H·W, 3) float32; at depth 0, the camera's."""
    camera = back_project(view.depth_m, view.intrinsics).reshape(-1, 3)
    return apply(view.world_from_camera, camera).astype(np.float32)


def network_cloud(view: View, config: NetworkConfig, *, reference: bool = False) -> NetworkCloud:
    """The view's points inside the box; `reference` takes pixels without depth for points too."""
    points = view_points(view)
    low, high = np.array(config.scene_bounds, np.float32)
    kept = ((points >= low) & (points <= high)).all(1)
    if not reference:
        kept &= view.depth_m.reshape(-1) > 0
    pixel = np.flatnonzero(kept)
    rgb = view.rgb.reshape(-1, 3)[pixel].astype(np.float32) / _RGB_MAX
    return NetworkCloud(
        torch.from_numpy(points[pixel]), torch.from_numpy(pixel), torch.from_numpy(rgb)
    )


def draw_points(cloud: NetworkCloud, num_points: int, seed: int) -> NetworkCloud:
    """At most `num_points` of the points, the same ones for the same seed."""
    if len(cloud) <= num_points:
        return cloud
    chosen = np.random.default_rng(seed).choice(len(cloud), num_points, replace=False)
    return cloud[torch.from_numpy(np.sort(chosen))]
