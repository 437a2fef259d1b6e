"""How phrases become prompts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.errors import LabelError
from lexel.scene.prompts import fill_templates


@given(st.text())
def test_a_phrase_is_put_in_as_it_is(phrase):
    """Braces, percent signs and the like in a phrase are words, not format codes."""
    assert fill_templates(phrase, ["a {}!", "{}"]) == [f"a {phrase}!", phrase]


def test_the_published_prompt():
    assert fill_templates("mug", [PHOTOGRAPH_TEMPLATE]) == ["a photograph of a mug in a home."]


@pytest.mark.parametrize("template", ["a photo", "a {} and a {}", "a {name}", "{}{0}", "a {"])
def test_a_template_needs_one_place_for_the_phrase(template):
    with pytest.raises(LabelError, match=r"exactly one \{\}") as refused:
        fill_templates("mug", ["a {}", template])
    assert refused.value.got == template


def test_no_template_is_refused():
    with pytest.raises(LabelError, match="no prompt template"):
        fill_templates("mug", [])
