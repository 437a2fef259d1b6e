"""The views and regions behind a point."""

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.io.fields import open_field, save_field
from lexel.viewer.evidence import evidence_of_point
from tests.io.fields.samples import make_content


@pytest.fixture(scope="module")
def field(tmp_path_factory):
    path = tmp_path_factory.mktemp("field") / "room.lexel"
    save_field(path, make_content())
    return open_field(path)


def _point_of(field, code):
    return int(np.flatnonzero(field.code == code)[0])


def test_the_heaviest_region_comes_first_with_its_share(field):
    found = evidence_of_point(field, _point_of(field, 0))
    assert found.regions == 2
    assert [crop.weight for crop in found.crops] == pytest.approx([2 / 3, 1 / 3])
    assert [crop.view for crop in found.crops] == [0, 1]
    assert found.agreement == pytest.approx(float(field.codebook.agreement[0]))
    assert found.num_points == int((field.code == 0).sum())


def test_a_crop_shows_its_region_and_what_is_around_it(field):
    crop = evidence_of_point(field, _point_of(field, 0)).crops[1]
    x0, y0, x1, y1 = crop.region
    height, width = crop.rgb.shape[:2]
    assert (x1 - x0, y1 - y0) == (1, 1)
    assert 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height and width > 1


def test_only_so_many_crops_are_cut(field):
    assert len(evidence_of_point(field, _point_of(field, 0), most=1).crops) == 1


def test_a_code_that_nobody_saw_has_none(field):
    found = evidence_of_point(field, _point_of(field, 3))
    assert not found.crops and found.regions == 0


def test_a_point_tells_its_object(field):
    instance = np.asarray(field.points.instance)
    assert evidence_of_point(field, int(np.flatnonzero(instance == 1)[0])).label == "mug"
    assert evidence_of_point(field, int(np.flatnonzero(instance == -1)[0])).label == ""


@pytest.mark.parametrize("point", [-1, 40])
def test_a_point_that_is_not_there(field, point):
    with pytest.raises(InputError, match="no such point"):
        evidence_of_point(field, point)
