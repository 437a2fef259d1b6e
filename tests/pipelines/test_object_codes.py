"""Numbers painted on views find their points, though some views err."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.fields.visibility import Seen
from lexel.io.fields import open_field
from lexel.io.nerfstudio_writing import list_posed_views, save_posed_view
from lexel.pipelines.object_codes import Majority, codes_of_objects
from lexel.progress import Silent
from tests.fields.box_room import around, thing_of
from tests.pipelines.test_build import build_at

VOXEL_M = 0.03


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built")
    return open_field(build_at(folder / "boxes.lexel", around(6)).path)


@pytest.mark.parametrize("wrong", [0, 1])
def test_each_thing_has_the_codes_of_its_points(built, tmp_path, wrong):
    random = np.random.default_rng(0)
    for number, shot in enumerate(around(12)):
        lied = random.integers(0, 3, shot.thing.shape, np.int32) if number < wrong else shot.thing
        save_posed_view(tmp_path, number, shot.view, lied)
    found = codes_of_objects(built, tmp_path, list_posed_views(tmp_path), VOXEL_M, Silent())
    truth = thing_of(np.asarray(built.points.xyz_m))
    assert [thing.id for thing in found] == [0, 1, 2]
    for thing in found:
        codes, counts = np.unique(built.code[truth == thing.id], return_counts=True)
        share = dict(zip(codes.tolist(), counts / counts.sum(), strict=True))
        assert sum(thing.shares) == pytest.approx(1, abs=0.001)
        assert list(thing.shares) == sorted(thing.shares, reverse=True)
        same = sum(min(share.get(c, 0), s) for c, s in zip(thing.codes, thing.shares, strict=True))
        assert same > (0.93 if not wrong else 0.8)


def test_views_that_show_nothing_numbered_have_no_things(built, tmp_path):
    for number, shot in enumerate(around(2)):
        ids = np.full_like(shot.thing, -1) if number else None
        save_posed_view(tmp_path, number, shot.view, ids)
    assert codes_of_objects(built, tmp_path, list_posed_views(tmp_path), VOXEL_M, Silent()) == ()


def test_what_most_say_wins_in_any_order():
    random = np.random.default_rng(1)
    index = pixel = np.arange(50)
    said = [np.full(50, 7), np.full(50, 7), np.full(50, 3), random.integers(0, 9, 50)]
    for order in ((0, 1, 2, 3), (3, 2, 0, 1), (2, 0, 3, 1)):
        majority = Majority(60)
        for view in order:
            weight = np.full(50, 0.9 if view < 2 else 0.5, np.float32)
            majority.add(Seen(index, pixel, weight), said[view].astype(np.int32)[None])
        assert (majority.number[:50] == 7).all()
        assert (majority.number[50:] == -1).all()
