"""Work that tests give to a child; a child imports it by name."""

import os
import time

from lexel.errors import SceneError

_kept: list[int] = []


def count(total, *, progress):
    progress.begin("counting", total)
    for _ in range(total):
        progress.advance()
    progress.say(f"counted to {total}")
    return total


def count_slowly(mark, *, progress):
    progress.begin("counting", None)
    try:
        while True:
            time.sleep(0.01)
            progress.advance()
    finally:
        mark.write_text("tidied up")


def refuse(*, progress):
    raise SceneError("is empty", where="room.ply", got=0, do="Export it again.")


def divide(*, progress):
    return 1 / 0


def end(*, progress):
    os._exit(3)


def keep(value, *, progress):
    _kept.append(value)
    return sum(_kept), os.getpid()
