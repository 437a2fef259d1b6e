"""An error's sentence is short and quick to make, whatever the offending value is."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import LexelError, shorten


def deep(levels: int) -> list[Any]:
    nest: list[Any] = []
    for _ in range(levels):
        nest = [nest]
    return nest


def doubled(levels: int) -> list[Any]:
    nest: list[Any] = [1]
    for _ in range(levels):
        nest = [nest, nest]
    return nest


class Unshowable:
    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    "got",
    [
        deep(100_000),
        doubled(60),
        {"a": doubled(60)},
        10**10_000,
        [10**10_000],
        "x" * 10**8,
        b"x" * 10**6,
        ["x" * 10**8],
        list(range(10**6)),
        np.zeros((1000, 1000)),
        Unshowable(),
        KeyError(doubled(60)),
        ValueError(10**10_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_any_value_is_shown_quickly(got: Any) -> None:
    start = time.perf_counter()
    error = LexelError("is wrong", got=got)
    assert time.perf_counter() - start < 1
    assert error.got is not None
    assert 3 <= len(error.got) <= 80


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        ("a\n b", "a b"),
        (3, "3"),
        (1.5, "1.5"),
        (np.int64(3), "3"),
        (np.dtype("f4"), "float32"),
        ([1, "a", None], "[1, 'a', None]"),
        ((24, 32, 3), "(24, 32, 3)"),
        (ValueError("no such thing"), "no such thing"),
        (FileNotFoundError(2, "No such file", "x"), "[Errno 2] No such file: 'x'"),
    ],
)
def test_ordinary_values_read_as_ever(got: Any, shown: str) -> None:
    assert LexelError("is wrong", got=got).got == shown


@given(st.text(), st.integers(8, 100))
def test_what_is_shortened_fits_on_one_line(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert len(short.splitlines()) <= 1
