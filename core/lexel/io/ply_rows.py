"""The rows of a `.ply` file's elements, binary or text, never past the end of the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

_MAX_TEXT_BYTES = 2**28  # words of text take many times their own size


@dataclass(frozen=True)
class Property:
    """A column: numpy's type of its values, and of its lists' lengths when it holds lists."""

    name: str
    dtype: str
    count_dtype: str | None = None


@dataclass(frozen=True)
class Element:
    """A table: so many rows of these properties."""

    name: str
    count: int
    properties: tuple[Property, ...]


@dataclass(frozen=True, eq=False)
class Lists:
    """A column of lists: how long each is, and the values of all in one."""

    counts: npt.NDArray[np.int64]
    values: npt.NDArray[np.generic]


Columns = dict[str, npt.NDArray[np.generic] | Lists]


def damaged(file: Path, what: str, got: object = None) -> SceneError:
    """The error of a `.ply` file that is not whole."""
    return SceneError(f"is damaged: {what}", where=file, got=got, do="Export it again.")


class BinaryRows:
    """Rows of numbers in one byte order ("<" or ">")."""

    def __init__(self, content: bytes | mmap, start: int, order: str, file: Path) -> None:
        self._content, self._at, self._order, self._file = content, start, order, file

    def take(self, element: Element) -> Columns:
        """The columns of the next element."""
        least = sum(np.dtype(p.count_dtype or p.dtype).itemsize for p in element.properties)
        self._check(element.count * least, f"{element.count:,} rows of {element.name}")
        if not element.properties or not element.count:
            return _columns(element, [[] for _ in element.properties], [])
        return self._equal_rows(element) or self._unequal_rows(element)

    def _equal_rows(self, element: Element) -> Columns | None:
        """All rows at once, when every list is as long as that of the first row."""
        lengths = self._lengths_of_first(element)
        dtype = np.dtype(
            [
                part
                for i, p in enumerate(element.properties)
                for part in self._fields(p, i, lengths.get(i, 0))
            ]
        )
        if element.count * dtype.itemsize > len(self._content) - self._at:
            return None
        table = np.frombuffer(self._content, dtype, element.count, self._at)
        if any((table[f"count{i}"] != length).any() for i, length in lengths.items()):
            return None
        self._at += element.count * dtype.itemsize
        return {
            p.name: Lists(np.full(element.count, lengths[i], np.int64), table[f"value{i}"].ravel())
            if p.count_dtype
            else table[f"value{i}"]
            for i, p in enumerate(element.properties)
        }

    def _fields(self, p: Property, i: int, length: int) -> list[tuple[object, ...]]:
        value = (f"value{i}", self._order + p.dtype)
        if not p.count_dtype:
            return [value]
        return [(f"count{i}", self._order + p.count_dtype), (*value, (length,))]

    def _lengths_of_first(self, element: Element) -> dict[int, int]:
        here = self._at
        lengths = {}
        for i, p in enumerate(element.properties):
            if p.count_dtype:
                lengths[i] = self._length(p.count_dtype)
                self._skip(lengths[i] * np.dtype(p.dtype).itemsize)
            else:
                self._skip(np.dtype(p.dtype).itemsize)
        self._at = here
        return lengths

    def _unequal_rows(self, element: Element) -> Columns:
        """Row by row: lists of different lengths."""
        values: list[list[npt.NDArray[np.generic]]] = [[] for _ in element.properties]
        for _ in range(element.count):
            for column, p in zip(values, element.properties, strict=True):
                length = self._length(p.count_dtype) if p.count_dtype else 1
                start = self._at
                self._skip(length * np.dtype(p.dtype).itemsize)
                column.append(np.frombuffer(self._content, self._order + p.dtype, length, start))
        counts = [[len(part) for part in column] for column in values]
        return _columns(element, values, counts)

    def _length(self, dtype: str) -> int:
        start = self._at
        self._skip(np.dtype(dtype).itemsize)
        layout = self._order + np.dtype(dtype).char
        (length,) = struct.unpack_from(layout, self._content, start)
        if not (length >= 0 and length == int(length)):
            raise damaged(self._file, "a list has no whole length", length)
        return int(length)

    def _skip(self, num_bytes: int) -> None:
        self._check(num_bytes, "its last rows")
        self._at += num_bytes

    def _check(self, num_bytes: int, what: str) -> None:
        left = len(self._content) - self._at
        if num_bytes > left:
            raise damaged(self._file, f"{what} cannot stand in the {left:,} bytes that follow")


class TextRows:
    """Rows of words."""

    def __init__(self, content: bytes | mmap, start: int, file: Path) -> None:
        if len(content) - start > _MAX_TEXT_BYTES:
            raise SceneError(
                f"is text of more than {_MAX_TEXT_BYTES >> 20} MB",
                where=file,
                do="Save it as binary .ply.",
            )
        self._words, self._at, self._file = content[start:].split(), 0, file

    def take(self, element: Element) -> Columns:
        """The columns of the next element."""
        least = element.count * len(element.properties)
        if least > len(self._words) - self._at:
            raise damaged(
                self._file, f"it ends before its {element.count:,} rows of {element.name}"
            )
        if any(p.count_dtype for p in element.properties):
            return self._rows_with_lists(element)
        table = self._numbers(least).reshape(element.count, len(element.properties))
        return {p.name: _cast(table[:, i], p.dtype) for i, p in enumerate(element.properties)}

    def _rows_with_lists(self, element: Element) -> Columns:
        values: list[list[npt.NDArray[np.generic]]] = [[] for _ in element.properties]
        for _ in range(element.count):
            for column, p in zip(values, element.properties, strict=True):
                length = self._length() if p.count_dtype else 1
                column.append(self._numbers(length))
        counts = [[len(part) for part in column] for column in values]
        return _columns(element, values, counts)

    def _length(self) -> int:
        (length,) = self._numbers(1)
        if not (0 <= length <= len(self._words) and length == int(length)):
            raise damaged(self._file, "a list has no whole length", length)
        return int(length)

    def _numbers(self, count: int) -> npt.NDArray[np.float64]:
        words = self._words[self._at : self._at + count]
        if len(words) < count:
            raise damaged(self._file, "it ends too soon")
        self._at += count
        try:
            return np.array([float(word) for word in words])
        except ValueError as cause:
            raise damaged(self._file, "a word is no number", cause) from cause


def _columns(
    element: Element, values: list[list[npt.NDArray[np.generic]]], counts: list[list[int]]
) -> Columns:
    columns: Columns = {}
    for i, p in enumerate(element.properties):
        joined = np.concatenate([np.empty(0), *values[i]]) if values[i] else np.empty(0)
        column = _cast(joined, p.dtype)
        sizes = np.array(counts[i] if counts else [], np.int64)
        columns[p.name] = Lists(sizes, column) if p.count_dtype else column
    return columns


def _cast(values: npt.NDArray[np.generic], dtype: str) -> npt.NDArray[np.generic]:
    with np.errstate(all="ignore"):  # numbers beyond a type are damage that later checks find
        return values.astype(dtype)
