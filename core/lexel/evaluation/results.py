"""Results of `lexel eval`, read back column by column."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from lexel.errors import InputError

_WORDS = ("approach", "split", "room", "label", "spatial_relation_name", "target_obj_name")
_FLAGS = ("novel", "synonym", "hidden")


@dataclass(frozen=True, eq=False)
class Results:
    """Q questions put at C cut-offs.

    Attributes:
        words: columns of words and flags, each [Q].
        cutoffs: [C], ascending.
        iou: [Q, C], of the metric asked for.
    """

    words: dict[str, NDArray[np.str_]]
    cutoffs: NDArray[np.float64]
    iou: NDArray[np.float64]

    def __getitem__(self, chosen: NDArray[np.bool_]) -> Results:
        words = {name: column[chosen] for name, column in self.words.items()}
        return Results(words, self.cutoffs, self.iou[chosen])

    def flag(self, name: str) -> NDArray[np.bool_]:
        """[Q] bool."""
        return np.asarray(self.words[name] == "1")

    @property
    def localises(self) -> bool:
        """True for descriptions, False for labels."""
        return bool((self.words["spatial_relation_name"] != "").any())


def read_results(files: Sequence[Path], metric: str) -> Results:
    """All questions in the files of one task.

    Args:
        files: what `lexel eval` wrote.
        metric: column to read, such as `voxel32x32x32_iou`.

    Raises:
        InputError: a file is missing, damaged, cut off, or of other cut-offs.
    """
    words: dict[str, list[str]] = {name: [] for name in (*_WORDS, *_FLAGS)}
    blocks: list[NDArray[np.float64]] = []
    cutoffs: NDArray[np.float64] | None = None
    for file in files:
        table = _columns(file, (*words, "cutoff", metric))
        every = np.array(table["cutoff"], float)
        own = np.unique(every)
        fits = len(own) > 0 and len(every) % len(own) == 0
        fits = fits and (every.reshape(-1, len(own)) == own).all()
        if not fits or (cutoffs is not None and not np.array_equal(cutoffs, own)):
            raise InputError("its cut-offs are incomplete or others than before", where=file)
        cutoffs = own
        for name, column in words.items():
            column += table[name][:: len(own)]
        blocks.append(np.array(table[metric], float).reshape(-1, len(own)))
    if cutoffs is None:
        raise InputError("there are no results", do="Make some: lexel eval.")
    named = {name: np.array(column) for name, column in words.items()}
    return Results(named, cutoffs, np.concatenate(blocks))


def _columns(file: Path, names: Sequence[str]) -> dict[str, list[str]]:
    try:
        with _opened(file) as stream:
            rows = csv.reader(stream)
            head = next(rows)
            places = [head.index(name) for name in names]
            picked = [[row[p] for p in places] for row in rows]
        for row in picked:
            float(row[-1]), float(row[-2])
    except (OSError, ValueError, IndexError, StopIteration, EOFError, zlib.error, csv.Error) as e:
        raise InputError("these are no results of lexel eval", where=file, got=e) from e
    return {name: [row[i] for row in picked] for i, name in enumerate(names)}


def _opened(file: Path) -> TextIO:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", newline="", encoding="utf-8")
    return file.open(newline="", encoding="utf-8")
