"""Numbers in text files: matrices and lists, read with a limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

_MAX_MATRIX_BYTES = 1 << 16
_MAX_LIST_BYTES = 1 << 28
_MATRICES = ((3, 3), (4, 4), (3, 4))


def read_matrix(file: Path) -> npt.NDArray[np.float64]:
    """(4, 4), (3, 4) or (3, 3) from the rows of a text file; may hold NaN and infinities."""
    try:
        with file.open(encoding="utf-8") as text:
            lines = text.read(_MAX_MATRIX_BYTES).split("\n")
        rows = [[float(word) for word in line.split()] for line in lines if line.strip()]
        matrix = np.array(rows, np.float64)
    except FileNotFoundError:
        raise SceneError("is missing", where=file, do="Add it as rows of numbers.") from None
    except (OSError, ValueError) as cause:
        raise SceneError("is not rows of numbers", where=file, got=cause) from cause
    if matrix.shape not in _MATRICES:
        raise SceneError("should be 3 x 3 or 4 x 4", where=file, got=f"shape {matrix.shape}")
    return matrix


def read_rows(file: Path, max_words: int = -1) -> Iterator[tuple[str, list[str]]]:
    """(where it stands, its words) for each line of a text file that is no comment (#).

    With `max_words`, all that is left of a line is its last word.
    """
    try:
        if file.stat().st_size > _MAX_LIST_BYTES:
            raise SceneError("is too large for what it should hold", where=file)
        with file.open(encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                if line.strip() and not line.lstrip().startswith("#"):
                    yield f"{file}, line {number}", line.strip().split(maxsplit=max_words - 1)
    except FileNotFoundError:
        raise SceneError("is missing", where=file, do="Add it.") from None
    except (OSError, ValueError) as cause:
        raise SceneError("cannot be read as text", where=file, got=cause) from cause


def numbers(words: Any, count: int, where: object) -> npt.NDArray[np.float64]:
    """(count,) finite numbers from words or values, or a sentence."""
    try:
        listed = words if isinstance(words, list | tuple | np.ndarray) else ()
        values = np.array([float(word) for word in listed], np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.empty(0)
    if values.shape != (count,) or not np.isfinite(values).all():
        raise SceneError(f"should be {count} finite numbers", where=where, got=words)
    return values
