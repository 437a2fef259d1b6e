"""A display for windows where there is none: Xvfb, which draws in software."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_display(size_px: tuple[int, int] = (1600, 1200)) -> Iterator[str]:
    """An Xvfb under a free number; gives what `DISPLAY` has to be."""
    told, tell = os.pipe()
    screen = ["-screen", "0", "{}x{}x24".format(*size_px), "-nolisten", "tcp"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), *screen],
        pass_fds=[tell],
        stderr=subprocess.DEVNULL,  # it tells of each number that was taken
    )
    os.close(tell)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()  # comes when the server is ready
        assert number, "Xvfb ended before it had a display"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
