"""The list of actions."""

from __future__ import annotations

import pytest

from lexel.viewer.actions import Action, Actions


def make(*names):
    actions = Actions()
    for name in names:
        actions.add(Action(name, "View/Colours", lambda: None))
    return actions


def test_letters_of_any_word_find_an_action_or_all_of_a_menu():
    actions = make("Find similar", "Colour map turbo", "Frame selection")
    assert [a.name for a in actions.find("tur")] == ["Colour map turbo"]
    assert [a.name for a in actions.find("f s")] == ["Find similar", "Frame selection"]
    assert len(actions.find("view colours")) == 3
    assert [a.name for a in actions.find(" ")] == [a.name for a in actions]
    assert actions.find("xyz") == []


def test_names_and_shortcuts_are_given_once():
    actions = make("Undo")
    grown = []
    actions.grown.connect(lambda action: grown.append(action.name))
    actions.add(Action("Redo", "Edit", lambda: None, "Ctrl+Y"))
    with pytest.raises(AssertionError, match="Undo"):
        actions.add(Action("Undo", "Edit", lambda: None))
    with pytest.raises(AssertionError, match="Redo"):
        actions.add(Action("Again", "Edit", lambda: None, "Ctrl+Y"))
    assert grown == ["Redo"]
