"""A field, an answer and a look: what colour each point gets, and how to read it."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from lexel.errors import InputError
from lexel.pipelines.ask import open_field
from lexel.pipelines.painting import ask_recipe, paint_field, paint_recipe
from lexel.scene.colour_ramp import ramp_colours, ramp_table
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode, Recipe, RecipeCamera
from tests.io.fields.samples import write_field
from tests.pipelines.askable import EACH, make_field

OPAQUE = 1.0
GREY = 200
FROM_ABOVE = RecipeCamera(
    np.array([[1.0, 0, 0, 0], [0, 0, 1, -5], [0, -1, 0, 1], [0, 0, 0, 1]]), np.eye(3)
)


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kitchen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        yield lexel.open_field(make_field(folder))


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A field with layers and normals, which cannot be asked."""
    return open_field(write_field(tmp_path_factory.mktemp("rich")))


def colours_of_things(painting):
    """The one colour of each of the field's four things."""
    colours = painting.paint.colours().reshape(4, EACH, 3)
    assert (colours == colours[:, :1]).all()
    return colours[:, 0]


def test_heat_is_the_ramp_at_the_score_of_the_code(field):
    answer = field.ask("mug; table")
    for query in range(2):
        painting = paint_field(field, answer, Look(over_rgb=OPAQUE), query)
        heat = answer.codes.heat(query)[field.stored.code]
        np.testing.assert_array_equal(painting.paint.colours(), ramp_colours(heat))
        low, high = answer.queries[query].range["image"]
        assert painting.bar.title == answer.queries[query].text
        assert (painting.bar.low, painting.bar.high) == pytest.approx((low, high))


def test_a_range_of_ones_own_moves_the_colours_and_the_bar(field):
    answer = field.ask("mug")
    painting = paint_field(field, answer, Look(range=(2.0, 3.0), over_rgb=OPAQUE))
    np.testing.assert_array_equal(painting.paint.colours()[0], ramp_table()[0])
    assert (painting.bar.low, painting.bar.high) == (2.0, 3.0)


def test_labels_colour_what_is_found_and_leave_the_rest(field):
    painting = paint_field(field, field.ask("mug; table"), Look(Mode.LABEL, over_rgb=OPAQUE))
    blue, orange = label_colours(2)
    grey = (GREY, GREY, GREY)
    assert [tuple(c) for c in colours_of_things(painting).tolist()] == [blue, blue, orange, grey]
    assert [(e.text, e.colour) for e in painting.entries] == [("mug", blue), ("table", orange)]


def test_a_higher_threshold_leaves_all(field):
    look = Look(Mode.LABEL, range=(1.1, 2.0), over_rgb=OPAQUE)
    painting = paint_field(field, field.ask("mug; table"), look)
    assert (painting.paint.colours() == GREY).all()


def test_a_relation_colours_the_place_it_holds_for(field):
    recipe = Recipe(
        str(field.stored.path),
        queries=("the mug on the table", "floor"),
        look=Look(Mode.LABEL, over_rgb=OPAQUE),
        camera=FROM_ABOVE,
    )
    colours = colours_of_things(paint_recipe(field, recipe))
    mug = label_colours(2)[0]
    assert tuple(colours[0]) == mug
    assert tuple(colours[1]) != mug
    heat = colours_of_things(paint_field(field, ask_recipe(field, recipe), Look(over_rgb=OPAQUE)))
    assert not (heat[0] == heat[1]).all()


def test_negatives_of_a_recipe_stand_in_place_of_the_fields_own(field):
    asked = Recipe("kitchen.lexel", queries=("mug", "-table"), negatives=("floor",))
    answer = ask_recipe(field, asked)
    same = field.ask("mug", negatives=["table"], instead=["floor"])
    np.testing.assert_array_equal(answer.codes.scores, same.codes.scores)
    assert not np.array_equal(answer.codes.scores, field.ask("mug").codes.scores)


def test_who_asks_nothing_sees_the_points_as_they_are(field):
    for look in (Look(), Look(Mode.LABEL), Look(Mode.RGB)):
        painting = paint_field(field, None, look)
        assert (painting.paint.colours() == GREY).all()
        assert painting.bar is None and not painting.entries


def test_agreement_is_that_of_the_code(rich):
    painting = paint_field(rich, None, Look(Mode.AGREEMENT, over_rgb=OPAQUE))
    agreement = rich.stored.codebook.agreement[rich.stored.code]
    np.testing.assert_array_equal(painting.paint.colours(), ramp_colours(agreement))
    assert (painting.bar.low, painting.bar.high) == (0, 1)


def test_normals_are_colours_themselves(rich):
    colours = paint_field(rich, None, Look(Mode.NORMALS)).paint.colours()
    assert np.abs(colours / 127.5 - 1 - rich.points.normals).max() < 0.01


def test_layers_colour_the_points_that_have_a_score(rich):
    dense = paint_field(rich, None, Look(layer="completion/chair", over_rgb=OPAQUE))
    np.testing.assert_array_equal(dense.paint.colours()[[0, -1]], ramp_table()[[0, 255]])
    assert (dense.bar.title, dense.bar.low, dense.bar.high) == ("chair", -3, 4)
    look = Look(layer="localisation/the mug", range=(0.0, 0.5), over_rgb=OPAQUE)
    sparse = paint_field(rich, None, look).paint.colours()
    np.testing.assert_array_equal(sparse[:-1], rich.rgb[:-1])
    np.testing.assert_array_equal(sparse[-1], ramp_table()[255])


def test_a_field_that_lacks_what_is_to_be_seen_says_so(field):
    with pytest.raises(InputError, match="normals"):
        paint_field(field, None, Look(Mode.NORMALS))
    with pytest.raises(InputError, match="no such layer"):
        paint_field(field, None, Look(layer="completion/chair"))
