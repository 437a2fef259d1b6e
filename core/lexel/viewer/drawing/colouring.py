"""One thread for each window that turns ids into colours; the newest of everything wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from lexel.query.paint import Paint
from lexel.viewer.drawing.scenery import Dress, Seen, dress
from lexel.viewer.drawing.shade import Drawn, Image


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture, what it shows, and in which paint."""

    image: Image
    seen: Seen
    paint: Paint


@dataclass
class Colourer:
    """Waits for new ids, a new dress or a new paint, and hands on pictures, on its thread."""

    receive: Callable[[Shot], None]
    _seen: Seen | None = None
    _dress: Dress = field(default_factory=Dress)
    _paint: Paint | None = None
    _dirty: bool = False
    _closed: bool = False
    _news: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _thread: threading.Thread | None = None

    def see(self, seen: Seen) -> None:
        self._change(seen=seen)

    def dress(self, dressed: Dress) -> None:
        self._change(dressed=dressed)

    def paint(self, paint: Paint) -> None:
        """Costs O(pixels) as long as the paint's `index` and `rgb` are the ones of before."""
        self._change(paint=paint)

    def clear(self) -> None:
        """Forget points and paint: other points come."""
        with self._news:
            self._seen, self._paint = None, None

    def close(self) -> None:
        """End the thread; wait until it has."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _change(
        self, seen: Seen | None = None, dressed: Dress | None = None, paint: Paint | None = None
    ) -> None:
        with self._news:
            self._seen = seen or self._seen
            self._dress = dressed or self._dress
            self._paint = paint or self._paint
            self._dirty = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lexel-colour", daemon=True)
                self._thread.start()
            self._news.notify()

    def _work(self) -> None:
        drawn: Drawn | None = None
        points: tuple[object, ...] = ()
        held: tuple[object, ...] = ()
        while (wanted := self._next()) is not None:
            seen, dressed, paint = wanted
            if not _same((paint.index, paint.rgb), points):
                points, drawn = (paint.index, paint.rgb), None
                compact = _compact(paint)
            if drawn is None or not _same((seen, dressed), held):
                drawn, held = dress(seen, compact, dressed), (seen, dressed)
            self.receive(Shot(drawn.colours(paint), seen, paint))

    def _next(self) -> tuple[Seen, Dress, Paint] | None:
        with self._news:
            while True:
                if self._closed:
                    return None
                fits = self._seen is not None and self._paint is not None
                if self._dirty and fits and self._fit():
                    self._dirty = False
                    assert self._seen is not None and self._paint is not None
                    return self._seen, self._dress, self._paint
                self._news.wait()

    def _fit(self) -> bool:
        """Whether paint and ids are of the same points; while these change they are not."""
        assert self._seen is not None and self._paint is not None
        return len(self._paint.index) == len(self._seen.scenery.cloud.xyz_m)


def _same(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether they are the very same things; nobody changes an array that is drawn."""
    return len(ones) == len(others) and all(a is b for a, b in zip(ones, others, strict=True))


def _compact(paint: Paint) -> Paint:
    """With columns by themselves: those of a field are views into the rows of its file."""
    index, rgb = np.ascontiguousarray(paint.index), np.ascontiguousarray(paint.rgb)
    return replace(paint, index=index, rgb=rgb)
