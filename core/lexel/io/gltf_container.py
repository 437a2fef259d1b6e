"""glTF 2.0 files taken apart: the document, its numbers and its pictures; `.glb` and `.gltf`.

Nothing is fetched: buffers and pictures stand inside, as data URIs, or in files of the same folder.
Whatever the document says of sizes is compared with the bytes that are there before any are used.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.images import decode_rgb
from lexel.io.inner_paths import inner_path
from lexel.io.json_files import parse_json_object, read_json_object
from lexel.io.number_text import numbers
from lexel.io.raw_geometry import MAX_WHOLE_BYTES, read_all

_MAGIC, _JSON, _BINARY = b"glTF", 0x4E4F534A, 0x004E4942
_TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
# Other extensions that a file requires change what its numbers mean.
_UNDERSTOOD = {"KHR_mesh_quantization", "KHR_texture_transform", "KHR_materials_unlit"}


class Gltf:
    """An open file; `where` names it and the part in messages."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._embedded = b""
        if file.suffix.lower() == ".glb":
            self.document, self._embedded = _parse_glb(read_all(file), file)
        else:
            self.document = read_json_object(file)
        self._buffers: dict[int, bytes] = {}
        required = self.document.get("extensionsRequired")
        names = required if isinstance(required, list) else []
        unknown = [name for name in names if not (isinstance(name, str) and name in _UNDERSTOOD)]
        if unknown:
            raise SceneError(
                "needs an extension of glTF that Lexel does not read",
                where=file,
                got=unknown[0],
                do="Export it without compression.",
            )

    def listed(self, kind: str) -> list[Any]:
        """One of the document's lists; empty when it is not there."""
        entries = self.document.get(kind, [])
        if not isinstance(entries, list):
            raise self.wrong(f"has {kind} that are no list", entries)
        return entries

    def item(self, kind: str, index: object) -> dict[str, Any]:
        """Entry of one of the document's lists ("meshes", "nodes", ...)."""
        listed = self.listed(kind)
        if type(index) is int and 0 <= index < len(listed):
            entry = listed[index]
            if isinstance(entry, dict):
                return entry
        raise self.wrong(f"names an entry of {kind} that is not there", index)

    def accessor(self, index: object) -> npt.NDArray[Any]:
        """(n, width) numbers; integers that stand for shares of one come as float32."""
        values = self._numbers(index)
        normalized = self.item("accessors", index).get("normalized") is True
        if normalized and values.dtype.kind in "iu":
            largest = float(np.iinfo(values.dtype).max)
            return (values / np.float32(largest)).astype(np.float32).clip(-1, None)
        return values

    def count(self, index: object) -> int:
        """How many entries an accessor has, all of them there; none are copied."""
        return len(self._numbers(index))

    def picture(self, index: object) -> npt.NDArray[np.uint8]:
        """(H, W, 3) of an entry of "images"."""
        image = self.item("images", index)
        where = f"{self.file}, image {index}"
        if "bufferView" in image:
            view = self.item("bufferViews", image["bufferView"])
            start, size, buffer = self._view(view)
            return decode_rgb(buffer[start : start + size], where, turn=False)
        return decode_rgb(self._bytes_of(image.get("uri")), where, turn=False)

    def number(self, entry: dict[str, Any], key: str) -> int:
        """A whole number from 0; 0 when it is not there."""
        value = entry.get(key, 0)
        if type(value) is not int or not 0 <= value < 2**53:
            raise self.wrong(f"has a {key} that is no whole number", value)
        return value

    def numbers(
        self, entry: dict[str, Any], key: str, otherwise: Sequence[float]
    ) -> npt.NDArray[np.float64]:
        """As many finite numbers as there are `otherwise`, when it is not there."""
        return numbers(entry.get(key, list(otherwise)), len(otherwise), f"{self.file}, {key}")

    def wrong(self, what: str, got: object) -> SceneError:
        """The error of this file."""
        return SceneError(what, where=self.file, got=got, do="Export it again.")

    def _numbers(self, index: object) -> npt.NDArray[Any]:
        """(n, width) numbers as they lie in their buffer."""
        accessor = self.item("accessors", index)
        name = _TYPES.get(self.number(accessor, "componentType"))
        width = _WIDTHS.get(str(accessor.get("type")))
        if name is None or width is None:
            raise self.wrong("has numbers of no known type", accessor.get("type"))
        if "sparse" in accessor or "bufferView" not in accessor:
            raise self.wrong("has numbers that are sparse or compressed", f"accessor {index}")
        dtype, view = np.dtype(name), self.item("bufferViews", accessor["bufferView"])
        start, size, buffer = self._view(view)
        count, offset = self.number(accessor, "count"), self.number(accessor, "byteOffset")
        item = dtype.itemsize * width
        stride = self.number(view, "byteStride") or item
        needed = offset + max(count - 1, 0) * stride + (item if count else 0)
        if needed > size or stride < item:
            raise self.wrong(
                f"is damaged: {count:,} entries cannot stand in {size:,} bytes", accessor
            )
        if not count:
            return np.empty((0, width), dtype)
        shape, strides = (count, width), (stride, dtype.itemsize)
        return np.ndarray(shape, dtype, buffer, start + offset, strides)

    def _view(self, view: dict[str, Any]) -> tuple[int, int, bytes]:
        """Where a buffer view starts, its size, and the buffer."""
        buffer = self._buffer(view.get("buffer"))
        start, size = self.number(view, "byteOffset"), self.number(view, "byteLength")
        if start + size > len(buffer):
            raise self.wrong(
                f"is damaged: a view of {size:,} bytes from {start:,} leaves its buffer",
                f"{len(buffer):,} bytes",
            )
        return start, size, buffer

    def _buffer(self, index: object) -> bytes:
        entry = self.item("buffers", index)
        assert isinstance(index, int)
        if index not in self._buffers:
            embedded = "uri" not in entry
            self._buffers[index] = self._embedded if embedded else self._bytes_of(entry["uri"])
            total = sum(map(len, self._buffers.values()))
            if total > MAX_WHOLE_BYTES:
                raise self.wrong(f"has buffers of more than {MAX_WHOLE_BYTES >> 20} MB", total)
        return self._buffers[index]

    def _bytes_of(self, uri: object) -> bytes:
        """What a URI names: data inside it, or a file of the same folder."""
        if not isinstance(uri, str):
            raise self.wrong("names no file where it should", uri)
        if uri.startswith("data:"):
            try:
                return base64.b64decode(uri.partition("base64,")[2], validate=True)
            except (binascii.Error, ValueError) as cause:
                raise self.wrong("is damaged: data in it are not base64", cause) from cause
        if "://" in uri:
            raise self.wrong("names a file on the network, which is never fetched", uri)
        return read_all(inner_path(self.file.parent, unquote(uri), f"{self.file}, uri"))


def _parse_glb(content: bytes, file: Path) -> tuple[dict[str, Any], bytes]:
    """The document and the binary chunk of a `.glb`."""
    if len(content) < 20 or content[:4] != _MAGIC:
        raise SceneError("is no .glb file", where=file, got=content[:4])
    version, total = struct.unpack_from("<II", content, 4)
    if version != 2 or total > len(content):
        raise SceneError(
            "is cut short, or not of glTF 2.0", where=file, got=f"version {version}, {total} bytes"
        )
    chunks: dict[int, bytes] = {}
    at = 12
    while at + 8 <= total:
        size, kind = struct.unpack_from("<II", content, at)
        if at + 8 + size > total:
            raise SceneError("is damaged: a chunk leaves the file", where=file)
        chunks.setdefault(kind, content[at + 8 : at + 8 + size])
        at += 8 + size
    return parse_json_object(chunks.get(_JSON, b""), file), chunks.get(_BINARY, b"")
