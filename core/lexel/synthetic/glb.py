"""Coloured meshes as binary glTF 2.0 (`.glb`)."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC, _VERSION, _JSON, _BINARY = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
_FLOAT, _BYTE, _UINT = 5126, 5121, 5125
_VERTICES, _INDICES = 34962, 34963  # glTF's names of buffers


def write_glb(
    file: Path,
    vertices: NDArray[np.floating],
    triangles: NDArray[np.integer],
    rgb: NDArray[np.floating],
) -> None:
    """Write a mesh.

    Args:
        file: where to.
        vertices: [V, 3] metres, Z up; glTF's Y-up frame is made here.
        triangles: [T, 3].
        rgb: [V, 3] linear colours, 0..1.
    """
    points = np.stack([vertices[:, 0], vertices[:, 2], -vertices[:, 1]], 1).astype("<f4")
    colours = np.full((len(points), 4), 255, np.uint8)
    colours[:, :3] = np.round(np.clip(rgb, 0, 1) * 255)
    indices = triangles.astype("<u4").ravel()
    blocks = [points.tobytes(), colours.tobytes(), indices.tobytes()]
    offsets = np.cumsum([0, *(len(b) for b in blocks)]).tolist()
    views: list[dict[str, Any]] = [
        {"buffer": 0, "byteOffset": offset, "byteLength": len(block), "target": target}
        for offset, block, target in zip(
            offsets, blocks, (_VERTICES, _VERTICES, _INDICES), strict=False
        )
    ]
    corner = {"min": points.min(0).tolist(), "max": points.max(0).tolist()}
    count = len(points)
    accessors: list[dict[str, Any]] = [
        {"bufferView": 0, "componentType": _FLOAT, "count": count, "type": "VEC3", **corner},
        {"bufferView": 1, "componentType": _BYTE, "count": count, "type": "VEC4"},
        {"bufferView": 2, "componentType": _UINT, "count": len(indices), "type": "SCALAR"},
    ]
    accessors[1]["normalized"] = True
    primitive = {"attributes": {"POSITION": 0, "COLOR_0": 1}, "indices": 2}
    document = {
        "asset": {"version": "2.0", "generator": "lexel"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "room"}],
        "meshes": [{"primitives": [primitive]}],
        "buffers": [{"byteLength": offsets[-1]}],
        "bufferViews": views,
        "accessors": accessors,
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(blocks)
    total = 12 + 8 + len(text) + 8 + len(body)
    with file.open("wb") as stream:
        stream.write(struct.pack("<III", _MAGIC, _VERSION, total))
        stream.write(struct.pack("<II", len(text), _JSON) + text)
        stream.write(struct.pack("<II", len(body), _BINARY) + body)
