"""Pickles as data: numpy arrays, plain containers, text and numbers, and nothing else.

A pickle is a program. Instead of running it with some calls forbidden, this module reads its
instructions one by one and knows only those that build plain values; a call to anything else is
named and refused. Nothing is imported or called on the file's behalf, dictionary keys are plain
(a nest of tuples can take for ever to hash), an array must match the bytes that are there, and
the value is measured as whoever walks through it will find it (a list that holds one list twice,
which holds another twice, and so on, is endless), so neither code nor a bomb gets through.
"""

from __future__ import annotations

import io
import itertools
import pickletools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lexel.errors import InputError, SceneError
from lexel.io._pickle_values import Allowed, Pending, Refused, build, call, find_allowed

_MAX_BYTES = 2**30
_MAX_VALUES = 1_000_000  # each counted as often as it is referred to
_MAX_ARRAY_BYTES = 2 * _MAX_BYTES  # likewise
_MAX_DEPTH = 32
_MARK = object()
_Opcodes = Iterator[tuple[pickletools.OpcodeInfo, Any, int | None]]

# What broken bytes make the standard instruction reader and our containers raise.
_BROKEN = (
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    OverflowError,
    MemoryError,
    RecursionError,
)


def load_plain(
    source: str | Path | BinaryIO, *, error: type[InputError] = SceneError, namespace: bool = False
) -> Any:
    """The plain value in a pickle (a path or an open binary file).

    Args:
        source: what to read; nothing in it is executed.
        error: class raised when it is hostile, truncated or no pickle.
        namespace: also admit `argparse.Namespace`, which comes back as a dict.
    """
    where = source if isinstance(source, str | Path) else getattr(source, "name", "pickle")
    try:
        content = _read(source)
    except OSError as cause:
        raise error("cannot be read", where=where, got=cause, do="Check the path.") from cause
    if len(content) > _MAX_BYTES:
        raise error(f"is larger than {_MAX_BYTES >> 20} MiB", where=where, do="Save less.")
    try:
        return _Machine(namespace).run(content)
    except Refused as refusal:
        raise error(
            f"contains {refusal}, which is not plain data",
            where=where,
            do="Nothing was executed. Save it again with numpy arrays, lists, dicts, text and "
            "numbers only.",
        ) from None
    except _BROKEN as cause:
        raise error(
            "is damaged, cut short, or no pickle",
            where=where,
            got=cause,
            do="Copy or download it again.",
        ) from cause


def load_namespace(path: str | Path, *, error: type[InputError] = SceneError) -> dict[str, Any]:
    """A pickled `argparse.Namespace` (the published `args.pkl`), or a dict, as a plain dict."""
    value = load_plain(path, error=error, namespace=True)
    if not isinstance(value, dict):
        raise error("holds no settings", where=path, got=type(value).__name__)
    return value


def _read(source: str | Path | BinaryIO) -> bytes:
    if not isinstance(source, str | Path):
        return source.read(_MAX_BYTES + 1)
    with Path(source).open("rb") as file:
        return file.read(_MAX_BYTES + 1)


class _Machine:
    """The instructions of a pickle that build plain values."""

    def __init__(self, namespace: bool) -> None:
        self.namespace = namespace
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}

    def run(self, content: bytes) -> Any:
        opcodes: _Opcodes = pickletools.genops(io.BytesIO(content))
        for opcode, argument, _ in opcodes:
            name = opcode.name
            if name == "STOP":
                return measured(finished(self.stack.pop()))
            if name in _CONSTANTS:
                self.stack.append(_CONSTANTS[name])
            elif name in _LITERALS:
                self.stack.append(argument)
            elif name in _ACTIONS:
                _ACTIONS[name](self, argument)
            else:
                raise Refused(f"the instruction {name}")
        raise ValueError("no end")

    def pop_mark(self) -> list[Any]:
        items: list[Any] = []
        while (item := self.stack.pop()) is not _MARK:
            items.append(finished(item))
        items.reverse()
        return items

    def pop_plain(self, count: int) -> list[Any]:
        items = [finished(self.stack.pop()) for _ in range(count)]
        items.reverse()
        return items

    # One method per instruction, named for it.

    def mark(self, _: Any) -> None:
        self.stack.append(_MARK)

    def drop(self, _: Any) -> None:
        self.stack.pop()

    def drop_mark(self, _: Any) -> None:
        self.pop_mark()

    def dup(self, _: Any) -> None:
        self.stack.append(self.stack[-1])

    def empty_list(self, _: Any) -> None:
        self.stack.append([])

    def empty_dict(self, _: Any) -> None:
        self.stack.append({})

    def empty_set(self, _: Any) -> None:
        self.stack.append(set())

    def list_from_mark(self, _: Any) -> None:
        self.stack.append(self.pop_mark())

    def dict_from_mark(self, _: Any) -> None:
        items = self.pop_mark()
        self.stack.append({})
        self._set_items(items)

    def tuple_from_mark(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_mark()))

    def frozenset_from_mark(self, _: Any) -> None:
        self.stack.append(frozenset(map(key, self.pop_mark())))

    def tuple1(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_plain(1)))

    def tuple2(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_plain(2)))

    def tuple3(self, _: Any) -> None:
        self.stack.append(tuple(self.pop_plain(3)))

    def append(self, _: Any) -> None:
        (item,) = self.pop_plain(1)
        self._top(list).append(item)

    def appends(self, _: Any) -> None:
        items = self.pop_mark()
        self._top(list).extend(items)

    def add_items(self, _: Any) -> None:
        items = self.pop_mark()
        self._top(set).update(map(key, items))

    def set_item(self, _: Any) -> None:
        self._set_items(self.pop_plain(2))

    def set_items(self, _: Any) -> None:
        self._set_items(self.pop_mark())

    def _set_items(self, items: list[Any]) -> None:
        target = self._top(dict)
        for name, value in zip(items[::2], items[1::2], strict=True):
            target[key(name)] = value

    def _top(self, kind: type[Any]) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise TypeError(f"expected a {kind.__name__}")
        return self.stack[-1]

    def get(self, index: int) -> None:
        self.stack.append(self.memo[index])

    def put(self, index: int) -> None:
        self.memo[index] = self.stack[-1]

    def memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def global_(self, dotted: str) -> None:
        module, _, name = dotted.partition(" ")
        self.stack.append(find_allowed(module, name, self.namespace))

    def stack_global(self, _: Any) -> None:
        module, name = self.pop_plain(2)
        if not (isinstance(module, str) and isinstance(name, str)):
            raise ValueError("a name that is no text")
        self.stack.append(find_allowed(module, name, self.namespace))

    def reduce(self, _: Any) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        self.stack.append(call(function, arguments))

    def build(self, _: Any) -> None:
        (state,) = self.pop_plain(1)
        build(self.stack[-1], state)


def finished(item: Any) -> Any:
    """`item`, or what it was built into; unfinished things and marks are no values."""
    if isinstance(item, Pending):
        return item.value()
    if item is _MARK:
        raise ValueError("an unfinished value")
    return item


def measured(value: Any) -> Any:
    """`value` when walking through all of it takes little time and memory."""
    level, num_values, num_bytes = [value], 0, 0
    for _ in range(_MAX_DEPTH):
        num_values += len(level)
        num_bytes += sum(item.nbytes for item in level if isinstance(item, np.ndarray))
        if num_values > _MAX_VALUES or num_bytes > _MAX_ARRAY_BYTES:
            raise Refused("more values than a scene could hold")
        inner = itertools.chain.from_iterable(map(_inside, level))
        level = list(itertools.islice(inner, _MAX_VALUES + 1))
        if not level:
            return value
    raise Refused(f"containers nested more than {_MAX_DEPTH} deep")


def _inside(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list | tuple | set | frozenset) else ()


def key(item: Any) -> Any:
    if isinstance(item, str | int | float | bytes | bool | None):
        return item
    raise Refused(f"a {type(item).__name__} as a key")


_CONSTANTS: dict[str, Any] = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
    "EMPTY_TUPLE": (),
}
_LITERALS = frozenset(
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT STRING BINSTRING SHORT_BINSTRING "
    "BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 UNICODE SHORT_BINUNICODE BINUNICODE "
    "BINUNICODE8".split()
)


def _ignore(_: _Machine, __: Any) -> None:
    """PROTO and FRAME carry nothing."""


_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "PROTO": _ignore,
    "FRAME": _ignore,
    "MARK": _Machine.mark,
    "POP": _Machine.drop,
    "POP_MARK": _Machine.drop_mark,
    "DUP": _Machine.dup,
    "EMPTY_LIST": _Machine.empty_list,
    "EMPTY_DICT": _Machine.empty_dict,
    "EMPTY_SET": _Machine.empty_set,
    "LIST": _Machine.list_from_mark,
    "DICT": _Machine.dict_from_mark,
    "TUPLE": _Machine.tuple_from_mark,
    "FROZENSET": _Machine.frozenset_from_mark,
    "TUPLE1": _Machine.tuple1,
    "TUPLE2": _Machine.tuple2,
    "TUPLE3": _Machine.tuple3,
    "APPEND": _Machine.append,
    "APPENDS": _Machine.appends,
    "ADDITEMS": _Machine.add_items,
    "SETITEM": _Machine.set_item,
    "SETITEMS": _Machine.set_items,
    "GET": _Machine.get,
    "BINGET": _Machine.get,
    "LONG_BINGET": _Machine.get,
    "PUT": _Machine.put,
    "BINPUT": _Machine.put,
    "LONG_BINPUT": _Machine.put,
    "MEMOIZE": _Machine.memoize,
    "GLOBAL": _Machine.global_,
    "STACK_GLOBAL": _Machine.stack_global,
    "REDUCE": _Machine.reduce,
    "NEWOBJ": _Machine.reduce,
    "BUILD": _Machine.build,
}

__all__ = ["Allowed", "load_namespace", "load_plain"]
