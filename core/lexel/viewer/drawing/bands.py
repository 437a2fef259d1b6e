"""Work on images band by band: a band stays in the processor's cache, and bands share the cores."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

_ROWS = 64
_MOST_THREADS = 4


def in_bands(height: int, work: Callable[[int, int], object], rows: int = _ROWS) -> None:
    """Call `work(first, end)` for bands of rows; they must not write to each other's."""
    starts = range(0, height, rows)
    done = _pool().map(lambda first: work(first, min(first + rows, height)), starts)
    for _ in done:  # raises what a band raised
        pass


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1), "lexel-bands")
