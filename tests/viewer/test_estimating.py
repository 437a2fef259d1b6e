"""What making something askable takes, said before it is begun."""

import shutil

import pytest

from lexel.io.samples import sample_scene
from lexel.viewer.estimating import in_a_sentence, plan_build
from lexel.viewer.folders import Folders
from lexel.viewer.opening import recognise
from lexel.viewer.samples import sample_field


@pytest.fixture
def folders(tmp_path):
    return Folders(tmp_path / "c", tmp_path / "s", tmp_path / "d")


def test_a_scan_is_kept_beside_itself(tmp_path, folders):
    scan = tmp_path / "scans" / "kitchen"
    shutil.copytree(sample_scene("scan"), scan)
    plan = plan_build(recognise(scan), folders, None)
    assert plan.out == tmp_path / "scans" / "kitchen.lexel"
    assert plan.views == 24 and 0 < plan.minutes < 2
    assert plan_build(recognise(scan), folders, "published").minutes > 2 * plan.minutes
    assert not plan.begun and not plan.there
    plan.out.with_suffix(".building").mkdir()
    assert plan_build(recognise(scan), folders, None).begun


def test_what_comes_with_lexel_is_not_written_beside():
    plan = plan_build(recognise(sample_scene("mesh")), Folders(*[sample_field()] * 3), None)
    assert plan.out == sample_field().with_name("mesh.lexel")


def test_the_plan_in_words(tmp_path, folders):
    scan = tmp_path / "scan"
    shutil.copytree(sample_scene("view"), scan)
    said = in_a_sentence(plan_build(recognise(scan), folders, None))
    assert said == "less than half a minute, 1.5 GB of memory, one view."
