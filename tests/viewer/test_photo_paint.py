"""A photo coloured by what its pixels are about."""

import numpy as np
import pytest

from lexel.errors import LabelError
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode
from lexel.viewer.photo_paint import bar_of, legend_of, paint_picture, phrases_in

GREY = np.full((40, 60, 3), 90, np.uint8)
MAPS = np.zeros((2, 20, 30), np.float32)
MAPS[0, :, :10], MAPS[1, :, 20:] = 1.0, 1.0
MAPS -= MAPS.mean(axis=0)


def test_heat_colours_where_the_phrase_is_and_leaves_the_rest():
    shown = paint_picture(GREY, MAPS, Look(Mode.HEAT, over_rgb=1.0))
    assert (shown[:, 40:] == 90).all()
    assert (shown[5:35, 2:15] != 90).any(axis=2).all()
    assert bar_of(("mug", "cat"), MAPS, Look(Mode.HEAT)).title == "mug"


def test_labels_go_to_the_best_phrase():
    shown = paint_picture(GREY, MAPS, Look(Mode.LABEL, over_rgb=1.0))
    first, second = label_colours(2)
    assert tuple(shown[20, 5]) == first and tuple(shown[20, 55]) == second
    assert tuple(shown[20, 30]) == (90, 90, 90)
    assert [entry.text for entry in legend_of(("mug", "cat"), Look(Mode.LABEL))] == ["mug", "cat"]


@pytest.mark.parametrize("look", [Look(Mode.RGB), Look(Mode.HEAT), Look(Mode.LABEL)])
def test_a_photo_that_was_asked_nothing_is_itself(look):
    assert paint_picture(GREY, None, look) is GREY
    assert paint_picture(GREY, MAPS[:0], look) is GREY


def test_flat_maps_are_no_answer():
    flat = np.zeros((1, 4, 4), np.float32)
    assert (paint_picture(GREY, flat, Look(Mode.HEAT)) == GREY).all()


def test_the_phrases_of_a_text():
    assert phrases_in('mug; "plant in a pot" -vase; mug') == ("mug", "plant in a pot")
    assert phrases_in("  ") == ()
    with pytest.raises(LabelError):
        phrases_in("mug and")
