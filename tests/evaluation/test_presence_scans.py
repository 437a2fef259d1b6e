"""Presence on fields of scans whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.evaluation.fields import ScanTruth
from lexel.evaluation.presence import area_under_roc
from lexel.evaluation.presence_scans import ask_field
from lexel.pipelines.ask import open_field
from lexel.pipelines.build import BuildSettings, build
from lexel.pipelines.build_content import Vocabulary
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Silent
from lexel.query.presence import PresenceModel, model_of
from lexel.scene import FieldEncoder, Phrases, Scoring
from lexel.synthetic.catalogue import SYNONYMS, classes
from tests.fields.box_room import Oracle, around, recording

FLOOR, RED, BLUE = np.eye(3, dtype=np.float32)
CLASSES = ("room", "fridge", "sofa")  # the floor, the red box, the blue box


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A room that has a fridge and a sofa, with words that know these two from all others."""
    folder, shots = tmp_path_factory.mktemp("boxes"), around(6)
    views = pose_views(recording(shots, folder), Silent())
    instance = np.stack([np.where(shot.thing < 0, 0, shot.thing) for shot in shots])
    truth = ScanTruth(instance.astype(np.uint8), CLASSES, np.arange(256, dtype=np.int32) % 3)
    plain = (FLOOR + RED + BLUE) / 3**0.5
    told = dict.fromkeys((*classes(), *SYNONYMS.values(), *Scoring().negatives), plain)
    told |= {"fridge": RED, "refrigerator": RED, "sofa": BLUE, "couch": BLUE}
    phrases = Phrases(tuple(told), np.stack(list(told.values())).astype(np.float16))
    words = Vocabulary(FieldEncoder("oracle", "none", "", 3, ("{}",)), phrases)
    build(views, Oracle(shots), words, BuildSettings(voxel_size_m=0.03), folder / "boxes.lexel")
    return ask_field(open_field(folder / "boxes.lexel"), truth)


def test_what_is_there_is_asked_by_name_and_by_synonym_and_as_much_that_is_not(asked):
    # A fridge and a sofa, each by two words.
    assert asked.observed.present.tolist() == [True, True, False, False] * 2
    assert asked.synonym.tolist() == [False] * 4 + [True] * 4
    assert asked.encoder == "oracle"


def test_what_is_there_stands_out(asked):
    _, rise, level, luck = asked.observed.statistics.T
    for statistic in (rise, level):
        assert area_under_roc(statistic, asked.observed.present) == 1
    assert np.ptp(luck) == 0


def test_other_encoders_go_by_the_defaults():
    assert model_of("ViT-B-32") == PresenceModel()
    assert model_of("embedded") != PresenceModel()
