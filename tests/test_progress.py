"""Work tells where it is, step by step, and can be stopped."""

from __future__ import annotations

import pytest

from lexel.errors import CancelledError
from lexel.progress import Silent, track


class Recorded(Silent):
    """Writes down what it is told; stops the work after `limit` steps."""

    def __init__(self, limit: int | None = None) -> None:
        self.told: list[object] = []
        self.limit = limit

    def begin(self, stage: str, total: int | None) -> None:
        self.told.append((stage, total))

    def advance(self, steps: int = 1) -> None:
        self.told.append(steps)
        if self.limit is not None and len(self.told) > self.limit:
            raise CancelledError


def test_every_item_is_a_step_after_its_work_is_done():
    progress = Recorded()
    for item in track("ab", "reading", progress):
        progress.told.append(item)
    assert progress.told == [("reading", 2), "a", 1, "b", 1]


def test_a_stage_of_unknown_length():
    progress = Recorded()
    assert list(track(iter("ab"), "reading", progress)) == ["a", "b"]
    assert progress.told[0] == ("reading", None)


def test_nothing_to_do_is_a_stage_too():
    progress = Recorded()
    assert list(track([], "reading", progress)) == []
    assert progress.told == [("reading", 0)]


def test_the_receiver_stops_the_work():
    steps = track(range(10), "reading", Recorded(limit=3))
    assert [next(steps), next(steps), next(steps)] == [0, 1, 2]
    with pytest.raises(CancelledError):
        next(steps)


def test_silence_ignores_everything():
    assert list(track("ab", "reading", Silent())) == ["a", "b"]
    Silent().say("anything")
