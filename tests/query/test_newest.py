"""Only the newest query counts."""

from __future__ import annotations

import threading

import pytest

from lexel.errors import CancelledError
from lexel.query.newest import Newest


def test_older_turns_are_over_and_the_newest_goes_on():
    newest = Newest()
    first = newest.begin()
    first.check()
    second = newest.begin(7)
    second.check()
    with pytest.raises(CancelledError):
        first.check()
    assert newest.begin().number == 8


@pytest.mark.parametrize("number", [6, 7])
def test_a_query_that_comes_late_is_refused(number):
    newest = Newest()
    turn = newest.begin(7)
    with pytest.raises(CancelledError):
        newest.begin(number)
    turn.check()


def test_of_many_threads_one_is_the_newest():
    newest, turns = Newest(), []
    threads = [threading.Thread(target=lambda: turns.append(newest.begin())) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turn.number for turn in turns) == list(range(1, 51))
