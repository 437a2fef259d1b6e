"""One thread for each window that turns ids into colours; the newest of everything wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lexel.query.paint import Paint
from lexel.viewer.drawing.post import Post
from lexel.viewer.drawing.scenery import Dress, Seen, dress
from lexel.viewer.drawing.shade import Drawn, Image, mean_of

_AT_ONCE_PX = 1_500_000  # of larger pictures a keystroke shows rough edges first


@dataclass(frozen=True, eq=False)
class Shot:
    """A picture, what it shows, in which paint, and whether its edges are smooth."""

    image: Image
    seen: Seen
    paint: Paint
    smooth: bool = False


@dataclass(frozen=True, eq=False)
class _Clear:
    """Forget ids and paint."""


class Colourer:
    """Waits for new ids, a new dress or a new paint, and hands on pictures, on its thread."""

    def __init__(self, receive: Callable[[Shot], None]) -> None:
        self._receive = receive
        self._post: Post[Seen | Dress | Paint | _Clear] = Post(self._work, "lexel-colour")
        # Only the thread touches these.
        self._seen: Seen | None = None
        self._dress = Dress()
        self._paint: Paint | None = None

    def see(self, seen: Seen) -> None:
        self._post.send(seen)

    def dress(self, dressed: Dress) -> None:
        self._post.send(dressed)

    def paint(self, paint: Paint) -> None:
        """Costs O(pixels) as long as the paint's `index` and `rgb` are the ones of before."""
        self._post.send(paint)

    def clear(self) -> None:
        """Forget ids and paint: other points come."""
        self._post.send(_Clear())

    def stop(self) -> None:
        """End the thread, soon."""
        self._post.close()

    def close(self) -> None:
        """End the thread, and wait until it has."""
        self._post.close()
        self._post.join()

    def _work(self) -> None:
        drawn: list[Drawn] = []
        points: tuple[object, ...] = ()
        held: tuple[object, ...] = ()
        while self._note(self._post.wait()):
            seen, paint, dressed = self._seen, self._paint, self._dress
            # While the points change, ids and paint are of different ones for a moment.
            if seen is None or paint is None or len(paint.index) != len(seen.scenery.cloud.xyz_m):
                continue
            if not _same((paint.index, paint.rgb), points):
                points, drawn = (paint.index, paint.rgb), []
                compact = _compact(paint)
            if not drawn or not _same((seen, dressed), held):
                drawn, held = [dress(seen, compact, dressed)], (seen, dressed)
            self._colour(drawn, seen, paint, compact, dressed)

    def _colour(
        self, drawn: list[Drawn], seen: Seen, paint: Paint, compact: Paint, dressed: Dress
    ) -> None:
        """Hand on the picture, and the one with smooth edges unless something newer waits."""
        image = drawn[0].colours(paint)
        at_once = len(drawn) > len(seen.nudged) and drawn[0].row.size <= _AT_ONCE_PX
        if not (seen.nudged and at_once):
            self._receive(Shot(image, seen, paint))
        for other in seen.nudged[len(drawn) - 1 :]:
            if self._post.waiting:
                return
            drawn.append(dress(other, compact, dressed))
        if seen.nudged and not self._post.waiting:
            others = [one.colours(paint) for one in drawn[1:]]
            self._receive(Shot(mean_of([image, *others]), seen, paint, smooth=True))

    def _note(self, letters: list[Seen | Dress | Paint | _Clear]) -> bool:
        """Take what has come; False at the end."""
        for letter in letters:
            if isinstance(letter, Seen):
                self._seen = letter
            elif isinstance(letter, Dress):
                self._dress = letter
            elif isinstance(letter, Paint):
                self._paint = letter
            else:
                self._seen, self._paint = None, None
        return not self._post.closed


def _same(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Whether they are the very same things; nobody changes an array that is drawn."""
    return len(ones) == len(others) and all(a is b for a, b in zip(ones, others, strict=True))


def _compact(paint: Paint) -> Paint:
    """With columns by themselves: those of a field are views into the rows of its file."""
    index, rgb = np.ascontiguousarray(paint.index), np.ascontiguousarray(paint.rgb)
    return replace(paint, index=index, rgb=rgb)
