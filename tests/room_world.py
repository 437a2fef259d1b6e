"""A tiny dataset in the synthetic world's format: boxes on a floor, rendered by hand.

No ray caster and no encoder: relevancies are blurred masks of the objects.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

HEIGHT, WIDTH = 48, 64
CELLS = 64
LABELS = ("red box", "blue box", "tall box", "flat box")
RELATIONS = ("on the left of", "on the right of", "behind", "in front of")
_LOWER, _STEP = np.array([-1.0, -1.0, -0.1]), 2 / CELLS
_K = np.array([[40.0, 0, WIDTH / 2], [0, 40.0, HEIGHT / 2], [0, 0, 1]])
# The camera at the box's near side, 0.7 above its middle, looking along +x and a little down.
_PITCH = 0.3
_FORWARD = np.array([np.cos(_PITCH), 0, -np.sin(_PITCH)])
_RIGHT = np.array([0.0, -1, 0])
_WORLD_FROM_CAMERA = np.eye(4)
_WORLD_FROM_CAMERA[:3, :3] = np.stack([_RIGHT, np.cross(_FORWARD, _RIGHT), _FORWARD], 1)
_WORLD_FROM_CAMERA[:3, 3] = (-1.3, 0.0, 0.9)


def make_dataset(
    folder: Path,
    views: int = 4,
    seed: int = 0,
    sources: tuple[str, ...] = ("oracle",),
    split: str = "train",
) -> Path:
    """Write a dataset of `views` views in shards of two, with relevancies of each source."""
    rng = np.random.default_rng(seed)
    made = [_view(rng, number, split) for number in range(views)]
    shards = []
    for start in range(0, views, 2):
        name = f"shard-{start // 2:05d}.npz"
        group = made[start : start + 2]
        arrays = {key: np.stack([v[key] for v in group]) for key in group[0] if key != "facts"}
        folder.mkdir(parents=True, exist_ok=True)
        facts = json.dumps([v["facts"] for v in group])
        np.savez_compressed(folder / name, meta=np.array(facts), **arrays)
        for number, source in enumerate(sources):
            _write_relevancies(folder / "relevancies" / source / name, group, 10.0**-number, rng)
        shards.append({"file": name, "views": len(group), "sha256": ""})
    index = {"format": 1, "split": split, "seed": seed, "shards": shards}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def _view(rng: np.random.Generator, number: int, split: str) -> dict[str, Any]:
    shapes = {"red box": (0.3, 0.3, 0.3), "blue box": (0.3, 0.3, 0.3)}
    shapes |= {"tall box": (0.2, 0.2, 0.6), "flat box": (0.5, 0.4, 0.1)}
    corners, slots = [], rng.permutation(4)
    for label, slot in zip(LABELS, slots, strict=True):
        low = np.array([-0.5 + 0.7 * (slot // 2), -0.6 + 0.7 * (slot % 2), 0.0])
        low += rng.uniform(0, 0.15, 3) * (1, 1, 0)
        corners.append((low, low + shapes[label]))
    depth, instance = _render(corners)
    truth = _truth(corners)
    objects = [
        {
            "id": i + 1,
            "name": label,
            "label": label,
            "colour": label.split()[0],
            "pixels": int((instance == i + 1).sum()),
            "cells": int((truth == i + 1).sum()),
            "novel": label == "flat box",
        }
        for i, label in enumerate(LABELS)
    ]
    return {
        "rgb": np.random.default_rng(0).integers(0, 255, (5, 3)).astype(np.uint8)[instance],
        "depth_mm": np.round(depth * 1000).astype(np.uint16),
        "instance": instance,
        "K": _K.astype(np.float32),
        "world_from_camera": _WORLD_FROM_CAMERA.astype(np.float32),
        "box_from_world": np.eye(4, dtype=np.float32),
        "truth": truth,
        "facts": {
            "room": f"{split}-{number // 2}",
            "kind": "kitchen",
            "objects": objects,
            "descriptions": _descriptions(corners),
        },
    }


def _render(corners: list[Any]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
    """z-depth in metres and ids: slabs of every box, and a floor at z = 0."""
    v, u = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    rays = np.stack([(u - _K[0, 2]) / _K[0, 0], (v - _K[1, 2]) / _K[1, 1], np.ones_like(u)], -1)
    rays = rays @ _WORLD_FROM_CAMERA[:3, :3].T
    eye = _WORLD_FROM_CAMERA[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = -eye[2] / rays[..., 2]
        depth = np.where((floor > 0) & (floor < 6), floor, 6.0)
        instance = np.zeros(depth.shape, np.uint8)
        for i, (low, high) in enumerate(corners):
            a, b = (low - eye) / rays, (high - eye) / rays
            near, far = np.minimum(a, b).max(-1), np.maximum(a, b).min(-1)
            hit = (near < far) & (near > 0) & (near < depth)
            depth, instance = np.where(hit, near, depth), np.where(hit, i + 1, instance)
    return depth, instance.astype(np.uint8)


def _truth(corners: list[Any]) -> npt.NDArray[np.uint8]:
    axes = [low + (np.arange(CELLS) + 0.5) * _STEP for low in _LOWER]
    centres = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    truth = np.zeros((CELLS,) * 3, np.uint8)
    for i, (low, high) in enumerate(corners):
        truth[((centres >= low) & (centres < high)).all(-1)] = i + 1
    return truth


def _descriptions(corners: list[Any]) -> list[dict[str, Any]]:
    told = []
    for i, (low, _) in enumerate(corners):
        for j, (other, _) in enumerate(corners):
            away = low - other
            if i == j or abs(away[0]) > 0.4:
                continue
            words = {"target_label": LABELS[i], "reference_label": LABELS[j]}
            relation = RELATIONS[0 if away[1] > 0 else 1]
            told.append({"target": i + 1, "relation": relation, "reference": j + 1, **words})
    return told


def _write_relevancies(
    file: Path, views: list[dict[str, Any]], gain: float, rng: np.random.Generator
) -> None:
    maps, means, features, phrases, offset = [], [], [], [], [0]
    for view in views:
        words = list(LABELS)
        own = [(view["instance"] == i + 1).astype(np.float32) for i in range(len(LABELS))]
        for told in view["facts"]["descriptions"]:
            words.append(
                f"the {told['target_label']} {told['relation']} the {told['reference_label']}"
            )
            own.append(own[told["target"] - 1])
        means.append(gain * np.mean(own[: len(LABELS)], 0))
        maps += [gain * (m + 0.05 * rng.random(m.shape)) for m in own]
        features += [_feature(word) for word in words]
        phrases.append(words)
        offset.append(len(maps))
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        file,
        maps=np.array(maps, np.float16),
        mean=np.array(means, np.float16),
        scale=np.full(len(views), gain, np.float32),
        offset=np.array(offset, np.int32),
        features=np.array(features, np.float16),
        phrases=np.array(json.dumps(phrases)),
    )


def _feature(word: str) -> npt.NDArray[np.float64]:
    feature = np.random.default_rng(list(word.encode())).normal(size=12)
    return feature / np.linalg.norm(feature)
