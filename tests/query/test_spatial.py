"""Relations between places, against the truth of furnished rooms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import InputError
from lexel.evaluation.presence import area_under_roc
from lexel.geometry.transforms import yaw
from lexel.query.engine import Surroundings, prepare
from lexel.query.language import parse
from lexel.query.places import Places
from lexel.query.spatial import degree, forward_of_camera, relate
from lexel.scene import RELATIONS
from lexel.synthetic.furnish import furnish
from lexel.synthetic.relations import relations
from tests.query.fields import SCORING, codebook, texts

OPPOSITE = {"behind": "in front of", "on the left of": "on the right of"}


def boxes(*centres, size=0.2):
    """Cubes; place i has code i."""
    middle = np.array(centres, np.float32)
    number = np.arange(len(middle), dtype=np.int32)
    ones = np.ones(len(middle), np.float32)
    return Places(number + 5, middle - size / 2, middle + size / 2, number, number, ones)


def degrees(places, relation, forward=(1, 0, 0)):
    return degree(places, relation, np.arange(len(places)), forward)


@pytest.fixture(scope="module")
def furnished():
    """For each relation, what is said of pairs of things in twelve rooms, and what is true."""
    said = {relation: [] for relation in RELATIONS}
    true = {relation: [] for relation in RELATIONS}
    for seed in range(12):
        room, heading = furnish(seed), 0.7 * seed
        bounds = np.array([thing.bounds for thing in room.objects], np.float32)
        places = boxes(*bounds.mean(axis=1))
        places = Places(places.ids, bounds[:, 0], bounds[:, 1], *vars_of(places))
        at = {thing.id: number for number, thing in enumerate(room.objects)}
        apart = ~np.eye(len(at), dtype=bool)
        found = relations(room, yaw(-heading))
        for relation in RELATIONS:
            truth = np.zeros((len(at), len(at)), bool)
            for related in found:
                if related.relation == relation:
                    truth[at[related.target], at[related.reference]] = True
            forward = (np.cos(heading), np.sin(heading), 0)
            said[relation] += list(degrees(places, relation, forward)[apart])
            true[relation] += list(truth[apart])
    return said, true


def vars_of(places):
    return places.place, places.code, places.share


@pytest.mark.parametrize("relation", RELATIONS)
def test_relations_of_furnished_rooms_are_recognised(furnished, relation):
    said, true = (np.array(told[relation]) for told in furnished)
    assert area_under_roc(said, true) > 0.99
    assert (said[true] > 0.5).mean() > 0.9


def test_left_and_behind_as_somebody_who_looks_along_x_sees_them():
    # y grows to the left, x away from the one who looks.
    places = boxes((0, 0, 0), (0.3, 0, 0), (0, 0.3, 0))
    assert degrees(places, "behind")[1, 0] > 0.9 > 0.1 > degrees(places, "behind")[0, 1]
    assert degrees(places, "on the left of")[2, 0] > 0.9
    assert degrees(places, "on the right of")[0, 2] > 0.9
    assert degrees(places, "in front of")[0, 1] > 0.9


@given(st.floats(-3, 3), st.sampled_from(sorted(OPPOSITE)))
def test_turning_scene_and_viewer_together_changes_nothing(angle, relation):
    centres = np.random.default_rng(0).uniform(-0.4, 0.4, (6, 3))
    turned = centres @ yaw(angle)[:3, :3].T
    got = degrees(boxes(*turned), relation, yaw(angle)[:3, 0])
    np.testing.assert_allclose(got, degrees(boxes(*centres), relation), atol=1e-3)


@pytest.mark.parametrize("relation", OPPOSITE)
def test_of_equal_boxes_each_is_to_the_other_as_the_other_is_to_it_turned_round(relation):
    places = boxes(*np.random.default_rng(1).uniform(-0.4, 0.4, (6, 3)))
    np.testing.assert_allclose(
        degrees(places, relation), degrees(places, OPPOSITE[relation]).T, atol=1e-6
    )


def test_the_rule_turns_at_a_half():
    sine = np.sqrt(1 - 0.6**2)
    places = boxes((0, 0, 0), (0.2 * 0.6, 0.2 * sine, 0), (0.4, 0, 0))
    assert degrees(places, "behind")[1, 0] == pytest.approx(0.5, abs=1e-3)  # the cosine is 0.6
    assert degrees(places, "behind")[2, 0] == pytest.approx(0.5, abs=1e-3)  # twice the width away


def test_in_and_on():
    size = np.array([[2, 2, 1], [0.2, 0.2, 0.2], [0.2, 0.2, 0.2], [0.2, 0.2, 0.2]], np.float32)
    middle = np.array([[0, 0, 0.5], [0, 0, 1.1], [0.5, 0, 0.5], [2, 0, 1.1]], np.float32)
    number = np.arange(4, dtype=np.int32)
    places = Places(
        number, middle - size / 2, middle + size / 2, number, number, np.ones(4, np.float32)
    )
    on, inside = degrees(places, "on")[:, 0], degrees(places, "in")[:, 0]
    assert on[1] > 0.9 and inside[1] < 0.1  # on top of it
    assert inside[2] > 0.9  # within
    assert max(on[3], inside[3]) < 0.1  # as high as the first, but beside


def test_the_one_of_two_mugs_that_stands_where_it_is_said():
    places = boxes((0, 0, 0), (0.3, 0, 0), (3, 0, 0), (0, 3, 0))
    mug, table = np.array([0, 1, 1, 0.1]), np.array([1, 0, 0, 0.2])
    got = relate(places, mug.astype("f4"), "behind", table.astype("f4"), (1, 0, 0))
    assert got.argmax() == 1 and got[1] > 0.9 and np.delete(got, 1).max() < 0.1
    nothing_behind_itself = relate(
        places, table.astype("f4"), "behind", table.astype("f4"), (1, 0, 0)
    )
    assert nothing_behind_itself.max() < 0.25


def test_a_camera_that_looks_down_goes_by_what_is_up_in_its_picture():
    looks_down = np.diag([1.0, -1.0, -1.0, 1.0])  # x right, picture-up along +y
    np.testing.assert_allclose(forward_of_camera(looks_down), [0, 1, 0], atol=1e-9)
    along_x = np.eye(4)
    along_x[:3, :3] = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]
    np.testing.assert_allclose(forward_of_camera(along_x), [1, 0, 0], atol=1e-9)


def test_forward_must_not_be_vertical():
    with pytest.raises(InputError, match="level"):
        degrees(boxes((0, 0, 0)), "behind", (0, 0, 1))


def test_a_spatial_query_is_answered_by_places():
    book = codebook(30)
    words = texts("mug", "table")
    for mug in (3, 4):
        book.clip[mug] = words.visual[0]
    book.clip[7] = words.visual[1]
    number = np.array([3, 4, 7, 8])
    middle = np.array([[0.3, 0, 0], [3, 0, 0], [0, 0, 0], [0, 0.3, 0]], np.float32)
    places = Places(
        np.arange(4), middle - 0.1, middle + 0.1, np.arange(4), number, np.ones(4, np.float32)
    )
    engine, query = (
        prepare(book, SCORING),
        parse("the mug behind the table; mug; not the mug behind the table"),
    )
    got = engine.ask(query, words, surroundings=Surroundings(places, (1, 0, 0)))
    assert got.spatial.tolist() == [True, False, True]
    assert got.places[0].argmax() == 0 and got.places[0, 1] < 0.1
    np.testing.assert_allclose(got.places[1], got.scores[1][number], atol=1e-6)
    np.testing.assert_allclose(got.places[2], 1 - got.places[0], atol=1e-6)
    np.testing.assert_array_equal(got.scores[0], got.scores[1])  # of codes: the target's
    from_the_other_side = engine.ask(query, words, surroundings=Surroundings(places, (-1, 0, 0)))
    assert from_the_other_side.presence[0] < 0.3 < 0.8 < got.presence[0]
    assert engine.ask(query, words).places is None
