"""One thread that looks: windows say what they want to see, and get it ever finer.

Windows that want the same share the work. A newer wish stops the refinement of an older one, but
never before its first picture: a camera that moves without a pause must be seen all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from lexel.errors import CancelledError
from lexel.viewer.drawing.scenery import Scenery, Seen, look

Receive = Callable[[Seen], None]


@dataclass
class Looker:
    """The thread, and who waits for what. Deliveries come on the thread.

    Two windows with the same `Looker` share what they see where camera and size are the same.
    """

    _wishes: dict[Hashable, tuple[Scenery, Receive]] = field(default_factory=dict)
    _open: set[Hashable] = field(default_factory=set)  # whose wish nobody has begun with
    _asked: set[Hashable] = field(default_factory=set)  # whose wish is worked on
    _newer: bool = False  # a wish came after the one that is worked on
    _last: Seen | None = None
    _news: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _thread: threading.Thread | None = None
    _closed: bool = False

    def want(self, who: Hashable, scenery: Scenery, receive: Receive) -> None:
        """From now on `who` wants to see this, and nothing else any more."""
        with self._news:
            self._wishes[who] = scenery, receive
            self._open.add(who)
            self._newer = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lexel-look", daemon=True)
                self._thread.start()
            self._news.notify()

    def leave(self, who: Hashable) -> None:
        """`who` wants nothing more; after this returns nothing begins to be delivered."""
        with self._news:
            self._wishes.pop(who, None)
            self._open.discard(who)

    def close(self) -> None:
        """End the thread; wait until it has."""
        with self._news:
            self._closed = True
            self._wishes.clear()
            self._open.clear()
            self._news.notify()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (scenery := self._next()) is not None:
            try:
                self._look(scenery)
            except CancelledError:
                self._reopen(scenery)

    def _next(self) -> Scenery | None:
        with self._news:
            while not self._open and not self._closed:
                self._news.wait()
            if self._closed:
                return None
            self._newer = False
            scenery = self._wishes[self._open.pop()][0]
            self._asked = self._same(scenery)
            self._open -= self._asked
            return scenery

    def _look(self, scenery: Scenery) -> None:
        last = self._last
        if last is not None and last.scenery.key == scenery.key:
            self._deliver(last, self._asked)
            return
        for number, seen in enumerate(look(scenery, check=self._check)):
            # Who has asked gets the first picture even if it wants another by now.
            self._deliver(seen, self._asked if number == 0 else set())
            if seen.final:
                self._last = seen

    def _check(self) -> None:
        # A wish that was stopped itself waits: two that stop each other would never be done.
        if self._newer or self._closed:
            raise CancelledError("a newer view is wanted")

    def _deliver(self, seen: Seen, asked: set[Hashable]) -> None:
        with self._news:
            receivers = asked | self._same(seen.scenery)
            waiting = [self._wishes[who][1] for who in receivers if who in self._wishes]
        for receive in waiting:
            receive(seen)

    def _reopen(self, scenery: Scenery) -> None:
        """Whoever still wants what was stopped comes again later."""
        with self._news:
            self._open |= self._same(scenery)

    def _same(self, scenery: Scenery) -> set[Hashable]:
        """Who wants to see just this."""
        return {who for who, (wanted, _) in self._wishes.items() if wanted.key == scenery.key}
