"""Answers as colours of points."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lexel.query.colour import NO_COLOUR, expand, heat_colours, label_colours_of
from lexel.query.engine import prepare
from lexel.query.language import parse
from lexel.scene.colour_ramp import ramp_table
from lexel.scene.palette import label_colours
from tests.query.fields import SCORING, codebook, texts


@given(
    st.integers(1, 300),
    st.integers(0, 40_000),
    st.sampled_from(["f4", "i4", "u1"]),
    st.integers(0, 5),
)
def test_points_look_up_their_codes(num_codes, num_points, dtype, channels):
    random = np.random.default_rng(num_points)
    shape = (num_codes, channels) if channels else (num_codes,)
    table = random.integers(0, 255, shape).astype(dtype)
    index = random.integers(0, num_codes, num_points).astype(np.int32)
    got = expand(table, index)
    assert got.dtype == table.dtype
    np.testing.assert_array_equal(got, table[index])


def test_a_table_that_is_a_view_is_looked_up_all_the_same():
    table = np.arange(60, dtype=np.uint8).reshape(10, 6)[:, ::2]
    np.testing.assert_array_equal(expand(table, np.array([9, 0], np.int32)), table[[9, 0]])


def test_heat_goes_through_the_ramp_and_is_opaque():
    got = heat_colours(np.array([0, 0.5, 1], np.float32), "viridis")
    np.testing.assert_array_equal(got[:, :3], ramp_table("viridis")[[0, 128, 255]])
    assert (got[:, 3] == 255).all()


def test_codes_get_the_colour_of_their_best_query_if_it_is_the_thing():
    answer = prepare(codebook(), SCORING).ask(
        parse("mug; cup; table"), texts("mug", "cup", "table")
    )
    colours = label_colours(3)
    got = label_colours_of(answer, colours)
    for code, query in enumerate(answer.best):
        found = answer.selected(query)[code]
        assert tuple(got[code]) == ((*colours[query], 255) if found else (*NO_COLOUR, 0))
    assert 0 < (got[:, 3] == 255).sum() < len(got)
