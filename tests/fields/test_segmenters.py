import importlib.util

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.fields.regions import RegionSettings, regions_of
from lexel.fields.segmenters import (
    BroughtRegions,
    FoundRegions,
    NamedByBoxes,
    SamRegions,
    load_sam,
    name_by_boxes,
    paint,
)
from lexel.io.frame_regions import Detection, FrameDetections, FrameMasks
from tests.fields.box_room import BLUE, RED, around


@pytest.fixture
def shot():
    return around(1)[0]


def test_a_pixel_belongs_to_the_smallest_mask_that_holds_it():
    masks = np.zeros((3, 4, 4), bool)
    masks[0], masks[1, 1:3, 1:3], masks[2, 1, 1] = True, True, True
    label = paint(masks)
    assert label[0, 0] == 0
    assert label[2, 2] == 1
    assert label[1, 1] == 2
    assert (paint(masks[:0]) == -1).all()


def test_a_stand_in_for_sam_is_asked_for_the_whole_image(shot):
    asked = []

    def generate(rgb):
        asked.append(rgb)
        return [{"segmentation": shot.thing == number, "area": 1} for number in (RED, BLUE)]

    regions = SamRegions(generate)(0, shot.view)
    assert asked[0] is shot.view.rgb
    assert len(regions) == 2
    np.testing.assert_array_equal(regions.label == 0, shot.thing == RED)


def test_sam_without_its_package_or_weights_is_told(tmp_path):
    missing = importlib.util.find_spec("segment_anything") is None
    with pytest.raises(InputError, match="segment-anything" if missing else "vit_h"):
        load_sam(tmp_path / "none.pth", "cpu")


def test_regions_take_the_name_of_the_smallest_box_that_holds_most_of_them():
    regions = regions_of(np.array([[0, 0, 1, 1], [0, 0, 1, 1]]))
    table = Detection((0, 0, 4, 2), "table", 0.9)
    mug = Detection((2, 0, 4, 2), "mug", 0.5)
    sliver = Detection((0, 0, 1, 1), "sliver", 1.0)
    named = name_by_boxes(regions, [mug, table, sliver])
    assert named.name == ("table", "mug")
    np.testing.assert_allclose(named.score, [0.9, 0.5])
    assert name_by_boxes(regions, []).name == ("", "")


def test_brought_masks_and_boxes_name_regions(shot, tmp_path):
    place = tmp_path / "masks" / "0"
    place.mkdir(parents=True)
    np.savez(place / "refined_mask.npz", np.stack([shot.thing == RED, shot.thing == BLUE]))
    np.savez(place / "refined_label.npz", np.array(["red box", ""]))
    segment = BroughtRegions(FrameMasks.open(tmp_path / "masks", 1))
    assert segment(0, shot.view).name == ("red box", "")
    (tmp_path / "boxes").mkdir()
    told = '[{"box": [0, 0, 64, 48], "label": "thing", "score": 0.7}]'
    (tmp_path / "boxes" / "0.json").write_text(told, encoding="utf-8")
    named = NamedByBoxes(segment, FrameDetections.open(tmp_path / "boxes", 1))(0, shot.view)
    assert named.name == ("thing", "thing")


def test_found_regions_are_cut_as_asked(shot):
    assert len(FoundRegions(RegionSettings(most=4))(0, shot.view)) == 4
