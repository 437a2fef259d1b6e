"""Two thousand random actions on the state: nothing breaks, and undo leads back to the start."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lexel.errors import CancelledError, InputError, LabelError
from lexel.pipelines.ask import open_field
from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import Mode
from lexel.viewer.asking import ask_in_tiers, question
from lexel.viewer.chips import chips_of, with_part, without
from lexel.viewer.choices import NOTHING, Choices, ClipBox
from lexel.viewer.painting import paint
from lexel.viewer.selecting import example_of, hidden_points, points_like
from lexel.viewer.state import ViewerState
from lexel.viewer.wording import found_in_words, object_rows, point_in_words, presence_in_words

EXAMPLES, STEPS = 40, 100  # hypothesis takes fewer steps in many examples
LEAST = 2000  # actions
WORDS = ("mug", "table", "office chair", "-floor", ";", "on the", "and", "not", '"', "(", "^2")
SHARES = st.floats(0, 1)
POINTS = st.integers(0, 99)
CLIPS = st.none() | st.just(ClipBox((-1, -1, 0), (1, 1, 1)))


class Viewer(RuleBasedStateMachine):
    """A user at random. What they do in words is answered and painted as the window would."""

    kitchen = None
    actions = 0

    def __init__(self):
        super().__init__()
        self.field = open_field(self.kitchen)
        self.state = ViewerState()
        self.state.open_field(self.field)
        self.heard = set()
        self.state.changed.connect(lambda change: self.heard.update(change.names))

    @rule(text=st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join))
    def type(self, text):
        self.state.choose(text=text)
        self.answer()

    @rule(
        values=st.fixed_dictionaries(
            {},
            optional={
                "balance": SHARES,
                "over_rgb": SHARES,
                "point_size": st.floats(0.25, 4),
                "mode": st.sampled_from([m for m in Mode if m is not Mode.NORMALS]),
                "threshold": st.none() | SHARES,
                "colour_map": st.sampled_from(RAMPS),
                "query": st.integers(0, 4),
                "tier": st.none() | st.integers(1, 3),
                "clip": CLIPS,
                "show_inferred": st.booleans(),
                "compare": st.none() | st.sampled_from(["", "table"]),
                "negatives": st.none() | st.just(("stuff",)),
            },
        )
    )
    def set_anything(self, values):
        self.state.choose(**values)
        for name, value in values.items():
            assert getattr(self.state.choices, name) == value

    @rule(point=POINTS)
    def pick(self, point):
        self.state.choose(selection=points_like(self.field, point), isolated=False)

    @precondition(lambda self: len(self.state.choices.selection))
    @rule()
    def isolate(self):
        self.state.choose(isolated=not self.state.choices.isolated)

    @precondition(lambda self: len(self.state.choices.selection))
    @rule()
    def find_similar(self):
        example = example_of(self.field, self.state.choices.selection)
        self.state.choose(text="", examples=(example,))
        self.answer()

    @rule()
    def select_nothing(self):
        self.state.choose(selection=NOTHING, isolated=False)

    @precondition(lambda self: self.state.facts.query is not None)
    @rule(
        which=st.integers(0, 5), part=st.integers(0, 2), word=st.sampled_from(["", "mug", "a; b"])
    )
    def edit_chip(self, which, part, word):
        query = self.state.facts.query
        chips = chips_of(query)
        if which >= len(chips) or (part == 1 and word):
            return
        chip = chips[which]
        try:
            text = with_part(query, chip, part, word) if word else without(query, chip)
        except LabelError:
            return
        self.state.choose(text=text)
        self.answer()

    @rule()
    def undo(self):
        self.state.undo()
        self.answer()

    @rule()
    def redo(self):
        self.state.redo()

    @rule()
    def settle(self):
        self.state.settle()
        self.state.remember_query()

    @rule(point=POINTS)
    def hover(self, point):
        self.state.learn(hovered=point)
        assert point_in_words(self.field, self.state.choices, self.state.facts.answer, point)

    @rule()
    def open_again(self):
        self.state.open_field(self.field)
        assert not self.state.can_undo

    @rule(impossible=st.sampled_from([{"balance": 2.0}, {"layer": "?"}, {"mode": Mode.NORMALS}]))
    def try_the_impossible(self, impossible):
        before = self.state.choices
        with pytest.raises(InputError):
            self.state.choose(**impossible)
        assert self.state.choices is before

    def answer(self):
        choices = self.state.choices
        try:
            asked = question(choices, choices.text, self.field.known_phrases, True, True)
            answered = None
            if not asked.empty:
                *_, answered = ask_in_tiers(self.field, asked, lambda: None)
        except InputError as error:
            self.state.learn(query=None, trouble=str(error))
            return
        query = None if answered is None else answered.query
        self.state.learn(query=query, trouble="", answer=answered)

    @invariant()
    def everything_can_be_shown(self):
        Viewer.actions += 1
        choices, answered = self.state.choices, self.state.facts.answer
        painting = paint(self.field, choices, answered)
        assert painting.paint.colours().shape == (100, 3)
        hidden = hidden_points(self.field, choices)
        assert (hidden is not None) == choices.isolated
        rows = object_rows(self.field, choices, answered, "mug")
        assert {row.label for row in rows} == {"mug"}
        for number, query in enumerate(() if answered is None else answered.codes.queries):
            assert presence_in_words(query)
            found = found_in_words(self.field, answered, number, choices.threshold)
            assert (found == "") == bool(answered.codes.codes.spatial[number])

    def teardown(self):
        while self.state.can_undo:
            self.state.undo()
        fresh = self.state.choices
        assert fresh.text == "" and fresh.examples == () and not fresh.isolated
        assert fresh == Choices(
            mode=fresh.mode,
            over_rgb=fresh.over_rgb,
            point_size=fresh.point_size,
            colour_map=fresh.colour_map,
            show_inferred=fresh.show_inferred,
        )


def test_two_thousand_random_actions(kitchen):
    Viewer.kitchen, Viewer.actions = kitchen, 0
    run_state_machine_as_test(
        Viewer,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Viewer.actions >= LEAST


def test_a_query_that_gave_up_is_no_answer(kitchen):
    field = open_field(kitchen)
    asked = question(Choices(text="mug"), "mug", field.known_phrases, True, True)

    def newer():
        raise CancelledError

    with pytest.raises(CancelledError):
        list(ask_in_tiers(field, asked, newer))
