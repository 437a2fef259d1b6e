"""Arrays and words of .npz files, checked before anything relies on them. Nothing is unpickled."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError

# RuntimeError: of kinds of zip that Python does not know, or with a password.
_DAMAGE = (
    KeyError, ValueError, TypeError, AttributeError, EOFError, RuntimeError, MemoryError,
    struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
Arrays = dict[str, npt.NDArray[Any]]


def load_arrays(file: Path, wanted: Mapping[str, tuple[str, int]], words: str) -> Arrays:
    """The arrays `wanted` (dtype, number of dimensions) and the JSON text called `words`.

    Raises:
        InputError: the file is missing or damaged, or an array is missing or of another type.
    """
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in (*wanted, words)}
    except OSError as error:
        raise InputError("the file cannot be read", where=file, got=error) from error
    except _DAMAGE as error:
        raise InputError(
            "the file is damaged", where=file, got=error, do="Make it again."
        ) from error
    for name, (dtype, ndim) in wanted.items():
        found = arrays[name]
        if found.dtype != dtype or found.ndim != ndim:
            raise InputError(f"{name} is no {dtype} [{ndim}d]", where=file, got=found.dtype)
    return arrays


def json_list(text: npt.NDArray[Any], file: Path) -> list[Any]:
    """The list that a JSON text holds; an `InputError` when it holds none."""
    try:
        value = json.loads(str(text[()]))
    except (ValueError, RecursionError) as error:
        raise InputError("its words are no JSON", where=file, got=error) from error
    require(isinstance(value, list), "its words are no list", file)
    return list(value)


def require(condition: bool, what: str, file: Path) -> None:
    """An `InputError` that says `what` is wrong with the file, unless `condition`."""
    if not condition:
        raise InputError(what, where=file, do="Make it again.")
