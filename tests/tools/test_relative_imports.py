"""Imports of core that lead to a copy of it, whatever package the copy lies in."""

from __future__ import annotations

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.relative_imports import relative_name, with_relative_imports

NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).map(tuple)


@given(NAMES, NAMES.filter(bool))
def test_a_relative_name_leads_where_it_should(place, target):
    name = relative_name(place, target)
    package = ".".join(("root", *place))
    assert importlib.util.resolve_name(name, package) == ".".join(("root", *target))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from lexel.query.colour import expand", "from ..query.colour import expand"),
        ("from lexel.scene import (\n    Colour,\n)", "from . import (\n    Colour,\n)"),
        ("    from lexel.errors import A  # late", "    from ..errors import A  # late"),
        ("import numpy as np", "import numpy as np"),
        ("from .field import Box", "from .field import Box"),
        ('"""Import it: from lexel.scene import Box."""', None),
    ],
)
def test_only_the_name_after_from_changes(line, expected):
    text = f"def f():\n{line}\n" if line.startswith(" ") else f"{line}\n"
    wanted = text if expected is None else text.replace(line, expected)
    assert with_relative_imports(text, ("core", "scene"), "core") == wanted


def test_imports_for_types_alone_stay_as_they_are():
    text = "if TYPE_CHECKING:\n    from lexel.scene import Box\n"
    assert with_relative_imports(text, ("core",), "core") == text
