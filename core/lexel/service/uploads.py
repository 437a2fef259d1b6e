"""Views that other programs upload, kept in a folder that `build` reads."""

from __future__ import annotations

import hashlib
import shutil
import threading
from pathlib import Path

from lexel.io.names import safe_name
from lexel.io.nerfstudio_writing import list_posed_views, save_posed_view
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.recording import RawView
from lexel.service.faults import InUse, NotHere, TooLarge
from lexel.service.views import UploadedView
from lexel.service.wire import check_name

_MARK_LETTERS = 16
_MOST_BYTES = 8 * 2**30  # of all uploads together, as they came


class Uploads:
    """Uploads by name; one thread writes at a time.

    Args:
        folder: theirs alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bytes: dict[str, dict[int, int]] = {}  # of each view
        self._taken: set[str] = set()  # by jobs that wait or run
        self._lock = threading.Lock()

    def save(self, name: str, number: int, uploaded: UploadedView, num_bytes: int) -> None:
        """Keep a view, in place of an earlier one of this number.

        Raises:
            InputError: it is no view.
            InUse: a job builds from this upload.
            TooLarge: there is too much already.
        """
        raw = RawView(
            where=f"view {number}",
            rgb=uploaded.colour,
            depth_m=uploaded.depth_m,
            intrinsics=uploaded.intrinsics,
            world_from_camera=uploaded.world_from_camera,
            names=("colour", "depth", "K", "world_from_camera"),
        )
        view = normalise(raw, Notes())
        with self._lock:
            self._check_free(name)
            held = self._bytes.get(name, {})
            others = sum(sum(views.values()) for views in self._bytes.values())
            if others - held.get(number, 0) + num_bytes > _MOST_BYTES:
                raise TooLarge(
                    f"all uploads together have at most {_MOST_BYTES >> 30} GB",
                    do="Build what was uploaded, or render smaller views.",
                )
            place = self._place(name)
            place.mkdir(parents=True, exist_ok=True)
            save_posed_view(place, number, view, uploaded.ids)
            self._bytes[name] = {**held, number: num_bytes}

    def take(self, name: str) -> tuple[Path, list[int]]:
        """The folder of an upload as a scene, and the numbers of its views.

        It stays as it is until `give_back` or `remove`.

        Raises:
            NotHere: there is no such upload.
            InUse: another job builds from it.
        """
        with self._lock:
            if name not in self._bytes:
                raise NotHere("there is no such upload", name, f"PUT its views first: {name}/0.")
            self._check_free(name)
            place = self._place(name)
            numbers = list_posed_views(place)
            self._taken.add(name)
            return place, numbers

    def give_back(self, name: str) -> None:
        """Its job has ended without a field: it may be changed, and built from again."""
        with self._lock:
            self._taken.discard(name)

    def remove(self, name: str) -> None:
        with self._lock:
            shutil.rmtree(self._place(name).parent, ignore_errors=True)
            self._bytes.pop(name, None)
            self._taken.discard(name)

    def _check_free(self, name: str) -> None:
        if name in self._taken:
            do = "Wait for the job, cancel it, or use another name."
            raise InUse("a job builds from this upload", name, do)

    def _place(self, name: str) -> Path:
        """Names that differ have places that do, where case does not count and CON is a device."""
        mark = hashlib.sha256(check_name(name, "the name of an upload").encode()).hexdigest()
        return self._folder / mark[:_MARK_LETTERS] / safe_name(name)
