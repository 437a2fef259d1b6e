"""Anybody's features of points: (N, D) numbers in a `.npy` file, or alone in a `.npz`.

A million rows of 512 numbers are gigabytes: rows are read when they are asked for.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.npy import NpyHeader, read_npy_header
from lexel.io.zips import open_only_array

_BLOCK = 1 << 22
_KINDS = "Save them as .npy, one row for each point: numpy.save(path, features)."


@dataclass(frozen=True)
class FeatureFile:
    """N rows of D numbers on disk.

    Each access maps the file anew and copies, so that memory holds what was asked for and no more.
    """

    path: Path
    header: NpyHeader
    start: int

    @property
    def shape(self) -> tuple[int, ...]:
        return self.header.shape

    def __getitem__(self, key: Any) -> npt.NDArray[np.floating]:
        header = self.header
        mapped = np.memmap(
            self.path, header.dtype, "r", self.start, header.shape, order=header.order
        )
        return np.array(mapped[key])


@contextlib.contextmanager
def open_features(path: Path) -> Iterator[FeatureFile]:
    """The features in `path`, for as long as the context lasts; a `SceneError` if there are none.

    A `.npz` is unpacked into the folder for temporary files: what is packed cannot be mapped.
    """
    suffix = path.suffix.lower()
    if suffix not in (".npy", ".npz"):
        raise SceneError("is no file of features", where=path, got=suffix, do=_KINDS)
    if not path.is_file():
        raise SceneError("does not exist", where=path, do="Check the path.")
    if suffix == ".npy":
        yield _open_npy(path)
        return
    with tempfile.TemporaryDirectory(prefix="lexel-") as folder:
        yield _unpack(path, Path(folder) / "features.npy")


def _open_npy(path: Path) -> FeatureFile:
    with path.open("rb") as file:
        header = _read_header(file, path)
        start = file.tell()
    size = path.stat().st_size - start
    if size != header.num_bytes:
        raise SceneError(
            f"is damaged: {header.shape} numbers of type {header.dtype} are {header.num_bytes:,} "
            "bytes",
            where=path,
            got=f"{size:,} bytes",
            do="Copy it again.",
        )
    return FeatureFile(path, header, start)


def _unpack(path: Path, target: Path) -> FeatureFile:
    with open_only_array(path) as member:
        return _copy(member, target, path)


def _copy(member: IO[bytes], target: Path, path: Path) -> FeatureFile:
    """The array alone in a file: as many bytes as its header promises, whatever is packed."""
    header = _read_header(member, path)
    left = header.num_bytes
    if left > shutil.disk_usage(target.parent).free:
        raise SceneError(
            f"holds {left:,} bytes, for which there is no room to unpack", where=path, do=_KINDS
        )
    with target.open("wb") as file:
        while left and (block := member.read(min(left, _BLOCK))):
            file.write(block)
            left -= len(block)
    if left or member.read(1):
        raise SceneError("has another size than its header says", where=path, do="Copy it again.")
    return FeatureFile(target, header, 0)


def _read_header(stream: IO[bytes], path: Path) -> NpyHeader:
    header = read_npy_header(stream, path)
    if header.dtype.kind != "f" or len(header.shape) != 2 or min(header.shape) < 1:
        raise SceneError(
            "should hold one row of numbers for each point",
            where=path,
            got=f"{' x '.join(map(str, header.shape))} of type {header.dtype}",
            do=_KINDS,
        )
    return header
