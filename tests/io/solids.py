"""Small meshes and clouds in every format, written by hand or by other programs."""

from __future__ import annotations

import base64
import io
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lexel.scene import Geometry
from tests.geometry.strategies import is_rigid

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

# A room of 4 x 5 x 2.6 m, Z up, open above: a floor and two walls of four corners each.
ROOM = np.array(
    [[0, 0, 0], [4, 0, 0], [4, 5, 0], [0, 5, 0], [0, 0, 2.6], [4, 0, 2.6], [0, 5, 2.6]], np.float32
)
QUADS = [[0, 1, 2, 3], [0, 1, 5, 4], [0, 3, 6, 4]]
TRIANGLES = np.array([[q[0], q[i], q[i + 1]] for q in QUADS for i in (1, 2)], np.int32)
COLOURS = np.array([RED, GREEN, BLUE, WHITE, RED, GREEN, BLUE], np.uint8)
PICTURE = np.array([[RED, GREEN], [BLUE, WHITE]], np.uint8)  # upper row first


def png(rgb: np.ndarray) -> bytes:
    content = io.BytesIO()
    Image.fromarray(rgb).save(content, "PNG")
    return content.getvalue()


def ply(
    header: str, body: bytes, order: str = "binary_little_endian", comments: tuple[str, ...] = ()
) -> bytes:
    lines = ["ply", f"format {order} 1.0", *(f"comment {c}" for c in comments)]
    return "\n".join([*lines, header.strip(), "end_header\n"]).encode() + body


VERTEX_HEADER = "\n".join(
    ["element vertex 7", *(f"property float {a}" for a in "xyz")]
    + [f"property uchar {c}" for c in ("red", "green", "blue")]
)
FACE_HEADER = "element face 3\nproperty list uchar int vertex_indices"


def room_ply(order: str = "binary_little_endian", faces: bool = True) -> bytes:
    """The room with coloured vertices and four-cornered faces."""
    header = f"{VERTEX_HEADER}\n{FACE_HEADER}" if faces else VERTEX_HEADER
    if order == "ascii":
        rows = [" ".join(map(str, (*p, *c))) for p, c in zip(ROOM, COLOURS, strict=True)]
        rows += [" ".join(map(str, (4, *q))) for q in QUADS] if faces else []
        return ply(header, ("\n".join(rows) + "\n").encode(), order)
    end = ">" if "big" in order else "<"
    body = b"".join(struct.pack(f"{end}3f3B", *p, *c) for p, c in zip(ROOM, COLOURS, strict=True))
    body += b"".join(struct.pack(f"{end}B4i", 4, *q) for q in QUADS) if faces else b""
    return ply(header, body, order)


def write_textured_ply(folder: Path, picture: str = "paper.png") -> Path:
    """The square of `write_obj`, MeshLab's way: v runs upwards; the comment names `picture`."""
    corners = np.array([[0, 0, 0], [3, 0, 0], [3, 0, 3], [0, 0, 3]], "<f4")
    header = "\n".join(["element vertex 4", *(f"property float {a}" for a in "xyz")])
    header += "\nelement face 1\nproperty list uchar int vertex_indices"
    header += "\nproperty list uchar double texcoord\nproperty float texnumber"
    body = corners.tobytes() + struct.pack("<B4i", 4, 0, 1, 2, 3)
    body += struct.pack("<B8df", 8, 0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9, 0)
    (folder / "square.ply").write_bytes(ply(header, body, comments=(f"TextureFile {picture}",)))
    (folder / "paper.png").write_bytes(png(PICTURE))
    return folder / "square.ply"


def gaussians_ply(opacity: list[float], f_dc: np.ndarray, comments: tuple[str, ...] = ()) -> bytes:
    """Gaussians on a line along x."""
    names = ["x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2", "f_rest_0", "opacity"]
    names += [f"scale_{i}" for i in range(3)] + [f"rot_{i}" for i in range(4)]
    table = np.zeros((len(opacity), len(names)), "<f4")
    table[:, 0] = np.arange(len(opacity))
    table[:, 6:9], table[:, 10], table[:, 14] = f_dc, opacity, 1.0
    header = "\n".join([f"element vertex {len(table)}", *(f"property float {n}" for n in names)])
    return ply(header, table.tobytes(), comments=comments)


def write_obj(folder: Path, **files: str) -> Path:
    """A square of 3 m, its upper left corner in the first pixel of a picture; files replaced."""
    texts = {
        "square.obj": "# Z up\nmtllib square.mtl\nusemtl paper\n"
        "v 0 0 0\nv 3 0 0\nv 3 0 3\nv 0 0 3\n"
        "vt 0.1 0.1\nvt 0.9 0.1\nvt 0.9 0.9\nvt 0.1 0.9\nf 1/1 2/2 3/3 4/4\n",
        "square.mtl": "newmtl paper\nKd 1 1 1\nmap_Kd paper.png\n",
        **files,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "paper.png").write_bytes(png(PICTURE))
    return folder / "square.obj"


class GltfWriter:
    """A glTF document put together by hand; blocks of numbers go into one buffer."""

    def __init__(self) -> None:
        self.blob = b""
        self.document: dict[str, Any] = {"asset": {"version": "2.0"}}

    def add(self, kind: str, entry: dict[str, Any]) -> int:
        self.document.setdefault(kind, []).append(entry)
        return len(self.document[kind]) - 1

    def view(self, content: bytes) -> int:
        self.blob += b"\0" * (-len(self.blob) % 4)
        entry = {"buffer": 0, "byteOffset": len(self.blob), "byteLength": len(content)}
        self.blob += content
        return self.add("bufferViews", entry)

    def numbers(self, values: Any, dtype: str, normalized: bool = False) -> int:
        array = np.asarray(values, dtype)
        types = {"f4": 5126, "u1": 5121, "u2": 5123, "u4": 5125, "i1": 5120, "i2": 5122}
        width = 1 if array.ndim == 1 else array.shape[1]
        entry = {
            "bufferView": self.view(array.tobytes()),
            "componentType": types[array.dtype.str[1:]],
            "count": len(array),
            "type": "SCALAR" if width == 1 else f"VEC{width}",
        }
        return self.add("accessors", {**entry, "normalized": True} if normalized else entry)

    def mesh(self, **primitive: Any) -> int:
        return self.add("meshes", {"primitives": [primitive]})

    def node(self, **entry: Any) -> int:
        return self.add("nodes", entry)

    def scene(self, *nodes: int) -> None:
        self.add("scenes", {"nodes": list(nodes)})

    def glb(self, file: Path) -> Path:
        self.document["buffers"] = [{"byteLength": len(self.blob)}]
        text = json.dumps(self.document).encode()
        text += b" " * (-len(text) % 4)
        blob = self.blob + b"\0" * (-len(self.blob) % 4)
        chunks = struct.pack("<II", len(text), 0x4E4F534A) + text
        chunks += struct.pack("<II", len(blob), 0x004E4942) + blob
        file.write_bytes(b"glTF" + struct.pack("<II", 2, 12 + len(chunks)) + chunks)
        return file

    def gltf(self, file: Path, uri: str | None = None) -> Path:
        """With the buffer inside, or beside under a name, or anywhere a URI says."""
        data = "data:application/octet-stream;base64," + base64.b64encode(self.blob).decode()
        self.document["buffers"] = [{"byteLength": len(self.blob), "uri": uri or data}]
        if uri and "/" not in uri:
            (file.parent / uri).write_bytes(self.blob)
        file.write_text(json.dumps(self.document), encoding="utf-8")
        return file


def room_gltf() -> GltfWriter:
    """The room, Y up as glTF is, with linear vertex colours."""
    writer = GltfWriter()
    y_up = ROOM[:, [0, 2, 1]] * [1, 1, -1]
    attributes = {
        "POSITION": writer.numbers(y_up, "f4"),
        "COLOR_0": writer.numbers(COLOURS, "u1", normalized=True),
    }
    indices = writer.numbers(TRIANGLES.ravel(), "u2")
    writer.scene(writer.node(mesh=writer.mesh(attributes=attributes, indices=indices)))
    return writer


def square_gltf() -> GltfWriter:
    """An upright square, moved, under a picture that is moved too."""
    writer = GltfWriter()
    corners = [[0, 0, 0], [3, 0, 0], [3, 3, 0], [0, 3, 0]]
    attributes = {
        "POSITION": writer.numbers(corners, "f4"),
        "NORMAL": writer.numbers([[0, 0, 1]] * 4, "f4"),
        "TEXCOORD_0": writer.numbers([[0, 1], [1, 1], [1, 0], [0, 0]], "f4"),
    }
    moved = {"KHR_texture_transform": {"offset": [0.1, 0], "rotation": 0.5, "scale": [1, 2]}}
    surface = {
        "baseColorFactor": [1, 0.5, 0.5, 1],
        "baseColorTexture": {"index": 0, "texCoord": 0, "extensions": moved},
    }
    writer.add("materials", {"pbrMetallicRoughness": surface})
    writer.add("textures", {"source": 0})
    writer.add("images", {"bufferView": writer.view(png(PICTURE)), "mimeType": "image/png"})
    indices = writer.numbers([0, 1, 2, 0, 2, 3], "u1")
    mesh = writer.mesh(attributes=attributes, indices=indices, material=0, mode=4)
    placed = {"translation": [1, 2, 3], "rotation": [0, 0, 0, 1], "scale": [1, 1, 2]}
    writer.scene(writer.node(children=[writer.node(mesh=mesh, **placed)]))
    writer.document["scene"] = 0
    return writer


def room_stl() -> bytes:
    facets = np.zeros(len(TRIANGLES), [("n", "<f4", 3), ("v", "<f4", (3, 3)), ("a", "<u2")])
    facets["v"] = ROOM[TRIANGLES]
    return b"room".ljust(80) + struct.pack("<I", len(facets)) + facets.tobytes()


def room_pcd(data: str = "binary") -> bytes:
    packed = (COLOURS.astype(np.uint32) * [65536, 256, 1]).sum(axis=1).astype(np.uint32)
    table = np.zeros(7, [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<u4")])
    for i, axis in enumerate("xyz"):
        table[axis] = ROOM[:, i]
    table["rgb"] = packed
    header = "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F F\n"
    header += f"COUNT 1 1 1 1\nWIDTH 7\nHEIGHT 1\nPOINTS 7\nDATA {data}\n"
    if data == "ascii":
        header = header.replace("TYPE F F F F", "TYPE F F F U")
        rows = [" ".join(map(str, row)) for row in table.tolist()]
        return header.encode() + ("\n".join(rows) + "\n").encode()
    return header.encode() + table.tobytes()


def room_xyz() -> bytes:
    rows = [" ".join(map(str, (*p, *c))) for p, c in zip(ROOM, COLOURS, strict=True)]
    return ("# x y z r g b\n" + "\n".join(rows) + "\n").encode()


def _write(name: str, content: Callable[[], bytes]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / name).write_bytes(content())
        return folder / name

    return write


# Each writes the room, or the square, into a folder and returns its path.
WRITERS: dict[str, Callable[[Path], Path]] = {
    "ply": _write("room.ply", room_ply),
    "ply, text": _write("room.ply", lambda: room_ply("ascii")),
    "ply, big-endian": _write("room.ply", lambda: room_ply("binary_big_endian")),
    "ply, cloud": _write("room.ply", lambda: room_ply(faces=False)),
    "ply, textured": write_textured_ply,
    "gaussians": _write("g.ply", lambda: gaussians_ply([2.0, 3.0, -5.0], np.ones((3, 3)))),
    "pcd": _write("room.pcd", room_pcd),
    "pcd, text": _write("room.pcd", lambda: room_pcd("ascii")),
    "xyz": _write("room.xyz", room_xyz),
    "stl": _write("room.stl", room_stl),
    "obj": write_obj,
    "glb": lambda folder: room_gltf().glb(folder / "room.glb"),
    "glb, textured": lambda folder: square_gltf().glb(folder / "square.glb"),
    "gltf": lambda folder: room_gltf().gltf(folder / "room.gltf"),
    "gltf and bin": lambda folder: room_gltf().gltf(folder / "room.gltf", "room.bin"),
}


def check_geometry(geometry: Geometry) -> None:
    """What `load_geometry` promises of everything it returns."""
    count = len(geometry.points_m)
    assert geometry.points_m.dtype == np.float32
    assert geometry.points_m.shape == (count, 3)
    assert count > 0
    assert np.isfinite(geometry.points_m).all()
    assert is_rigid(geometry.world_from_source)
    if geometry.rgb is not None:
        assert geometry.rgb.dtype == np.uint8
        assert geometry.rgb.shape == (count, 3)
    if geometry.normals is not None:
        assert geometry.normals.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(geometry.normals, axis=1), 1, atol=1e-5)
        assert len(geometry.normals) == count
    if geometry.faces is not None:
        assert geometry.faces.dtype == np.int32
        assert ((geometry.faces >= 0) & (geometry.faces < count)).all()
    if geometry.texture is not None:
        assert geometry.faces is not None
        _check_texture(geometry, len(geometry.faces))


def _check_texture(geometry: Geometry, num_faces: int) -> None:
    texture = geometry.texture
    assert texture is not None
    assert texture.uv.shape == (num_faces, 3, 2)
    assert np.isfinite(texture.uv).all()
    assert texture.picture.shape == (num_faces,)
    assert ((texture.picture >= -1) & (texture.picture < len(texture.pictures))).all()
    weights = np.full((num_faces, 3), 1 / 3)
    assert geometry.rgb_at(np.arange(num_faces), weights).shape == (num_faces, 3)
