"""JSON as it travels: faults, and objects whose keys are read with the type they must have.

The standard library alone: the Blender extension carries a copy of this file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """Why a request was not answered: what is wrong, what was got, what to do."""

    what: str
    got: str | None = None
    do: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"error": asdict(self)}

    def __str__(self) -> str:
        head = self.what if self.got is None else f"{self.what} (got {self.got})"
        return f"{head}. {self.do}" if self.do else f"{head}."


class ProtocolError(Exception):
    """A message is not of this protocol."""

    def __init__(self, what: str, got: object = None, do: str | None = None) -> None:
        self.fault = Fault(what, None if got is None else str(got)[:80], do)
        super().__init__(str(self.fault))


def fault_of(body: bytes) -> Fault:
    """The fault in a reply; what it is if it says none."""
    try:
        told = Reader(parse_object(body)).inner("error")
        return Fault(told.text("what"), told.optional_text("got"), told.optional_text("do"))
    except ProtocolError:
        return Fault("the service refused, and did not say why")


def dump(value: object) -> bytes:
    """ASCII JSON without blanks, fit for a header too."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def parse_object(body: bytes | bytearray) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("the body is no JSON", error, "Send a JSON object.") from error
    if not isinstance(value, dict):
        raise ProtocolError("should be a JSON object", type(value).__name__)
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


@dataclass(frozen=True)
class Reader:
    """Reads an object's keys with the type they must have.

    Attributes:
        value: the object.
        place: where it is in the message, such as "examples[0].".
    """

    value: Mapping[str, Any]
    place: str = ""

    def only(self, *keys: str) -> Reader:
        """This reader, if there are no other keys."""
        for key in self.value:
            if key not in keys:
                known = ", ".join(keys)
                raise ProtocolError(f"unknown key in {self.place or 'the body'}", key, known)
        return self

    def text(self, key: str) -> str:
        return self._typed(key, str, "text")

    def optional_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key)

    def flag(self, key: str, default: bool) -> bool:
        return self._typed(key, bool, "true or false") if key in self.value else default

    def whole(self, key: str, lower: int, upper: int, default: int | None = None) -> int:
        value = self.value.get(key, default)
        if type(value) is not int or not lower <= value <= upper:
            raise self.wrong(key, f"should be a whole number in {lower}..{upper}")
        return value

    def number(self, key: str, lower: float, upper: float, default: float | None = None) -> float:
        value = self.value.get(key, default)
        if not is_number(value) or not lower <= value <= upper:
            raise self.wrong(key, f"should be a number in {lower:g}..{upper:g}")
        return float(value)

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        values = self._typed(key, list, "a list of texts")
        if len(values) > most or not all(isinstance(value, str) for value in values):
            raise self.wrong(key, f"should be a list of at most {most} texts")
        return tuple(values)

    def optional_texts(self, key: str, most: int) -> tuple[str, ...] | None:
        return None if self.value.get(key) is None else self.texts(key, most)

    def numbers(self, key: str, most: int) -> tuple[float, ...]:
        values = self._typed(key, list, "a list of numbers")
        if len(values) > most or not all(map(is_number, values)):
            raise self.wrong(key, f"should be a list of at most {most} numbers")
        return tuple(map(float, values))

    def matrix(self, key: str, size: int) -> npt.NDArray[np.float64]:
        """(size, size) finite numbers."""
        rows = self._typed(key, list, "a list of rows")
        if len(rows) != size or not all(isinstance(row, list) and len(row) == size for row in rows):
            raise self.wrong(key, f"should be {size} x {size} numbers")
        if not all(is_number(value) for row in rows for value in row):
            raise self.wrong(key, f"should be {size} x {size} numbers")
        return np.array(rows, np.float64)

    def mapping(self, key: str) -> dict[str, Any]:
        return self._typed(key, dict, "an object")

    def inner(self, key: str) -> Reader:
        return Reader(self.mapping(key), f"{self.place}{key}.")

    def objects(self, key: str, most: int) -> list[Reader]:
        values = self._typed(key, list, "a list of objects") if key in self.value else []
        if len(values) > most or not all(isinstance(value, dict) for value in values):
            raise self.wrong(key, f"should be a list of at most {most} objects")
        return [Reader(value, f"{self.place}{key}[{i}].") for i, value in enumerate(values)]

    def wrong(self, key: str, what: str) -> ProtocolError:
        if key not in self.value:
            return ProtocolError(f"'{self.place}{key}' is missing: it {what}")
        return ProtocolError(f"'{self.place}{key}' {what}", json.dumps(self.value[key])[:80])

    def _typed(self, key: str, kind: type[T], words: str) -> T:
        value = self.value.get(key)
        if not isinstance(value, kind):
            raise self.wrong(key, f"should be {words}")
        return value


def is_number(value: object) -> bool:
    return type(value) in (int, float) and abs(value) <= 1e300  # type: ignore[arg-type]


def check_name(name: str, what: str) -> str:
    """`name`, if it may stand in a path: letters, digits, - and _, at most 64."""
    if not _NAME.fullmatch(name):
        raise ProtocolError(f"{what} is 1 to 64 letters, digits, - and _", name)
    return name
