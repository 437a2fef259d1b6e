import json

import numpy as np
import pytest

from lexel.errors import SceneError
from lexel.evaluation.fields import (
    WAYS,
    ClassTexts,
    ScanTruth,
    load_scan_truth,
    measure_scan,
    texts_of,
)
from lexel.evaluation.segmentation import score_classes
from lexel.pipelines.build import BuildSettings
from lexel.pipelines.posed_views import pose_views
from lexel.progress import Silent
from tests.fields.box_room import Oracle, around, recording

SETTINGS = BuildSettings(voxel_size_m=0.03)
TEXTS = ClassTexts(np.eye(3, dtype=np.float32), np.arange(3, dtype=np.int32))


def measure(tmp_path, lies, side_px=64):
    """A room asked by an oracle, as the scores of every way."""
    shots = around(8)
    instance = np.stack([np.where(shot.thing < 0, 0, shot.thing) for shot in shots])
    truth = ScanTruth(instance.astype(np.uint8), ("room", "red", "blue"), np.arange(256) % 3)
    views = pose_views(recording(shots, tmp_path), Silent())
    return measure_scan(views, truth, Oracle(shots, lies, side_px), TEXTS, SETTINGS, Silent())


def test_with_an_oracle_every_way_is_nearly_right(tmp_path):
    scores = measure(tmp_path, lies=0.0)
    assert tuple(scores) == WAYS
    assert min(score.miou for score in scores.values()) > 0.93
    assert scores["lexel"].fwiou > 0.96


def test_ours_bears_lies_best(tmp_path):
    scores = measure(tmp_path, lies=0.35, side_px=8)
    assert scores["lexel"].miou > max(scores[way].miou for way in WAYS[1:])
    assert scores["single view"].miou == min(score.miou for score in scores.values())


def test_iou_by_hand():
    true = np.array([0, 0, 0, 1, 1, -1])
    said = np.array([0, 0, 1, 1, -1, 1])
    scores = score_classes(said, true, 3)
    np.testing.assert_allclose(scores.iou, [2 / 3, 1 / 3, np.nan])
    assert scores.miou == pytest.approx(0.5)
    assert scores.fwiou == pytest.approx(0.6 * 2 / 3 + 0.4 / 3)
    assert score_classes(said[:0], true[:0], 2).miou == 0


def test_the_room_goes_by_its_surfaces():
    names, class_of = texts_of(("room", "mug"))
    assert names == ["wall", "floor", "ceiling", "mug"]
    assert class_of.tolist() == [0, 0, 0, 1]
    texts = ClassTexts(np.eye(4, dtype=np.float32), class_of)
    features = np.array([[0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], np.float32)
    assert texts.classify(features).tolist() == [0, 1, -1]


def test_truth_lies_beside_a_scan_or_is_missed(tmp_path):
    with pytest.raises(SceneError, match="no truth"):
        load_scan_truth(tmp_path)
    place = tmp_path / "truth"
    place.mkdir()
    told = {"objects": [{"id": 3, "class": "mug"}, {"id": 7, "class": "mug"}]}
    (place / "truth.json").write_text(json.dumps(told), encoding="utf-8")
    np.savez(place / "truth.npz", instance=np.zeros((1, 2, 2), np.uint8))
    truth = load_scan_truth(tmp_path)
    assert truth.classes == ("room", "mug")
    assert truth.class_of[[0, 3, 7]].tolist() == [0, 1, 1]
    whole = (place / "truth.npz").read_bytes()
    (place / "truth.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SceneError, match="no truth"):
        load_scan_truth(tmp_path)
