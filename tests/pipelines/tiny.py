"""A box on a floor seen by a small camera, and networks that answer in a moment."""

from __future__ import annotations

import argparse
import pickle
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from lexel.completion.checkpoints import Network
from lexel.geometry.transforms import invert, split_similarity
from lexel.pipelines.networks import LoadedNetwork
from lexel.scene import Description, Scene, View
from tests.completion.small import small_network

HEIGHT, WIDTH = 32, 40
K = np.array([[60.0, 0, WIDTH / 2], [0, 60.0, HEIGHT / 2], [0, 0, 1]])
# An upright OpenCV camera 0.9 m above the floor that looks along +x, 30 degrees down.
_S, _C = 0.5, np.sqrt(0.75)
POSE = np.array([[0, -_S, _C, -0.95], [-1, 0, 0, 0], [0, -_C, -_S, 0.9], [0, 0, 0, 1.0]])
BOX_LOWER, BOX_UPPER = np.array([0.0, -0.2, 0.0]), np.array([0.4, 0.2, 0.35])
FLOOR_END_X = 0.95  # beyond it there is nothing to measure
LABELS = ("mug", "table", "floor lamp")
DESCRIPTIONS = (Description("mug", "on", "table"), Description("floor lamp", "behind", "table"))


def _depth() -> npt.NDArray[np.float32]:
    """z-depth of the nearest of floor and box along each pixel's ray; 0 where there is neither."""
    v, u = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    rays = np.stack([(u - K[0, 2]) / K[0, 0], (v - K[1, 2]) / K[1, 1], np.ones_like(u)], -1)
    directions, start = rays @ POSE[:3, :3].T, POSE[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.where(directions[..., 2] < 0, -start[2] / directions[..., 2], np.inf)
        floor[start[0] + floor * directions[..., 0] > FLOOR_END_X] = np.inf
        near, far = (BOX_LOWER - start) / directions, (BOX_UPPER - start) / directions
    enter = np.minimum(near, far).max(-1)
    box = np.where(enter <= np.maximum(near, far).min(-1), enter, np.inf)
    depth = np.minimum(floor, box)
    return np.where(np.isfinite(depth), depth, 0).astype(np.float32)


def tiny_scene(**changes: Any) -> Scene:
    """The scene in the networks' box as it stands."""
    rgb = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    scene = Scene("tiny room", View(rgb, _depth(), K.copy(), POSE.copy()), LABELS, DESCRIPTIONS)
    return replace(scene, **changes)


def moved(scene: Scene, box_from_world: npt.NDArray[np.float64]) -> Scene:
    """The same scene in a world that a similarity takes to the box."""
    pose, scale = split_similarity(invert(box_from_world) @ scene.view.world_from_camera)
    depth = (scene.view.depth_m * scale).astype(np.float32)
    view = replace(scene.view, depth_m=depth, world_from_camera=pose)
    return replace(scene, view=view, box_from_world=box_from_world)


def tiny_network(
    kind: type[Network], *, weights: str = "tiny.pth", **changes: Any
) -> LoadedNetwork[Any]:
    """A small random network that passes for a loaded one."""
    network = small_network(kind, **changes)
    return LoadedNetwork(network, {"class": kind.__name__, "weights": weights, "sha256": ""})


def write_checkpoint(folder: Path, network: Network, **changes: Any) -> Path:
    """A folder as published: `latest.pth` saved after distributed training, and `args.pkl`."""
    args = {key: _lists(value) for key, value in asdict(network.config).items()}
    folder.mkdir(parents=True)
    net = {f"module.{key}": tensor for key, tensor in network.state_dict().items()}
    torch.save({"net": net, "optimizer": {"state": {}}, "epochs": 3}, folder / "latest.pth")
    settings = argparse.Namespace(**{**args, "lr": 1e-3, "approach": "ours", **changes})
    (folder / "args.pkl").write_bytes(pickle.dumps(settings))
    return folder


def _lists(value: Any) -> Any:
    return [_lists(v) for v in value] if isinstance(value, tuple) else value
