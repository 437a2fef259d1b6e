"""One scan written in the layout of every format that readers know; each writer returns its path.

Cameras are core's (OpenCV, pixel centres at +0.5) and are brought to each format's conventions
here, so a reader that errs in one of them puts the points elsewhere.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lexel.geometry.transforms import invert
from tests.io import samples

OPENGL = np.diag([1.0, -1, -1, 1])


@dataclass(frozen=True)
class Shot:
    """One view: rgb (H, W, 3) uint8, whole millimetres (H, W), OpenCV world from camera."""

    rgb: np.ndarray
    depth_mm: np.ndarray
    pose: np.ndarray


@dataclass(frozen=True)
class Scan:
    """Views of one camera, K counting pixel centres at +0.5."""

    k: np.ndarray
    shots: list[Shot]

    @property
    def size_px(self) -> tuple[int, int]:
        height, width = self.shots[0].depth_mm.shape
        return width, height


def room(frames: int = 2) -> Scan:
    """The room of `samples`, seen from one place, turned a little between frames."""
    k = samples.K + np.array([[0, 0, 0.5], [0, 0, 0.5], [0, 0, 0]])
    depth_mm = np.rint(samples.depth_of_room() * 1000).astype(np.uint16)
    turns = [np.deg2rad(5.0 * i) for i in range(frames)]
    rolls = [
        np.array([[np.cos(a), -np.sin(a), 0, 0], [np.sin(a), np.cos(a), 0, 0], [0, 0, 1, 0],
                  [0, 0, 0, 1.0]]) for a in turns
    ]  # fmt: skip
    return Scan(k, [Shot(samples.rgb_of_room(), depth_mm, roll @ samples.POSE) for roll in rolls])


def _save(array: np.ndarray, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(file)


def write_nerfstudio(folder: Path, scan: Scan, **changes: Any) -> Path:
    """Global intrinsics; top-level keys changed, a change to `...` takes a key out."""
    root = folder / "nerf"
    frames = []
    for i, shot in enumerate(scan.shots):
        _save(shot.rgb, root / f"images/frame_{i:05d}.png")
        _save(shot.depth_mm, root / f"depth/frame_{i:05d}.png")
        frames.append(
            {
                "file_path": f"./images/frame_{i:05d}.png",
                "depth_file_path": f"depth/frame_{i:05d}.png",
                "transform_matrix": (shot.pose @ OPENGL).tolist(),
            }
        )
    width, height = scan.size_px
    content: dict[str, Any] = {
        "camera_model": "OPENCV",
        "fl_x": scan.k[0, 0], "fl_y": scan.k[1, 1], "cx": scan.k[0, 2], "cy": scan.k[1, 2],
        "w": width, "h": height, "k1": 0.0, "k2": 0.0, "p1": 0.0, "p2": 0.0,
        "applied_transform": [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -1, 0]],
        "frames": frames,
        **changes,
    }  # fmt: skip
    kept = {key: value for key, value in content.items() if value is not ...}
    (root / "transforms.json").write_text(json.dumps(kept), encoding="utf-8")
    return root


def write_polycam(folder: Path, scan: Scan, prefix: str = "corrected_") -> Path:
    root = folder / "polycam"
    width, height = scan.size_px
    for i, shot in enumerate(scan.shots):
        name = f"{100 + i}"
        pose = shot.pose @ OPENGL
        camera = {f"t_{r}{c}": pose[r, c] for r in range(3) for c in range(4)}
        camera |= {"fx": scan.k[0, 0], "fy": scan.k[1, 1], "cx": scan.k[0, 2], "cy": scan.k[1, 2]}
        camera |= {"width": width, "height": height, "blur_score": 100.0}
        file = root / f"keyframes/{prefix}cameras/{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(camera), encoding="utf-8")
        _save(shot.rgb, root / f"keyframes/{prefix}images/{name}.jpg")
        _save(shot.depth_mm, root / f"keyframes/depth/{name}.png")
        _save(
            np.full(shot.depth_mm.shape, 255, np.uint8), root / f"keyframes/confidence/{name}.png"
        )
    return root


def write_tum(folder: Path, scan: Scan, name: str = "scan") -> Path:
    """Depth 10 ms after colour, poses 5 ms before; depth in 1/5000 m."""
    root = folder / name
    lists: dict[str, list[str]] = {"rgb": [], "depth": [], "groundtruth": []}
    for i, shot in enumerate(scan.shots):
        time = 1305031102.0 + 0.1 * i
        _save(shot.rgb, root / f"rgb/{time:.6f}.png")
        _save((shot.depth_mm * 5).astype(np.uint16), root / f"depth/{time + 0.01:.6f}.png")
        lists["rgb"].append(f"{time:.6f} rgb/{time:.6f}.png")
        lists["depth"].append(f"{time + 0.01:.6f} depth/{time + 0.01:.6f}.png")
        w, x, y, z = quaternion(shot.pose)
        numbers = [time - 0.005, *shot.pose[:3, 3], x, y, z, w]
        lists["groundtruth"].append(" ".join(f"{n:.9f}" for n in numbers))
    for kind, lines in lists.items():
        (root / f"{kind}.txt").write_text("\n".join(["# a comment", *lines, ""]), encoding="utf-8")
    fx, fy, cx, cy = scan.k[0, 0], scan.k[1, 1], scan.k[0, 2] - 0.5, scan.k[1, 2] - 0.5
    (root / "calibration.txt").write_text(f"{fx} {fy} {cx} {cy}\n", encoding="utf-8")
    return root


def write_replica(folder: Path, scan: Scan, scale: float = 6553.5) -> Path:
    root = folder / "Replica" / "room0"
    for i, shot in enumerate(scan.shots):
        _save(shot.rgb, root / f"results/frame{i:06d}.jpg")
        units = np.rint(shot.depth_mm / 1000 * scale).clip(0, 65535).astype(np.uint16)
        _save(units, root / f"results/depth{i:06d}.png")
    np.savetxt(root / "traj.txt", [shot.pose.ravel() for shot in scan.shots], fmt="%.18e")
    width, height = scan.size_px
    camera = {"w": width, "h": height, "fx": scan.k[0, 0], "fy": scan.k[1, 1]}
    camera |= {"cx": scan.k[0, 2] - 0.5, "cy": scan.k[1, 2] - 0.5, "scale": scale}
    text = json.dumps({"camera": camera})
    (root.parent / "cam_params.json").write_text(text, encoding="utf-8")
    return root


def write_scannet(folder: Path, scan: Scan) -> Path:
    """Depth at colour's size, with intrinsics of its own that are the same."""
    root = folder / "scene0000_00"
    for i, shot in enumerate(scan.shots):
        _save(shot.rgb, root / f"color/{i}.jpg")
        _save(shot.depth_mm, root / f"depth/{i}.png")
        (root / "pose").mkdir(exist_ok=True)
        np.savetxt(root / f"pose/{i}.txt", shot.pose)
    k = np.eye(4)
    k[:3, :3] = scan.k
    k[:2, 2] -= 0.5
    (root / "intrinsic").mkdir()
    for kind in ("color", "depth"):
        np.savetxt(root / f"intrinsic/intrinsic_{kind}.txt", k)
    return root


def write_colmap(
    folder: Path,
    scan: Scan,
    *,
    binary: bool = True,
    unit_m: float = 1.0,
    depth: str = "own",
    model: tuple[str, list[float]] | None = None,
) -> Path:
    """A workspace whose unit is `unit_m`; depth "own" (COLMAP's maps), "sensor" (PNG) or "none".

    `model` replaces the PINHOLE camera by one of another name and parameters.
    """
    root = folder / "colmap"
    sparse = root / "sparse"
    sparse.mkdir(parents=True)
    width, height = scan.size_px
    k = scan.k
    name, parameters = model or ("PINHOLE", [k[0, 0], k[1, 1], k[0, 2], k[1, 2]])
    images, points = [], []
    for i, shot in enumerate(scan.shots):
        file = f"shot{i:03d}.png"
        _save(shot.rgb, root / "images" / file)
        if depth == "own":
            target = root / f"stereo/depth_maps/{file}.geometric.bin"
            target.parent.mkdir(parents=True, exist_ok=True)
            values = (shot.depth_mm / 1000 / unit_m).astype("<f4").tobytes()
            target.write_bytes(f"{width}&{height}&1&".encode() + values)
        elif depth == "sensor":
            _save(shot.depth_mm, root / f"depth/shot{i:03d}.png")
        pose = shot.pose.copy()
        pose[:3, 3] /= unit_m
        inverse = invert(pose)
        images.append((i + 1, quaternion(inverse), inverse[:3, 3], 7, file))
        points += [(xyz / unit_m, i + 1) for xyz in _some_points(scan.k, shot)]
    write = _write_binary_model if binary else _write_text_model
    write(sparse, (7, name, width, height, parameters), images, points)
    return root


def bent_model(name: str, k: np.ndarray, bends: list[float]) -> tuple[str, list[float]]:
    """A camera model of COLMAP with as many of the lens's parameters as it takes."""
    focal = [k[0, 0]] if name.startswith("SIMPLE") else [k[0, 0], k[1, 1]]
    count = {"SIMPLE_RADIAL": 1, "OPENCV": 4, "OPENCV_FISHEYE": 4, "FULL_OPENCV": 8}[name]
    return name, [*focal, k[0, 2], k[1, 2], *bends[:count]]


_MODEL_IDS = {"SIMPLE_PINHOLE": 0, "PINHOLE": 1, "SIMPLE_RADIAL": 2, "RADIAL": 3, "OPENCV": 4,
              "OPENCV_FISHEYE": 5, "FULL_OPENCV": 6, "FOV": 7}  # fmt: skip


def _some_points(k: np.ndarray, shot: Shot) -> np.ndarray:
    """(M, 3) world points under some pixels, metres."""
    step = max(4, shot.depth_mm.shape[0] // 16)
    rows, columns = np.mgrid[2 : shot.depth_mm.shape[0] : step, 2 : shot.depth_mm.shape[1] : step]
    z = shot.depth_mm[rows, columns].ravel() / 1000
    rays = np.stack([(columns.ravel() + 0.5 - k[0, 2]) / k[0, 0],
                     (rows.ravel() + 0.5 - k[1, 2]) / k[1, 1], np.ones(z.size)], 1)  # fmt: skip
    points = (rays * z[:, None])[z > 0]
    return points @ shot.pose[:3, :3].T + shot.pose[:3, 3]


def _write_text_model(sparse: Path, camera: Any, images: Any, points: Any) -> None:
    number, name, width, height, parameters = camera
    line = f"{number} {name} {width} {height} {' '.join(map(repr, map(float, parameters)))}"
    (sparse / "cameras.txt").write_text(f"# cameras\n{line}\n", encoding="utf-8")
    lines = ["# images"]
    for i, (number, q, t, camera_id, file) in enumerate(images):
        numbers = " ".join(f"{n:.17g}" for n in (*q, *t))
        lines += [f"{number} {numbers} {camera_id} {file}", "" if i else "1.5 2.5 -1"]
    (sparse / "images.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = [f"{i} {' '.join(f'{n:.17g}' for n in xyz)} 9 9 9 0.5 {image} 0"
             for i, (xyz, image) in enumerate(points)]  # fmt: skip
    (sparse / "points3D.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_binary_model(sparse: Path, camera: Any, images: Any, points: Any) -> None:
    number, name, width, height, parameters = camera
    content = struct.pack("<QiiQQ", 1, number, _MODEL_IDS[name], width, height)
    content += struct.pack(f"<{len(parameters)}d", *parameters)
    (sparse / "cameras.bin").write_bytes(content)
    content = struct.pack("<Q", len(images))
    for number, q, t, camera_id, file in images:
        content += struct.pack("<i7di", number, *q, *t, camera_id) + file.encode() + b"\0"
        content += struct.pack("<Qddq", 1, 1.5, 2.5, -1)
    (sparse / "images.bin").write_bytes(content)
    parts = [struct.pack("<Q", len(points))]
    parts += [struct.pack("<Q3d3BdQii", i, *xyz, 9, 9, 9, 0.5, 1, image, 0)
              for i, (xyz, image) in enumerate(points)]  # fmt: skip
    (sparse / "points3D.bin").write_bytes(b"".join(parts))


def quaternion(matrix: np.ndarray) -> np.ndarray:
    """wxyz of a rotation, by the eigenvector of its largest eigenvalue (Bar-Itzhack 2000)."""
    r = matrix[:3, :3]
    (a, b, c), (d, e, f), (g, h, i) = r
    k = np.array([
        [a - e - i, d + b, g + c, h - f],
        [d + b, e - a - i, h + f, c - g],
        [g + c, h + f, i - a - e, d - b],
        [h - f, c - g, d - b, a + e + i],
    ])  # fmt: skip
    x, y, z, w = np.linalg.eigh(k)[1][:, -1]
    return np.array([w, x, y, z])


Writer = Callable[[Path, Scan], Path]
WRITERS: dict[str, Writer] = {
    "nerfstudio": write_nerfstudio,
    "polycam": write_polycam,
    "tum": write_tum,
    "replica": write_replica,
    "scannet": write_scannet,
    "colmap, binary": write_colmap,
    "colmap, text": lambda folder, scan: write_colmap(folder, scan, binary=False),
    "colmap, sensor depth": lambda folder, scan: write_colmap(
        folder, scan, unit_m=0.37, depth="sensor"
    ),
}
