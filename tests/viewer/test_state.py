"""The state of the viewer, without a window."""

from __future__ import annotations

import pytest

from lexel.errors import InputError
from lexel.pipelines.ask import open_field
from lexel.scene.recipe import Mode
from lexel.viewer.choices import NOTHING, Choices, ClipBox, Selection
from lexel.viewer.state import ViewerState


@pytest.fixture
def state(kitchen):
    state = ViewerState()
    state.open_field(open_field(kitchen))
    return state


def heard_by(state):
    heard = []
    state.changed.connect(lambda change: heard.append(set(change.names)))
    return heard


def test_listeners_hear_what_changed_and_only_if_it_did(state):
    heard, modes = heard_by(state), []
    leave = state.watch(lambda: modes.append(state.choices.mode), "mode", "text")
    state.choose(mode=Mode.LABEL, balance=0.5)
    state.choose(mode=Mode.LABEL)
    state.learn(hovered=3)
    leave()
    state.choose(mode=Mode.RGB)
    assert heard == [{"mode", "balance"}, {"hovered"}, {"mode"}]
    assert modes == [Mode.LABEL]


def test_what_a_listener_changes_is_told_after_everybody_heard_of_the_first_change(state):
    order = []
    state.watch(lambda: state.learn(trouble="no"), "text")
    state.changed.connect(lambda change: order.append(set(change.names)))
    state.choose(text="m")
    assert order == [{"text"}, {"trouble"}]


def test_a_listener_that_fails_does_not_silence_the_others_for_ever(state):
    def fail():
        raise RuntimeError("broken")

    leave = state.watch(fail, "text")
    with pytest.raises(RuntimeError):
        state.choose(text="m")
    leave()
    heard = heard_by(state)
    state.choose(text="mu")
    assert {"text"} in heard


def test_letters_are_undone_together_until_the_user_settles(state):
    for text in ("m", "mu", "mug"):
        state.choose(text=text)
    state.settle()
    for text in ("mug;", "mug; t"):
        state.choose(text=text)
    texts = [state.choices.text]
    while state.can_undo:
        state.undo()
        texts.append(state.choices.text)
    assert texts == ["mug; t", "mug", ""]
    state.redo()
    state.redo()
    assert (state.choices.text, state.can_redo) == ("mug; t", False)


def test_a_new_step_ends_what_could_be_done_again_and_the_camera_is_no_step(state):
    from tests.viewer.test_session import EVERYTHING

    state.choose(balance=0.5)
    state.undo()
    state.choose(camera=EVERYTHING.camera)
    assert state.can_redo
    state.redo()
    assert (state.choices.balance, state.choices.camera) == (0.5, EVERYTHING.camera)
    state.undo()
    state.choose(text="mug")
    assert not state.can_redo


@pytest.mark.parametrize(
    "impossible",
    [
        {"balance": 1.5},
        {"over_rgb": -0.1},
        {"point_size": 99.0},
        {"colour_map": "jet"},
        {"query": -1},
        {"isolated": True},
        {"layer": "completion/chair"},
        {"overlays": ("completion/chair",)},
        {"mode": Mode.NORMALS},
        {"selection": Selection.of([100])},
        {"selection": Selection.of([-1])},
    ],
)
def test_the_impossible_is_refused_and_changes_nothing(state, impossible):
    before, heard = state.choices, heard_by(state)
    with pytest.raises(InputError):
        state.choose(**impossible)
    assert (state.choices, heard, state.can_undo) == (before, [], False)


def test_another_field_keeps_the_look_and_forgets_the_rest(state, kitchen):
    state.choose(text="mug", mode=Mode.LABEL, colour_map="turbo", over_rgb=0.4, point_size=2.0)
    state.choose(clip=ClipBox((0, 0, 0), (1, 1, 1)), selection=Selection.of([1, 2]))
    state.remember_query()
    other = open_field(kitchen)
    state.open_field(other)
    assert state.field is other
    assert state.choices == Choices(
        mode=Mode.LABEL, colour_map="turbo", over_rgb=0.4, point_size=2.0
    )
    assert state.facts.recent == ("mug",)
    assert not state.can_undo
    state.close_field()
    assert state.field is None and state.facts.recent == ("mug",)


def test_recent_queries_hold_each_once_the_newest_first(state):
    for text in ("mug", "table", "", " mug "):
        state.choose(text=text)
        state.remember_query()
    assert state.facts.recent == ("mug", "table")


def test_a_selection_holds_each_point_once_in_order():
    assert Selection.of([5, 1, 5, 3]).ids.tolist() == [1, 3, 5]
    assert len(NOTHING) == 0
