"""How long a thread is held up by what it calls, and not by whatever else this computer does."""

from __future__ import annotations

import time
from pathlib import Path

_QUEUED = Path("/proc/thread-self/schedstat")  # Linux: ns on a core, ns waiting for one, turns


def held_up_s() -> float:
    """A clock of this thread, seconds: it stands still while the thread waits for a core."""
    return time.perf_counter() - _queued_s()


def _queued_s() -> float:
    try:
        return int(_QUEUED.read_text().split()[1]) / 1e9
    except (OSError, IndexError):  # elsewhere busy neighbours count
        return 0.0
