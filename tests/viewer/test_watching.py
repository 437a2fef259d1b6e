"""How work tells where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import CancelledError
from lexel.viewer.watching import Stage, Watched, in_words


def test_stages_are_told_with_what_was_said_and_not_with_every_step():
    told = []
    watched = Watched(told.append)
    watched.say("repaired")
    watched.begin("reading", 10_000)
    for _ in range(10_000):
        watched.advance()
    assert told[0].said == "repaired"
    assert (told[1].name, told[1].total, told[1].said) == ("reading", 10_000, "repaired")
    assert len(told) < 200


def test_cancelled_work_stops_at_its_next_step():
    watched = Watched(lambda stage: None)
    watched.begin("reading", 2)
    watched.cancel()
    for step in (watched.check, watched.advance, lambda: watched.begin("more", None)):
        with pytest.raises(CancelledError):
            step()


@given(total=st.integers(1, 100), share=st.floats(0.01, 1), elapsed=st.floats(0.1, 1e4))
def test_the_time_left_is_that_of_the_same_pace(total, share, elapsed):
    done = max(1, round(total * share))
    stage = Stage("s", done, total, elapsed)
    assert stage.left_s == pytest.approx(elapsed / done * (total - done))
    assert Stage("s", 0, total, elapsed).left_s is None
    assert Stage("s", 5, None, elapsed).share is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "a moment left"), (12.4, "12 s left"), (600, "10 min left"), (7200, "2.0 h left")],
)
def test_time_left_in_words(seconds, words):
    assert in_words(seconds) == words
