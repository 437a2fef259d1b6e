"""The few names a pickle of numpy arrays may mention, re-stated without calling numpy's own.

numpy writes an array as `_reconstruct(ndarray, (0,), b"b")` and then its state: version, shape,
dtype, order, bytes. A dtype is `dtype("f8", False, True)` and then its state, of which only the
byte order matters for plain numbers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import Enum, auto
from typing import Any

import numpy as np

from lexel.errors import brief, shorten

_PLAIN_DTYPE = re.compile(r"[<>=|]?(?:b1|\?|[iu][1248]|f[248]|c8|c16|[US]\d{1,6})")
_MAX_DIMENSIONS = 8
_SHOWN_CHARACTERS = 60


class Refused(Exception):
    """The pickle asks for something that is not plain data; the message names it."""


class Allowed(Enum):
    RECONSTRUCT = auto()
    ARRAY_TYPE = auto()
    DTYPE = auto()
    SCALAR = auto()
    FROM_BUFFER = auto()
    ENCODE = auto()
    ORDERED_DICT = auto()
    NAMESPACE = auto()
    BYTES = auto()
    SET = auto()
    COPYREG = auto()
    OBJECT = auto()


_NAMES = {
    ("numpy", "ndarray"): Allowed.ARRAY_TYPE,
    ("numpy", "dtype"): Allowed.DTYPE,
    ("_codecs", "encode"): Allowed.ENCODE,
    ("collections", "OrderedDict"): Allowed.ORDERED_DICT,
}
for _core in ("numpy.core", "numpy._core"):
    _NAMES[(f"{_core}.multiarray", "_reconstruct")] = Allowed.RECONSTRUCT
    _NAMES[(f"{_core}.multiarray", "scalar")] = Allowed.SCALAR
    _NAMES[(f"{_core}.numeric", "_frombuffer")] = Allowed.FROM_BUFFER

for _builtins in ("__builtin__", "builtins"):  # how old protocols spell b"" and sets
    _NAMES[(_builtins, "bytes")] = Allowed.BYTES
    _NAMES[(_builtins, "set")] = Allowed.SET
    _NAMES[(_builtins, "frozenset")] = Allowed.SET

_NAMESPACE_NAMES = {
    ("argparse", "Namespace"): Allowed.NAMESPACE,
    ("copy_reg", "_reconstructor"): Allowed.COPYREG,
    ("copyreg", "_reconstructor"): Allowed.COPYREG,
    ("__builtin__", "object"): Allowed.OBJECT,
    ("builtins", "object"): Allowed.OBJECT,
}


class Pending:
    """Something a BUILD instruction completes."""

    def value(self) -> Any:
        raise ValueError("a value was left unfinished")

    def build(self, state: Any) -> None:
        raise NotImplementedError


class _Array(Pending):
    def __init__(self) -> None:
        self.array: np.ndarray | None = None

    def value(self) -> np.ndarray:
        return super().value() if self.array is None else self.array

    def build(self, state: Any) -> None:
        *_, shape, dtype, fortran, content = state
        if isinstance(content, str):  # Python 2 wrote bytes as text
            content = content.encode("latin-1")
        self.array = _array(content, dtype, shape, "F" if fortran else "C")


class _Dtype(Pending):
    def __init__(self, code: Any) -> None:
        text = code.decode("ascii") if isinstance(code, bytes) else code
        if not isinstance(text, str) or not _PLAIN_DTYPE.fullmatch(text):
            raise Refused(f"an array of {shorten(brief(text), 20)} values")
        self.dtype = np.dtype(text)

    def value(self) -> np.dtype[Any]:
        return self.dtype

    def build(self, state: Any) -> None:
        _, order, subdtype, names, fields, *_ = state
        if subdtype is not None or names is not None or fields is not None:
            raise Refused("a structured array")
        text = order.decode("ascii") if isinstance(order, bytes) else order
        if text == ">":
            self.dtype = self.dtype.newbyteorder(">")
        elif text == "<":
            self.dtype = self.dtype.newbyteorder("<")
        elif text not in ("=", "|"):
            raise ValueError("byte order")


class _Settings(Pending):
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def value(self) -> dict[str, Any]:
        return self.values

    def build(self, state: Any) -> None:
        if not isinstance(state, dict):
            raise ValueError("settings that are no dict")
        self.values.update(state)


def find_allowed(module: str, name: str, namespace: bool) -> Allowed:
    """The admitted meaning of `module.name`; anything else is refused by name."""
    found = _NAMES.get((module, name))
    if found is None and namespace:
        found = _NAMESPACE_NAMES.get((module, name))
    if found is None:
        raise Refused(f"a call of {module}.{name}"[:_SHOWN_CHARACTERS])
    return found


def call(function: Any, arguments: Any) -> Any:
    """What `function(*arguments)` stands for."""
    if not isinstance(function, Allowed) or function not in _CALLS:
        raise Refused("a call of something that cannot be called")
    if not isinstance(arguments, tuple):
        raise ValueError("arguments that are no tuple")
    return _CALLS[function](*(a.value() if isinstance(a, Pending) else a for a in arguments))


def build(target: Any, state: Any) -> None:
    """Complete `target` with `state`."""
    if not isinstance(target, Pending):
        raise Refused(f"a state for a {type(target).__name__}")
    target.build(state)


def _reconstruct(kind: Any, shape: Any, _: Any) -> _Array:
    if kind is not Allowed.ARRAY_TYPE or shape != (0,):
        raise Refused("an unusual kind of array")
    return _Array()


def _array(content: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray:
    if not isinstance(content, bytes | bytearray):
        raise Refused("an array that does not hold plain bytes")
    if not isinstance(dtype, np.dtype) or not isinstance(shape, tuple) or order not in ("C", "F"):
        raise ValueError("an array without type, shape and order")
    if len(shape) > _MAX_DIMENSIONS or not all(type(n) is int and 0 <= n < 2**62 for n in shape):
        raise ValueError("an array shape")
    if math.prod(shape) * dtype.itemsize != len(content) or not dtype.itemsize:
        raise ValueError("an array whose bytes do not match its shape")
    return np.frombuffer(content, dtype).reshape(shape, order=order)


def _scalar(dtype: Any, content: Any) -> Any:
    if isinstance(content, str):
        content = content.encode("latin-1")
    return _array(content, dtype, (), "C").item()


def _encode(text: Any, encoding: Any = "latin1") -> bytes:
    """Protocol 2 writes bytes as latin-1 text; nothing else is decoded."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise Refused("an unusual text encoding")
    return text.encode("latin-1")


def _ordered(items: Any = ()) -> dict[Any, Any]:
    if items != ():
        raise Refused("an unusual ordered dict")
    return {}


def _set(items: Any = ()) -> set[Any]:
    if not all(isinstance(item, str | int | float | bytes) for item in items):
        raise Refused("a set of containers")
    return set(items)


def _copyreg(kind: Any, base: Any, state: Any) -> _Settings:
    if kind is not Allowed.NAMESPACE or base is not Allowed.OBJECT or state is not None:
        raise Refused("a call of copyreg")
    return _Settings()


_CALLS: dict[Allowed, Callable[..., Any]] = {
    Allowed.RECONSTRUCT: _reconstruct,
    Allowed.DTYPE: lambda code, *_: _Dtype(code),
    Allowed.SCALAR: _scalar,
    Allowed.FROM_BUFFER: _array,
    Allowed.ENCODE: _encode,
    Allowed.ORDERED_DICT: _ordered,
    Allowed.BYTES: lambda: b"",
    Allowed.SET: _set,
    Allowed.NAMESPACE: _Settings,
    Allowed.COPYREG: _copyreg,
}
