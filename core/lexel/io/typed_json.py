"""JSON objects whose keys are read with the type they must have; a message names file and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

_LARGEST = 1e300  # also keeps NaN, infinity and integers of a thousand digits out


@dataclass(frozen=True)
class JsonObject:
    """An object in the JSON file `path`; `place` is where in the file, such as "encoder."."""

    value: Mapping[str, Any]
    path: Path
    place: str = ""

    def text(self, key: str) -> str:
        return str(self._typed(key, str, "text"))

    def optional_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._typed(key, list, "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise self.wrong(key, "should be a list of texts")
        return tuple(values)

    def number(self, key: str, lower: float = -_LARGEST, upper: float = _LARGEST) -> float:
        value = self.value.get(key)
        if not (_is_number(value) and lower <= value <= upper):
            within = "" if upper == _LARGEST else f" in {lower:g}..{upper:g}"
            raise self.wrong(key, f"should be a number{within}")
        return float(value)

    def whole(self, key: str, lower: int, upper: int) -> int:
        value = self.value.get(key)
        if type(value) is not int or not lower <= value <= upper:
            raise self.wrong(key, f"should be a whole number in {lower}..{upper}")
        return value

    def wholes(self, key: str, lower: int, upper: int) -> tuple[int, ...]:
        values = self._typed(key, list, "a list of whole numbers")
        if not all(type(value) is int and lower <= value <= upper for value in values):
            raise self.wrong(key, f"should be a list of whole numbers in {lower}..{upper}")
        return tuple(values)

    def array(self, key: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Finite numbers in nested lists of exactly this shape."""
        value = self.value.get(key)
        if not _has_shape(value, shape):
            size = " x ".join(map(str, shape))
            raise self.wrong(key, f"should be {size} numbers")
        return np.array(value, np.float64)

    def mapping(self, key: str) -> dict[str, Any]:
        return dict(self._typed(key, dict, "an object"))

    def inner(self, key: str) -> JsonObject:
        return JsonObject(self.mapping(key), self.path, f"{self.place}{key}.")

    def optional_inner(self, key: str) -> JsonObject | None:
        return None if self.value.get(key) is None else self.inner(key)

    def objects(self, key: str) -> list[JsonObject]:
        values = self._typed(key, list, "a list of objects")
        return objects_of(values, self.path, f"{self.place}{key}")

    def wrong(self, key: str, what: str) -> SceneError:
        """An error that says what is wrong with `key`."""
        if key not in self.value:
            return SceneError(f"'{self.place}{key}' is missing", where=self.path, do=_AGAIN)
        return SceneError(
            f"'{self.place}{key}' {what}", where=self.path, got=self.value[key], do=_AGAIN
        )

    def _typed(self, key: str, kind: type, words: str) -> Any:
        value = self.value.get(key)
        if not isinstance(value, kind):
            raise self.wrong(key, f"should be {words}")
        return value


def objects_of(values: list[Any], path: Path, place: str = "") -> list[JsonObject]:
    """The objects of a JSON list, each knowing its place in it."""
    for i, value in enumerate(values):
        if not isinstance(value, dict):
            raise SceneError(f"'{place}[{i}]' should be an object", where=path, got=value)
    return [JsonObject(value, path, f"{place}[{i}].") for i, value in enumerate(values)]


_AGAIN = "Make it again."


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and type(value) is not bool and abs(value) <= _LARGEST


def _has_shape(value: object, shape: tuple[int, ...]) -> bool:
    if not shape:
        return _is_number(value)
    return (
        isinstance(value, list)
        and len(value) == shape[0]
        and all(_has_shape(part, shape[1:]) for part in value)
    )
