"""`.pcd` of the point cloud library, version 0.7: text, binary, or binary_compressed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.lzf import decompress_lzf
from lexel.io.notes import Notes
from lexel.io.raw_geometry import RawGeometry, read_all

_MAX_HEADER_BYTES = 1 << 16
_DATA = b"\nDATA "
_KINDS = {"F": "f", "I": "i", "U": "u"}
_PACKED_COLOURS = ("rgb", "rgba")

Columns = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class _Header:
    """Number of points, how data follow and where, and the columns."""

    count: int
    data: str
    start: int
    dtype: np.dtype[np.void]
    comments: tuple[str, ...]


def read_pcd_geometry(file: Path, _: Notes) -> RawGeometry:
    """The cloud of a file."""
    content = read_all(file)
    header = _header(content, file)
    with np.errstate(all="ignore"):  # what is no number is left out later
        columns = _columns(content, header, file)
        points = _stacked(columns, tuple("xyz"))
        if points is None:
            raise SceneError(
                "has no columns x, y and z of one number each", where=file, do="Export it again."
            )
        normals = _stacked(columns, ("normal_x", "normal_y", "normal_z"))
        rgb = _colours(columns)
    return RawGeometry("point cloud", points, rgb, normals, comments=header.comments)


def _stacked(columns: Columns, names: tuple[str, ...]) -> npt.NDArray[np.float64] | None:
    """(N, len(names)); None when one is missing or has several numbers a point."""
    found = [columns[name] for name in names if name in columns and columns[name].ndim == 1]
    if len(found) < len(names):
        return None
    return np.stack(found, axis=1).astype(np.float64)


def _header(content: bytes, file: Path) -> _Header:
    place = content.find(_DATA, 0, _MAX_HEADER_BYTES)
    end = content.find(b"\n", place + 1)
    if place < 0 or end < 0:
        raise SceneError("has no header of a .pcd file", where=file, got=content[:16])
    lines = content[:end].decode("utf-8", "replace").splitlines()
    comments = tuple(line.strip("# ") for line in lines if line.startswith("#"))
    values = {words[0]: words[1:] for line in lines if (words := line.split())}
    try:
        names, sizes, kinds = values["FIELDS"], values["SIZE"], values["TYPE"]
        lengths = [int(n) for n in values.get("COUNT", ["1"] * len(names))]
        types = [f"<{_KINDS[k]}{int(s)}" for k, s in zip(kinds, sizes, strict=True)]
        dtype = np.dtype(
            [
                # Padding comes as fields called _, all of one name.
                (f"_{i}" if name == "_" else name, kind, (length,) if length != 1 else ())
                for i, (name, kind, length) in enumerate(zip(names, types, lengths, strict=True))
            ]
        )
        (number,) = values["POINTS"]
        count = int(number)
    except (KeyError, ValueError, TypeError) as cause:
        raise SceneError("has a header that is not understood", where=file, got=cause) from cause
    if count < 0 or not dtype.itemsize:
        raise SceneError("has a header that is not understood", where=file, got=count)
    return _Header(count, values["DATA"][0] if values["DATA"] else "", end + 1, dtype, comments)


def _columns(content: bytes, header: _Header, file: Path) -> Columns:
    needed = header.count * header.dtype.itemsize
    left = len(content) - header.start
    if header.data == "binary" and needed <= left:
        table = np.frombuffer(content, header.dtype, header.count, header.start)
        return {name: table[name] for name in header.dtype.names or ()}
    if header.data == "binary_compressed" and left >= 8:
        return _compressed(content, header, needed, file)
    if header.data == "ascii":
        return _text(content[header.start :], header, file)
    raise SceneError(
        f"is damaged: {header.count:,} points cannot stand in {left:,} bytes of {header.data}",
        where=file,
        do="Export it again.",
    )


def _compressed(content: bytes, header: _Header, needed: int, file: Path) -> Columns:
    """Packed column by column."""
    packed = int.from_bytes(content[header.start : header.start + 4], "little")
    unpacked = int.from_bytes(content[header.start + 4 : header.start + 8], "little")
    start = header.start + 8
    if unpacked != needed or packed > len(content) - start:
        raise SceneError(
            f"is damaged: its {header.count:,} points need {needed:,} bytes",
            where=file,
            got=f"{unpacked:,} bytes",
            do="Export it again.",
        )
    plain = decompress_lzf(content[start : start + packed], needed, file)
    columns, at = Columns(), 0
    for name in header.dtype.names or ():
        kind = np.dtype((header.dtype[name].base, header.dtype[name].shape))
        columns[name] = np.frombuffer(plain, kind, header.count, at)
        at += header.count * kind.itemsize
    return columns


def _text(content: bytes, header: _Header, file: Path) -> Columns:
    names = header.dtype.names or ()
    widths = [int(np.prod(header.dtype[name].shape)) for name in names]
    words = content.split()
    if len(words) != header.count * sum(widths):
        raise SceneError(
            f"is damaged: {header.count:,} points are {header.count * sum(widths):,} numbers",
            where=file,
            got=f"{len(words):,}",
            do="Export it again.",
        )
    try:
        table = np.array([float(word) for word in words]).reshape(header.count, sum(widths))
    except ValueError as cause:
        raise SceneError("is damaged: a word is no number", where=file, got=cause) from cause
    starts = np.cumsum([0, *widths])
    columns = Columns()
    for name, start, width in zip(names, starts, widths, strict=False):
        columns[name] = table[:, start] if width == 1 else table[:, start : start + width]
        if name in _PACKED_COLOURS and header.dtype[name].kind != "f":
            columns[name] = columns[name].astype(np.uint32)
    return columns


def _colours(columns: Columns) -> npt.NDArray[np.uint8] | None:
    """(N, 3) from a column whose 32 bits are 0x00rrggbb, called a float or an integer."""
    packed = next((columns[name] for name in _PACKED_COLOURS if name in columns), None)
    if packed is None or packed.ndim != 1 or packed.dtype.itemsize not in (4, 8):
        return None
    if packed.dtype.kind == "f":
        packed = packed.astype(np.float32).view(np.uint32)
    bits = packed.astype(np.uint32)
    return np.stack([(bits >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.uint8)
