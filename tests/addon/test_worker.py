"""A thread that works and a main thread that never waits."""

from __future__ import annotations

import threading
import time

import pytest

from addon.worker import Worker
from lexel.errors import CancelledError, InputError
from tests.addon.blender.scripts.stopwatch import held_up_s

SOON_S = 5.0


@pytest.fixture
def worker():
    made = Worker("test")
    yield made
    assert made.stop()


def settle(worker):
    """Tick as Blender's timer would until nothing is left to do."""
    until = time.monotonic() + SOON_S
    while worker.tick():
        assert time.monotonic() < until, "it never ends"
        time.sleep(0.001)


def test_a_value_is_handed_over_on_the_thread_that_ticks(worker):
    seen = []
    worker.submit("ask", lambda check: threading.get_ident(), seen.append)
    time.sleep(0.05)
    assert not seen  # only a tick hands over
    worker.submit("open", lambda check: 2, lambda got: seen.append((got, threading.get_ident())))
    settle(worker)
    assert seen[0].value != threading.get_ident()
    assert seen[1][0].value == 2 and seen[1][1] == threading.get_ident()


def test_the_newest_of_a_topic_wins_and_other_topics_are_kept(worker):
    started, go, seen = threading.Event(), threading.Event(), []

    def slow(check):
        started.set()
        assert go.wait(SOON_S)
        check()
        return "old"

    worker.submit("ask", slow, seen.append)
    assert started.wait(SOON_S)
    worker.submit("open", lambda check: "opened", seen.append)
    for text in ("m", "mu", "mug"):
        worker.submit("ask", lambda check, text=text: text, seen.append)
    go.set()
    settle(worker)
    assert [outcome.value for outcome in seen] == ["opened", "mug"]


def test_a_result_that_was_overtaken_before_it_was_handed_over_is_not(worker):
    seen, done = [], threading.Event()
    worker.submit("ask", lambda check: done.set(), seen.append)
    assert done.wait(SOON_S)
    worker.submit("ask", lambda check: "new", seen.append)
    settle(worker)
    assert [outcome.value for outcome in seen] == ["new"]


def test_cancelled_work_is_never_heard_of(worker):
    started, seen = threading.Event(), []

    def endless(check):
        started.set()
        while True:
            check()
            time.sleep(0.001)

    worker.submit("ask", endless, seen.append)
    assert started.wait(SOON_S)
    worker.cancel("ask")
    settle(worker)
    assert seen == []


def test_errors_arrive_as_sentences(worker):
    seen = []

    def wrong(check):
        raise InputError("there is no such field", do="Choose another.")

    worker.submit("a", wrong, seen.append)
    worker.submit("b", lambda check: 1 / 0, seen.append)
    settle(worker)
    assert str(seen[0].error) == "there is no such field. Choose another."
    assert "ZeroDivisionError" in str(seen[1].error) and seen[1].value is None


def test_an_error_of_one_handover_does_not_hold_up_the_next(worker):
    seen, done = [], threading.Event()

    def fail(outcome):
        raise RuntimeError("the panel is gone")

    worker.submit("a", lambda check: 1, fail)
    worker.submit("b", lambda check: done.set(), seen.append)
    assert done.wait(SOON_S)
    with pytest.raises(RuntimeError):
        settle(worker)
    settle(worker)
    assert len(seen) == 1


def test_a_tick_stops_when_its_time_is_up(worker):
    seen, done = [], threading.Event()
    for number in range(10):
        worker.submit(str(number), lambda check: None, lambda _: (time.sleep(0.01), seen.append(1)))
    worker.submit("last", lambda check: done.set(), seen.append)
    assert done.wait(SOON_S)
    began = held_up_s()
    assert worker.tick()
    assert held_up_s() - began < 0.05
    assert 0 < len(seen) < 10
    settle(worker)
    assert len(seen) == 11


def test_stopping_ends_the_thread_and_drops_what_was_left():
    worker, started, seen = Worker("to be stopped"), threading.Event(), []

    def until_cancelled(check):
        started.set()
        while True:
            check()
            time.sleep(0.001)

    worker.submit("ask", until_cancelled, seen.append)
    worker.submit("next", lambda check: 1, seen.append)
    assert started.wait(SOON_S)
    assert worker.stop()
    assert "to be stopped" not in [thread.name for thread in threading.enumerate()]
    worker.submit("late", lambda check: 1, seen.append)
    assert not worker.tick() and seen == []


def test_stopping_interrupts_what_waits_for_somebody_else():
    gate = threading.Event()
    worker, started = Worker("waits", interrupt=gate.set), threading.Event()

    def wait(check):
        started.set()
        gate.wait(60)
        raise CancelledError

    worker.submit("ask", wait, lambda _: None)
    assert started.wait(SOON_S)
    began = time.monotonic()
    assert worker.stop()
    assert time.monotonic() - began < 1


def test_a_worker_that_was_never_used_has_no_thread():
    before = threading.active_count()
    worker = Worker("unused")
    assert threading.active_count() == before
    assert not worker.busy and worker.stop()
