"""Any `.ply`: its elements as columns, text or binary of either byte order.

`io/clouds.py` reads Lexel's own clouds, strictly. This reads what others wrote: any columns of any
type, lists of any length. What the header promises is compared with what follows first.
"""

from __future__ import annotations

from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from lexel.errors import SceneError
from lexel.io.ply_rows import BinaryRows, Columns, Element, Property, TextRows, damaged
from lexel.io.raw_geometry import map_file

_MAX_HEADER_BYTES = 1 << 16
_END = b"end_header"
_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
}  # fmt: skip
_FORMATS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass(frozen=True, eq=False)
class PlyFile:
    """Comments, and the elements by name."""

    comments: tuple[str, ...]
    elements: dict[str, Columns]


def read_ply_elements(file: Path) -> PlyFile:
    """Everything in a `.ply`; a `SceneError` names the file when it is none."""
    content = map_file(file)
    lines, start = _header_lines(content, file)
    order, comments, elements = _parse_header(lines, file)
    rows = BinaryRows(content, start, order, file) if order else TextRows(content, start, file)
    return PlyFile(comments, {element.name: rows.take(element) for element in elements})


def _header_lines(content: bytes | mmap, file: Path) -> tuple[list[str], int]:
    end = content.find(_END, 0, _MAX_HEADER_BYTES)
    if content[:3] != b"ply" or end < 0:
        raise SceneError("has no header of a .ply file", where=file, got=content[:16])
    start = content.find(b"\n", end)
    text = content[:end].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n"), len(content) if start < 0 else start + 1


def _parse_header(lines: list[str], file: Path) -> tuple[str, tuple[str, ...], list[Element]]:
    """Byte order ("" for text), comments, elements."""
    order, comments, elements = None, [], list[Element]()
    for line in lines[1:]:
        words = line.split()
        match words:
            case []:
                pass
            case ["comment" | "obj_info", *rest]:
                comments.append(" ".join(rest))
            case ["format", name, _] if name in _FORMATS:
                order = _FORMATS[name]
            case ["element", name, count] if count.isdecimal() and len(count) < 16:
                elements.append(Element(name, int(count), ()))
            case ["property", *rest] if elements:
                elements[-1] = _with_property(elements[-1], rest, file)
            case _:
                raise damaged(file, "a line of its header is not understood", line)
    if order is None or not elements:
        raise damaged(file, "its header names no format or no elements", None)
    return order, tuple(comments), elements


def _with_property(element: Element, words: list[str], file: Path) -> Element:
    match words:
        case ["list", count, kind, name] if count in _TYPES and kind in _TYPES:
            added = Property(name, _TYPES[kind], _TYPES[count])
        case [kind, name] if kind in _TYPES:
            added = Property(name, _TYPES[kind])
        case _:
            raise damaged(file, "it has a property of no known type", " ".join(words))
    if any(added.name == other.name for other in element.properties):
        raise damaged(file, "it has a property twice", added.name)
    return Element(element.name, element.count, (*element.properties, added))
