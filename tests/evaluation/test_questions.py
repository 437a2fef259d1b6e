"""Things asked by what they are for."""

from __future__ import annotations

import numpy as np

from lexel.evaluation.fields import ScanTruth
from lexel.evaluation.questions import QUESTIONS, ask_field, classes_of_objects, rank_classes
from lexel.pipelines.ask import open_field
from lexel.pipelines.build import BuildSettings, build
from lexel.pipelines.build_content import Vocabulary
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Silent
from lexel.scene import FieldEncoder, Phrases, Scoring
from lexel.synthetic.catalogue import classes
from tests.fields.box_room import Oracle, around, recording

FLOOR, RED, BLUE = np.eye(3, dtype=np.float32)
CLASSES = ("room", "fridge", "sofa")  # the floor, the red box, the blue box
# What a field is told the questions mean; nobody lunches on a sofa.
MEANINGS = {"keep food cold": RED, "somewhere to sit": BLUE, "a place to sleep": RED}


class Knowing:
    """A `PhraseEncoder` in which questions lie at the class called `sure`, classes apart."""

    def __init__(self, names, sure):
        self.names, self.sure = names, sure

    def encode(self, phrases):
        rows = np.eye(len(self.names), dtype=np.float32)
        return np.stack(
            [rows[self.names.index(p if p in self.names else self.sure)] for p in phrases]
        )


def test_every_right_answer_is_a_class_of_the_world():
    assert len(QUESTIONS) == 20
    assert {name for right in QUESTIONS.values() for name in right} <= set(classes())


def test_the_rank_is_that_of_the_first_right_class():
    names = list(classes())
    assert names[:3] == ["kitchen counter", "fridge", "stove"]
    ranks = rank_classes(names, Knowing(names, "fridge"))
    assert ranks["keep food cold"] == 1
    assert ranks["warm up my lunch"] == 3  # all other names are as far, in their own order


def test_a_field_is_right_where_its_first_place_is(tmp_path):
    shots = around(6)
    views = pose_views(recording(shots, tmp_path), Silent())
    instance = np.stack([np.where(shot.thing < 0, 0, shot.thing) for shot in shots])
    truth = ScanTruth(instance.astype(np.uint8), CLASSES, np.arange(256, dtype=np.int32) % 3)
    told = {**MEANINGS, **dict.fromkeys(Scoring().negatives, (FLOOR + RED + BLUE) / 3**0.5)}
    phrases = Phrases(tuple(told), np.stack(list(told.values())).astype(np.float16))
    words = Vocabulary(FieldEncoder("oracle", "none", "", 3, ("{}",)), phrases)
    out = tmp_path / "boxes.lexel"
    build(views, Oracle(shots), words, BuildSettings(voxel_size_m=0.03), out)
    field = open_field(out)
    named = classes_of_objects(field, views, truth)
    assert set(named.values()) == set(CLASSES)
    replies = ask_field(field, views, truth)
    assert set(replies) == set(MEANINGS)
    assert replies["keep food cold"]["visual"] and replies["somewhere to sit"]["visual"]
    assert not replies["a place to sleep"]["visual"]
