"""The public face is one sorted list, and every name on it is there."""

from __future__ import annotations

import pytest

import lexel


def test_the_list_is_sorted_and_without_repeats() -> None:
    assert list(lexel.__all__) == sorted(set(lexel.__all__))


@pytest.mark.parametrize("name", lexel.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(lexel, name) is not None


def test_an_unknown_name_is_refused_by_its_name() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        lexel.no_such_name  # noqa: B018
