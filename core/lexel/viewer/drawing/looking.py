"""One thread that looks: windows say what they want to see, and get it ever finer.

Windows that want the same share the work. A newer wish stops the refinement of an older one, but
never before its first picture: a camera that moves without a pause must be seen all the same.
At rest the picture is seen three times more, a fraction of a pixel aside, for smooth edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from lexel.errors import CancelledError
from lexel.viewer.drawing.post import Post
from lexel.viewer.drawing.scenery import Scenery, Seen, look, smooth

Receive = Callable[[Seen], None]
_REST_S = 0.3  # without a wish, until the last picture is smoothed
_MOST_SMOOTHED_PX = 4_000_000  # finer screens have no need; 100 bytes a pixel


@dataclass(frozen=True, eq=False)
class _Wish:
    """What a window wants to see; None: nothing any more."""

    who: Hashable
    scenery: Scenery | None
    receive: Receive


class Looker:
    """The thread, and who waits for what. Pictures are delivered on the thread.

    Two windows with the same `Looker` share what they see where camera and size are the same.
    """

    def __init__(self) -> None:
        self._post: Post[_Wish] = Post(self._work, "lexel-look")
        # Only the thread touches these.
        self._wishes: dict[Hashable, tuple[Scenery, Receive]] = {}
        self._open: set[Hashable] = set()  # whose wish nobody has begun with
        self._newer = False  # one came after that which is worked on
        self._last: Seen | None = None
        self._rough: dict[Hashable, Seen] = {}  # final pictures whose edges are not smooth yet

    def want(self, who: Hashable, scenery: Scenery, receive: Receive) -> None:
        """From now on `who` wants to see this, and nothing else any more."""
        self._post.send(_Wish(who, scenery, receive))

    def leave(self, who: Hashable) -> None:
        """`who` wants nothing more."""
        self._post.send(_Wish(who, None, lambda seen: None))

    def stop(self) -> None:
        """End the thread, soon."""
        self._post.close()

    def close(self) -> None:
        """End the thread, and wait until it has."""
        self._post.close()
        self._post.join()

    def _work(self) -> None:
        while self._open or self._note(self._post.wait(_REST_S if self._rough else None)):
            if not self._open:
                self._smooth()
                continue
            self._newer = False
            scenery = self._wishes[self._open.pop()][0]
            asked = self._same(scenery)
            self._open -= asked
            try:
                self._look(scenery, asked)
            except CancelledError:  # whoever still wants it comes again later
                self._open |= self._same(scenery)
            if self._post.closed:
                return

    def _note(self, wishes: list[_Wish]) -> bool:
        """Take what has come; False at the end."""
        for wish in wishes:
            if wish.scenery is None:
                self._wishes.pop(wish.who, None)
                self._open.discard(wish.who)
                self._rough.pop(wish.who, None)
            else:
                self._wishes[wish.who] = wish.scenery, wish.receive
                self._rough.pop(wish.who, None)
                self._open.add(wish.who)
                self._newer = True
        return not self._post.closed

    def _look(self, scenery: Scenery, asked: set[Hashable]) -> None:
        last = self._last
        if last is not None and last.scenery.key == scenery.key:
            self._deliver(last, asked)
            return
        for number, seen in enumerate(look(scenery, check=self._check)):
            self._note(self._post.look())
            # Who has asked gets the first picture even if it wants another by now.
            self._deliver(seen, asked if number == 0 else set())
            if seen.final:
                self._last = seen

    def _smooth(self) -> None:
        """Nobody has wanted anything for a while: a picture gets smooth edges."""
        if not self._rough:
            return
        _, rough = self._rough.popitem()
        self._rough = {who: seen for who, seen in self._rough.items() if seen is not rough}
        self._newer = False
        try:
            self._last = smooth(rough, self._check)
        except CancelledError:
            self._open |= self._same(rough.scenery)
            return
        self._deliver(self._last, set())

    def _check(self) -> None:
        # A wish that was stopped itself only waits: two that stop each other would never be done.
        if not self._note(self._post.look()) or self._newer:
            raise CancelledError("a newer view is wanted")

    def _deliver(self, seen: Seen, asked: set[Hashable]) -> None:
        same = self._same(seen.scenery)
        for who in asked | same:
            if who in self._wishes:
                self._wishes[who][1](seen)
        if seen.final and not seen.nudged and can_be_smooth(seen.scenery):
            self._rough |= dict.fromkeys(same, seen)

    def _same(self, scenery: Scenery) -> set[Hashable]:
        """Who wants to see just this."""
        return {who for who, (wanted, _) in self._wishes.items() if wanted.key == scenery.key}


def can_be_smooth(scenery: Scenery) -> bool:
    """Whether a picture gets smooth edges at rest."""
    return math.prod(scenery.camera.size_px) <= _MOST_SMOOTHED_PX
