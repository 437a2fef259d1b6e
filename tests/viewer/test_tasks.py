"""Work in the background: told in the window's thread, cancelled, the newest first."""

from __future__ import annotations

import threading
import time

import pytest

from lexel.errors import CancelledError, InputError
from lexel.viewer.task_bar import TaskBar, TaskRow
from lexel.viewer.tasks import Tasks


@pytest.fixture
def tasks(qapp):
    tasks = Tasks()
    yield tasks
    tasks.close()


def test_results_come_in_order_in_the_thread_of_the_window(tasks, until):
    came, threads = [], set()

    def take(value):
        came.append(value)
        threads.add(threading.current_thread())

    tasks.stream("counting", lambda watched: iter(range(100)), take)
    until(lambda: not tasks.running)
    assert came == list(range(100))
    assert threads == {threading.main_thread()}


def test_only_the_newest_of_a_lane_counts_even_if_an_older_one_was_done(tasks, until):
    came, gate = [], threading.Event()

    def slow(watched):
        gate.wait()
        watched.check()
        return "slow"

    tasks.run("a", slow, came.append, lane="ask")
    for word in ("skipped", "skipped too"):
        tasks.run("b", lambda watched, word=word: word, came.append, lane="ask")
    tasks.run("c", lambda watched: "newest", came.append, lane="ask")
    gate.set()
    until(lambda: not tasks.running)
    assert came == ["newest"]
    tasks.run("d", lambda watched: "done, but not yet told", came.append, lane="ask")
    time.sleep(0.05)  # no event is processed: it is done, and what it gave is on its way
    tasks.forget("ask")
    until(lambda: not tasks.running)
    assert came == ["newest"]


def test_lanes_do_not_wait_for_each_other(tasks, until):
    came, gate = [], threading.Event()
    tasks.run("slow", lambda watched: gate.wait(5), came.append, lane="one")
    tasks.run("quick", lambda watched: "quick", came.append, lane="two")
    until(lambda: came == ["quick"])
    gate.set()
    until(lambda: not tasks.running)


def test_what_goes_wrong_is_told_and_a_cancellation_is_not(tasks, until):
    told, failed = [], []
    tasks.failed.connect(lambda name, error: told.append((name, str(error))))

    def fail(watched):
        raise InputError("broken")

    tasks.run("reading", fail, print)
    tasks.run("reading", fail, print, failed=failed.append)
    stopped = tasks.run("waiting", wait_until_stopped, print)
    stopped.cancel()
    until(lambda: not tasks.running)
    assert told == [("reading", "broken.")]
    assert [type(error) for error in failed] == [InputError]


def wait_until_stopped(watched):
    watched.begin("waiting", None)
    while True:
        watched.advance()
        time.sleep(0.001)


def test_the_task_bar_shows_the_stage_and_its_button_stops_the_work(tasks, until, qapp):
    bar, ends = TaskBar(tasks), []
    bar.show()

    def build(watched):
        watched.begin("reading views", 4)
        watched.advance()
        watched.say("one view was left out")
        wait_until_stopped(watched)

    task = tasks.run("Building", build, print)
    task.ended.connect(ends.append)
    (row,) = bar.findChildren(TaskRow)
    until(lambda: "waiting" in row.said.text())
    assert row.said.text().startswith("Building")
    assert row.said.toolTip() == "one view was left out"
    row.stop.click()
    until(lambda: ends)
    assert isinstance(ends[0], CancelledError)
    until(lambda: row.isHidden())
    bar.close()


def test_closing_stops_everything(qapp):
    tasks = Tasks()
    tasks.run("forever", wait_until_stopped, print)
    tasks.run("forever", wait_until_stopped, print, lane="ask")
    before = time.monotonic()
    tasks.close()
    assert time.monotonic() - before < 3
    qapp.processEvents()
    assert tasks.running == ()
