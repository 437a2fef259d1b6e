"""Record3D's `.r3d`: a zip with `metadata` (JSON) and `rgbd/N.jpg`, `N.depth`, `N.conf`.

Metadata: `w`, `h` of the colour images, `dw`, `dh` of depth, `K` (nine numbers, column by column,
pixels of the colour image, centres at integers) or `perFrameIntrinsicCoeffs` ([fx, fy, cx, cy] per
frame), `poses` (qx, qy, qz, qw, tx, ty, tz per frame). Depth is LZFSE-compressed float32 metres,
confidence LZFSE-compressed uint8 (0 worst .. 2 best). Cameras have ARKit's axes (+Y up, +Z
backward), the world is Y up. Depth of any size is read; the colour image keeps its size.

No real sample was at hand: this follows published descriptions of the format and is tested with
files made to them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.cameras import OPENCV_FROM_OPENGL, intrinsics_from_published
from lexel.geometry.transforms import from_quaternion, from_rotation
from lexel.io.images import decode_rgb
from lexel.io.lzfse_blocks import decompress_exactly
from lexel.io.number_text import numbers
from lexel.io.recording import RawView, Recording, Up
from lexel.io.zips import member_names, read_member

_MAX_METADATA_BYTES = 1 << 26
_MAX_IMAGE_BYTES = 1 << 26
_MAX_DEPTH_SIDE_PX = 4096


def open_record3d(path: Path) -> Recording:
    """The recording in a `.r3d`; frames are decoded when asked for."""
    names = member_names(path)
    if "metadata" not in names:
        raise SceneError("lacks metadata, so it is no Record3D recording", where=path)
    content = _metadata(path)
    count = sum(name.startswith("rgbd/") and name.endswith(".depth") for name in names)
    poses = content.get("poses")
    if not count or not isinstance(poses, list) or not poses:
        missing = "poses in its metadata" if count else "depth (rgbd/0.depth)"
        raise SceneError(f"has no {missing}", where=path, do="Record it with LiDAR and poses.")
    return Recording(
        path=path,
        kind="Record3D recording",
        name=path.stem,
        num_views=min(count, len(poses)),
        up=Up.Y,
        read_view=lambda i: _view(path, content, i, f"rgbd/{i}.conf" in names),
        read_pose=lambda i: _pose(path, content, i),
    )


def _metadata(path: Path) -> dict[str, Any]:
    where = f"{path}, metadata"
    try:
        content = json.loads(read_member(path, "metadata", _MAX_METADATA_BYTES))
    except (ValueError, RecursionError) as cause:
        raise SceneError("is not JSON", where=where, got=cause) from cause
    if not isinstance(content, dict):
        raise SceneError("should be a JSON object", where=where, got=type(content).__name__)
    return content


def _view(path: Path, metadata: dict[str, Any], index: int, has_confidence: bool) -> RawView:
    where = f"{path}, frame {index}"
    rgb_bytes = read_member(path, f"rgbd/{index}.jpg", _MAX_IMAGE_BYTES)
    rgb = decode_rgb(rgb_bytes, f"{where}, rgbd/{index}.jpg")
    depth = _plane(path, metadata, f"rgbd/{index}.depth", "<f4")
    if has_confidence:
        confidence = _plane(path, metadata, f"rgbd/{index}.conf", "u1")
        depth = np.where(confidence == 0, np.float32(0), depth)
    k = _intrinsics(path, metadata, index)
    width, height = (_size(path, metadata, key, 2**15) for key in ("w", "h"))
    if rgb.shape[:2] != (height, width):  # K is for w x h; colour may have been stored smaller
        k = np.diag([rgb.shape[1] / width, rgb.shape[0] / height, 1.0]) @ k
    return RawView(
        where=where,
        rgb=rgb,
        depth_m=depth,
        intrinsics=k,
        world_from_camera=_pose(path, metadata, index),
        names=("jpg", "depth", "K", "poses"),
    )


def _plane(path: Path, metadata: dict[str, Any], name: str, dtype: str) -> npt.NDArray[Any]:
    """(dh, dw) values of a compressed plane, whose size must be exactly that."""
    width = _size(path, metadata, "dw" if "dw" in metadata else "w", _MAX_DEPTH_SIDE_PX)
    height = _size(path, metadata, "dh" if "dh" in metadata else "h", _MAX_DEPTH_SIDE_PX)
    num_bytes = width * height * np.dtype(dtype).itemsize
    packed = read_member(path, name, num_bytes + 4096)  # LZFSE stores what it cannot shrink
    content = decompress_exactly(
        packed, num_bytes, f"{path}, {name}", f"{width} x {height} values of {dtype}"
    )
    return np.frombuffer(content, dtype).reshape(height, width)


def _size(path: Path, metadata: dict[str, Any], key: str, limit: int) -> int:
    value = metadata.get(key)
    if type(value) is not int or not 1 <= value <= limit:
        raise SceneError(
            f"should be a whole number from 1 to {limit}",
            where=f"{path}, metadata, {key}",
            got=value,
        )
    return value


def _intrinsics(path: Path, metadata: dict[str, Any], index: int) -> npt.NDArray[np.float64]:
    per_frame = metadata.get("perFrameIntrinsicCoeffs")
    if isinstance(per_frame, list) and index < len(per_frame):
        where = f"{path}, metadata, perFrameIntrinsicCoeffs, {index}"
        fx, fy, cx, cy = numbers(per_frame[index], 4, where)
        k = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]])
    else:
        k = numbers(metadata.get("K"), 9, f"{path}, metadata, K").reshape(3, 3).T
    return intrinsics_from_published(k)


def _pose(path: Path, metadata: dict[str, Any], index: int) -> npt.NDArray[np.float64]:
    qx, qy, qz, qw, *centre = numbers(
        metadata["poses"][index], 7, f"{path}, metadata, poses, {index}"
    )
    return from_rotation(from_quaternion((qw, qx, qy, qz)), centre) @ OPENCV_FROM_OPENGL
