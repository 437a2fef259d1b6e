import io
import zipfile

import numpy as np
import pytest

from lexel.errors import InputError, SceneError
from lexel.io.frame_regions import FrameDetections, FrameMasks

SHAPE = (4, 6)
MASKS = np.zeros((2, *SHAPE), bool)
MASKS[0, :2], MASKS[1, 2:] = True, True


def bring(folder, masks=MASKS, names=None):
    folder.mkdir(parents=True)
    np.savez(folder / "refined_mask.npz", masks)
    if names is not None:
        np.savez(folder / "refined_label.npz", names)


def test_masks_come_in_the_order_of_their_folders(tmp_path):
    bring(tmp_path / "b", MASKS[:1])
    bring(tmp_path / "a", MASKS, np.array(["mug", " table "]))
    frames = FrameMasks.open(tmp_path, 2)
    assert frames.load(0, SHAPE).names == ("mug", "table")
    assert frames.load(1, SHAPE).names == ("",)
    np.testing.assert_array_equal(frames.load(0, SHAPE).masks, MASKS)


def test_numbers_are_masks_too_and_zero_is_none(tmp_path):
    bring(tmp_path / "0", np.array([[0, 1, 2, 2, 0, 0]] * 4, np.uint8))
    masks = FrameMasks.open(tmp_path, 1).load(0, SHAPE).masks
    assert masks.sum(axis=(1, 2)).tolist() == [4, 8]


def test_a_few_views_may_be_named_by_their_numbers(tmp_path):
    bring(tmp_path / "frame-000007")
    frames = FrameMasks.open(tmp_path, 10)
    assert len(frames.load(7, SHAPE).masks) == 2
    assert len(frames.load(0, SHAPE).masks) == 0


@pytest.mark.parametrize("names", [["x", "y", "z"], ["12"], []])
def test_masks_of_unclear_views_are_refused(tmp_path, names):
    for name in names:
        bring(tmp_path / name)
    with pytest.raises(InputError, match="refined_mask"):
        FrameMasks.open(tmp_path, 10)


@pytest.mark.parametrize(
    ("masks", "names", "match"),
    [
        (np.zeros((2, 3, 3), bool), None, "as large as the view"),
        (np.zeros(5), None, "M x H x W"),
        (np.array([{"run": "me"}], object), None, "should hold numbers"),
        (MASKS, np.array(["one"]), "2 names"),
        (MASKS, np.array([b"a", b"b"]), "should hold texts"),
        (MASKS, np.zeros(2), "should hold texts"),
        (MASKS * 1.0, None, "M x H x W"),
        (np.ones((2, *SHAPE[::-1]), bool), None, "as large as the view, 6 x 4"),
        (np.full(SHAPE, 5000), None, "at most 4096 regions"),
        (np.zeros((5000, *SHAPE), bool), None, "at most 4096 regions"),
    ],
)
def test_damaged_masks_are_told(tmp_path, masks, names, match):
    bring(tmp_path / "0", masks, names)
    with pytest.raises(SceneError, match=match):
        FrameMasks.open(tmp_path, 1).load(0, SHAPE)


def promise(folder, shape, dtype="|b1"):
    """Masks whose head promises more than follows."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": dtype, "fortran_order": False, "shape": shape}
    )
    folder.mkdir()
    with zipfile.ZipFile(folder / "refined_mask.npz", "w") as archive:
        archive.writestr("arr_0.npy", head.getvalue() + b"1234")


@pytest.mark.parametrize(
    ("shape", "view", "match"),
    [
        ((2, 20_000, 20_000), SHAPE, "as large as the view"),
        ((4000, 2000, 2000), (2000, 2000), "more than 2048 MB"),
        ((2, *SHAPE), SHAPE, "another size than its header"),
        ((10**30, *SHAPE), SHAPE, "at most 4096 regions"),
    ],
)
def test_what_the_head_of_masks_promises_is_checked_first(tmp_path, shape, view, match):
    promise(tmp_path / "0", shape)
    with pytest.raises(SceneError, match=match):
        FrameMasks.open(tmp_path, 1).load(0, view)


def test_numbers_cannot_ask_for_endless_masks(tmp_path):
    view = (2000, 2000)
    numbers = np.zeros(view, np.uint16)
    numbers[0, 0] = 4096
    bring(tmp_path / "0", numbers)
    with pytest.raises(SceneError, match="more than 2048 MB"):
        FrameMasks.open(tmp_path, 1).load(0, view)


def test_numbers_that_are_no_letters_are_damage(tmp_path):
    bring(tmp_path / "0", MASKS, np.array([0x7FFFFFFF, 97], np.uint32).view("<U1"))
    with pytest.raises(SceneError, match="no letters"):
        FrameMasks.open(tmp_path, 1).load(0, SHAPE)


@pytest.mark.parametrize(
    "text",
    ["{}", "[1]", '[{"box": [0, 0, 1], "label": "a", "score": 1}]', '[{"label": "a"}]', "["],
)
def test_damaged_boxes_are_told(tmp_path, text):
    (tmp_path / "0.json").write_text(text, encoding="utf-8")
    with pytest.raises(SceneError, match="json"):
        FrameDetections.open(tmp_path, 1).load(0)


def test_boxes_are_cut_and_scores_kept_within_bounds(tmp_path):
    told = '[{"box": [-3, 0.4, 5.6, 2], "label": "mug", "score": 1.5}]'
    (tmp_path / "0.json").write_text(told, encoding="utf-8")
    (found,) = FrameDetections.open(tmp_path, 1).load(0)
    assert found.box == (0, 0, 6, 2)
    assert found.area == 12
    assert found.score == 1
