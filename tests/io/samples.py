"""A small room as every reader's kind of file, and what must hold of whatever is read."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lzfse
import numpy as np
from PIL import Image

from lexel.errors import InputError
from lexel.geometry.transforms import split_similarity
from lexel.io import load_scene
from lexel.scene import Scene
from tests.geometry.strategies import is_rigid

WIDTH, HEIGHT = 32, 24
K = np.array([[30.0, 0, 15.5], [0, 30.0, 11.5], [0, 0, 1]])  # published: centres at integers
# Upright OpenCV camera 1.2 m above the floor, looking along +x and 30 degrees down.
_S, _C = 0.5, np.sqrt(0.75)
POSE = np.array([[0, -_S, _C, -1.5], [-1, 0, 0, 0], [0, -_C, -_S, 1.2], [0, 0, 0, 1.0]])
LABELS = ["chair", "table"]
DESCRIPTIONS = [["mug", "on", "table"]]


def depth_of_room() -> np.ndarray:
    """(H, W) float32: a floor at z = 0 and a wall at x = 0.9, seen by the camera above."""
    v, u = np.mgrid[:HEIGHT, :WIDTH]
    rays = np.stack([(u - K[0, 2]) / K[0, 0], (v - K[1, 2]) / K[1, 1], np.ones(u.shape)], -1)
    directions = rays @ POSE[:3, :3].T
    with np.errstate(divide="ignore"):
        floor = np.where(directions[..., 2] < 0, -POSE[2, 3] / directions[..., 2], np.inf)
        wall = np.where(directions[..., 0] > 0, 2.4 / directions[..., 0], np.inf)
    return np.minimum(floor, wall).astype(np.float32)


def rgb_of_room() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)


def semabs_dict() -> dict[str, Any]:
    return {
        "rgb": rgb_of_room(),
        "depth": depth_of_room(),
        "cam_intr": K.copy(),
        "cam_extr": POSE.copy(),
        "ovssc_obj_classes": list(LABELS),
        "descriptions": [list(d) for d in DESCRIPTIONS],
    }


def write_semabs(folder: Path, **changes: Any) -> Path:
    """The pickle with keys changed; a change to `...` takes the key out."""
    scene = {**semabs_dict(), **changes}
    path = folder / "room.pkl"
    path.write_bytes(pickle.dumps({k: v for k, v in scene.items() if v is not ...}))
    return path


def write_seven_scenes(folder: Path, frames: int = 2) -> Path:
    """7-Scenes layout; the world is the first camera's, as there."""
    scan = folder / "scan"
    scan.mkdir()
    depth_mm = np.rint(depth_of_room() * 1000).astype(np.uint16)
    for i in range(frames):
        stem = f"frame-{i:06d}"
        Image.fromarray(rgb_of_room()).save(scan / f"{stem}.color.png")
        Image.fromarray(depth_mm).save(scan / f"{stem}.depth.png")
        np.savetxt(scan / f"{stem}.pose.txt", np.eye(4))
    np.savetxt(scan / "camera-intrinsics.txt", K)
    return scan


def record3d_metadata(frames: int = 1) -> dict[str, Any]:
    """POSE in a Y-up world with ARKit's camera axes, as quaternion and position."""
    arkit = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0.0]]) @ POSE[:3, :3] @ np.diag([1, -1, -1])
    w = np.sqrt(max(0.0, 1 + np.trace(arkit))) / 2
    xyz = np.array(
        [arkit[2, 1] - arkit[1, 2], arkit[0, 2] - arkit[2, 0], arkit[1, 0] - arkit[0, 1]]
    ) / (4 * w)
    x, y, z = POSE[:3, 3]
    return {
        "w": 2 * WIDTH,
        "h": 2 * HEIGHT,
        "dw": WIDTH,
        "dh": HEIGHT,
        # of the colour image, twice the depth's size: c' + 0.5 = 2 (c + 0.5)
        "K": [60.0, 0, 0, 0, 60.0, 0, 31.5, 23.5, 1],
        "fps": 60,
        "poses": [[*xyz.tolist(), float(w), x, z, -y]] * frames,
    }


def write_record3d(
    folder: Path, members: Mapping[str, bytes] | None = None, **metadata: Any
) -> Path:
    """The zip with members and metadata keys replaced; a change to `...` takes it out."""
    picture = io.BytesIO()
    colours = Image.fromarray(rgb_of_room()).resize((2 * WIDTH, 2 * HEIGHT))
    colours.save(picture, "JPEG")
    described = {**record3d_metadata(), **metadata}
    content: dict[str, Any] = {
        "metadata": json.dumps({k: v for k, v in described.items() if v is not ...}).encode(),
        "rgbd/0.jpg": picture.getvalue(),
        "rgbd/0.depth": lzfse.compress(depth_of_room().astype("<f4").tobytes()),
        "rgbd/0.conf": lzfse.compress(np.full(WIDTH * HEIGHT, 2, np.uint8).tobytes()),
        **(members or {}),
    }
    path = folder / "room.r3d"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            if data is not ...:
                archive.writestr(name, data)
    return path


def write_view_folder(folder: Path) -> Path:
    """Lexel's own folder, its camera counting pixel centres at +0.5."""
    view = folder / "view"
    view.mkdir()
    k = K + np.array([[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]])
    arrays = {"rgb": rgb_of_room(), "depth_m": depth_of_room(), "K": k, "world_from_camera": POSE}
    np.savez(view / "scene.npz", **arrays)
    words = {"format": 1, "name": "room", "labels": LABELS, "descriptions": DESCRIPTIONS}
    (view / "scene.json").write_text(json.dumps(words), encoding="utf-8")
    return view


def colours_of(table: np.ndarray) -> np.ndarray:
    """(N, 3) colours of a cloud as `read_ply` gives it."""
    return np.stack([table[name] for name in ("red", "green", "blue")], axis=1)


def check_contract(scene: Scene) -> None:
    """What every reader promises of every scene it returns."""
    view = scene.view
    assert view.rgb.dtype == np.uint8
    assert view.rgb.shape == (*view.depth_m.shape, 3)
    assert view.depth_m.dtype == np.float32
    assert np.isfinite(view.depth_m).all()
    assert (view.depth_m >= 0).all()
    assert (view.depth_m > 0).any()
    assert view.intrinsics.shape == (3, 3)
    assert np.isfinite(view.intrinsics).all()
    assert is_rigid(view.world_from_camera)
    assert is_rigid(scene.world_from_source)
    rigid, scale = split_similarity(scene.box_from_world)
    assert is_rigid(rigid)
    assert 0 < scale <= 1 + 1e-9
    assert all(isinstance(label, str) and label.strip() for label in scene.labels)


def read_or_refuse(path: Path) -> Scene | InputError:
    """What `load_scene` makes of a path: a scene that keeps the contract, or an `InputError`."""
    before = _everything(path.parent)
    try:
        scene = load_scene(path)
    except InputError as error:
        assert _everything(path.parent) == before
        assert len(str(error)) > 10
        return error
    assert _everything(path.parent) == before
    check_contract(scene)
    return scene


def _everything(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(p), p.stat().st_size if p.is_file() else -1) for p in folder.rglob("*"))
