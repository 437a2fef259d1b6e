"""A working folder: half-done work that survives being killed.

Whatever is saved is whole or not there. The folder remembers the plan it was begun for; another
plan starts anew.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_object, write_json
from lexel.io.zips import BROKEN_ZIP
from lexel.progress import Progress

Arrays = Mapping[str, npt.NDArray[Any]]

_PLAN = "plan.json"
_SAVE_EVERY_S = 10.0


class Workshop:
    """Arrays by name in a folder of our own."""

    def __init__(self, folder: Path, plan: Mapping[str, Any], progress: Progress) -> None:
        """Open the folder, or start anew where it is of another plan.

        Raises:
            InputError: there is something else in its place.
        """
        self.folder = folder
        if not self._is_of(plan):
            self._clear()
            folder.mkdir(parents=True)
            with replacing_file(folder / _PLAN) as temporary:
                write_json(temporary, dict(plan))
        elif any(folder.glob("*.npz")) or any(folder.glob("*/*.npz")):
            progress.say(f"{folder.name}: going on where an earlier run was stopped")

    def save(self, name: str, arrays: Arrays, *, packed: bool = False) -> None:
        """Keep arrays under a name such as `views/000012`; `packed` takes time and saves space."""
        write = np.savez_compressed if packed else np.savez
        with replacing_file(self.folder / f"{name}.npz") as temporary, temporary.open("wb") as file:
            write(file, **dict(arrays))

    def load(self, name: str) -> dict[str, npt.NDArray[Any]] | None:
        """What was kept; None where nothing is, or what is there cannot be read."""
        try:
            # Opened here: of a damaged file numpy would leave its own handle open.
            with (self.folder / f"{name}.npz").open("rb") as file:
                stored = np.load(file, allow_pickle=False)
                return {key: stored[key] for key in stored.files}
        except BROKEN_ZIP:
            return None

    def drop(self, name: str) -> None:
        """Forget what was kept under a name."""
        (self.folder / f"{name}.npz").unlink(missing_ok=True)

    def remove(self) -> None:
        """Tidy up once the work is done."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _is_of(self, plan: Mapping[str, Any]) -> bool:
        try:
            return read_json_object(self.folder / _PLAN) == dict(plan)
        except InputError:
            return False

    def _clear(self) -> None:
        if not self.folder.exists():
            return
        ours = (self.folder / _PLAN).is_file()
        if not self.folder.is_dir() or (not ours and any(self.folder.iterdir())):
            raise InputError(
                "is in the way: half-done work goes there",
                where=self.folder,
                do="Rename or delete it.",
            )
        shutil.rmtree(self.folder)


def run_stage(
    workshop: Workshop,
    name: str,
    count: int,
    step: Callable[[int], None],
    state: Callable[[], Arrays],
    start: int,
    progress: Progress,
) -> None:
    """Do steps `start` … `count` - 1, and keep `state` (and `next`) now and then and at the end."""
    progress.begin(name, count)
    progress.advance(start)
    saved_at = time.monotonic()
    for index in range(start, count):
        step(index)
        progress.advance()
        if time.monotonic() - saved_at > _SAVE_EVERY_S and index + 1 < count:
            workshop.save(name, {**state(), "next": np.array(index + 1)})
            saved_at = time.monotonic()
    if start < count:
        workshop.save(name, {**state(), "next": np.array(count)})
