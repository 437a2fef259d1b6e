"""Work on images band by band: a band stays in the processor's cache, and bands share the cores."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

_ROWS = 64
_MOST_THREADS = 4
_helpers = threading.local()


def in_bands(height: int, work: Callable[[int, int], object], rows: int = _ROWS) -> None:
    """Call `work(first, end)` for bands of rows; they must not write to each other's."""
    starts = range(0, height, rows)
    done = _pool().map(lambda first: work(first, min(first + rows, height)), starts)
    for _ in done:  # raises what a band raised
        pass


def _pool() -> ThreadPoolExecutor:
    """The calling thread's own helpers: a keystroke must not wait behind a camera's bands."""
    if not hasattr(_helpers, "pool"):
        number = min(_MOST_THREADS, os.cpu_count() or 1)
        _helpers.pool = ThreadPoolExecutor(number, "lexel-bands")
    pool: ThreadPoolExecutor = _helpers.pool
    return pool
