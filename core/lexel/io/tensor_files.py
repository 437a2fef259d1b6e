"""safetensors files: headers held against the file before anything is mapped, read or allocated."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

Tensor = npt.NDArray[Any]

_MAX_HEADER_BYTES = 1 << 20  # `spec/formats.md`: headers over 1 MB are refused
_LENGTH_BYTES = 8
_DTYPES: dict[str, np.dtype[Any]] = {
    "U8": np.dtype("u1"),
    "F16": np.dtype("<f2"),
    "I32": np.dtype("<i4"),
    "F32": np.dtype("<f4"),
    "I64": np.dtype("<i8"),
}  # in the order of the safetensors package
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}
_RANKS = {dtype: rank for rank, dtype in enumerate(_DTYPES.values())}


@dataclass(frozen=True)
class TensorPlace:
    """Where a tensor lies in its file: `start` is the byte of its first number."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int

    @property
    def num_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def save_tensors(path: Path, tensors: Mapping[str, Tensor]) -> Path:
    """Write named arrays as they are, byte for byte as the safetensors package does.

    Its order is by type, the widest first, then by name; so tensors lie at multiples of their
    own size, and the same tensors give the same bytes.
    """
    order = sorted(tensors, key=lambda name: (-_RANKS[tensors[name].dtype], name))
    entries, at = {}, 0
    for name in order:
        tensor = tensors[name]
        entries[name] = {
            "dtype": _NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [at, at := at + tensor.nbytes],
        }
    header = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-len(header) % _LENGTH_BYTES)
    with path.open("wb") as file:
        file.write(len(header).to_bytes(_LENGTH_BYTES, "little") + header)
        for name in order:
            file.write(np.ascontiguousarray(tensors[name]).data)
    return path


def read_places(path: Path) -> dict[str, TensorPlace]:
    """What the header promises, once the file has been seen to keep it; a `SceneError` if not."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            start = _LENGTH_BYTES + length
            if size < _LENGTH_BYTES or length > _MAX_HEADER_BYTES or start > size:
                raise _damaged(path, "it has no header, or one over 1 MB", f"{size} bytes")
            header = file.read(length)
    except OSError as error:
        raise SceneError("the file cannot be read", where=path, got=error) from error
    places = {name: _place(name, entry, start, path) for name, entry in _entries(header, path)}
    _check_tiling(places, start, size, path)
    return places


def map_tensor(path: Path, place: TensorPlace) -> Tensor:
    """A tensor of `path` as a memory-mapped, read-only array."""
    if place.num_bytes == 0:  # nothing cannot be mapped
        return np.empty(place.shape, place.dtype)
    mapped = np.memmap(path, place.dtype, "r", place.start, place.shape)
    return np.asarray(mapped)


def _entries(header: bytes, path: Path) -> list[tuple[str, Any]]:
    try:
        entries = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "its header is no JSON", error) from error
    if not isinstance(entries, dict):
        raise _damaged(path, "its header is no list of tensors", type(entries).__name__)
    return [(name, entry) for name, entry in entries.items() if name != "__metadata__"]


def _place(name: str, entry: object, start: int, path: Path) -> TensorPlace:
    if not isinstance(entry, dict) or entry.get("dtype") not in tuple(_DTYPES):
        raise _damaged(path, f"the type of '{name}' is none that Lexel writes", entry)
    dtype = _DTYPES[entry["dtype"]]
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    if not (_are_sizes(shape) and _are_sizes(offsets) and len(offsets) == 2):
        raise _damaged(path, f"shape and place of '{name}' are no whole numbers", entry)
    place = TensorPlace(dtype, tuple(shape), start + offsets[0])
    if place.num_bytes != offsets[1] - offsets[0]:
        raise _damaged(
            path,
            f"'{name}' promises {list(shape)} numbers, {place.num_bytes:,} bytes",
            f"{offsets[1] - offsets[0]:,} bytes",
        )
    return place


def _are_sizes(value: object) -> TypeGuard[list[int]]:
    return isinstance(value, list) and all(type(n) is int and 0 <= n < 2**62 for n in value)


def _check_tiling(places: Mapping[str, TensorPlace], start: int, size: int, path: Path) -> None:
    """The tensors fill the file: no overlap, no gap, nothing beyond the end."""
    at = start
    for place in sorted(places.values(), key=lambda p: (p.start, p.num_bytes)):
        if place.start != at:
            raise _damaged(path, "its tensors do not lie end to end", None)
        at += place.num_bytes
    if at != size:
        raise _damaged(path, f"its header promises {at:,} bytes", f"{size:,} bytes")


def _damaged(path: Path, what: str, got: object) -> SceneError:
    return SceneError(
        f"this is no safetensors file as Lexel writes it: {what}",
        where=path,
        got=got,
        do="Make it again.",
    )
