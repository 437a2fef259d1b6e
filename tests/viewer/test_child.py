"""Long work in a process of its own."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from lexel.errors import CancelledError, LexelError, SceneError
from lexel.viewer.child import Child
from tests.viewer import work_for_children as work


class Listener:
    """A `Progress` that remembers, and cancels after so many steps."""

    def __init__(self, most: int | None = None) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.done, self.said, self._most = 0, [], most

    def begin(self, stage, total):
        self.stages.append((stage, total))

    def advance(self, steps=1):
        self.done += steps
        if self._most is not None and self.done >= self._most:
            raise CancelledError

    def say(self, message):
        self.said.append(message)


@pytest.fixture(scope="module")
def child():
    child = Child()
    yield child
    child.close()


def test_steps_words_and_results_come_through(child):
    heard = Listener()
    assert child.run(work.count, 5, progress=heard) == 5
    assert heard.stages == [("counting", 5)] and heard.done == 5
    assert heard.said == ["counted to 5"]


def test_a_cancelled_job_tidies_up_and_the_child_lives_on(child, tmp_path):
    with pytest.raises(CancelledError):
        child.run(work.count_slowly, tmp_path / "mark", progress=Listener(most=3))
    assert (tmp_path / "mark").read_text() == "tidied up"
    assert child.run(work.count, 2, progress=Listener()) == 2


def test_errors_keep_their_sentence(child):
    with pytest.raises(SceneError) as caught:
        child.run(work.refuse, progress=Listener())
    assert str(caught.value) == "room.ply: is empty (got 0). Export it again."


def test_a_fault_of_ours_is_told(child):
    with pytest.raises(LexelError, match="division by zero"):
        child.run(work.divide, progress=Listener())


def test_what_is_kept_stays_in_the_child(child):
    (first, pid), (both, same) = (child.run(work.keep, n, progress=Listener()) for n in (1, 2))
    assert (first, both) == (1, 3) and pid == same != os.getpid()


def test_a_child_that_dies_is_told_and_replaced(child):
    with pytest.raises(LexelError, match="ended unexpectedly"):
        child.run(work.end, progress=Listener())
    assert child.run(work.count, 2, progress=Listener()) == 2


def test_work_of_two_threads_comes_one_after_the_other(child):
    with ThreadPoolExecutor(2) as pool:
        works = [pool.submit(child.run, work.count, n, progress=Listener()) for n in (40, 50)]
    assert [one.result() for one in works] == [40, 50]
