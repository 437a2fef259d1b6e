"""Builds of uploaded views, progress, cancelling: in processes of their own, asked from here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lexel.io.fields import open_field
from lexel.io.samples import sample_scene
from lexel.service.client import Refused
from lexel.service.protocol import CANCELLED, DONE, FAILED, QUEUED, Ask
from lexel.service.views import UploadedView
from tests.fields.box_room import BLUE, FLOOR, RED, Shot, around, thing_of
from tests.service.running import wait_for

EMBEDDED = {"weights": "embedded"}
NUMBERS = {FLOOR: 100, RED: 7, BLUE: 12}  # the uploader's own


def as_upload(shot: Shot) -> UploadedView:
    view, ids = shot.view, np.full(shot.thing.shape, -1, np.int32)
    for thing, number in NUMBERS.items():
        ids[shot.thing == thing] = number
    return UploadedView(view.rgb, view.depth_m, ids, view.intrinsics, view.world_from_camera)


def build(client, **arguments):
    return wait_for(client, client.start("build", {**EMBEDDED, **arguments}))


@pytest.fixture(scope="module")
def built(service):
    """All that was told of a build of six uploaded views."""
    with service.client() as client:
        for number, shot in enumerate(around(6)):
            client.upload("boxes", number, as_upload(shot))
        return build(client, upload="boxes", voxel_size_m=0.03, labels=["floor", "box"])


def test_a_build_tells_its_progress_and_ends(built):
    assert built[0].state == QUEUED
    assert built[-1].state == DONE, built[-1].error
    assert len({state.stage for state in built}) > 3
    versions = [state.version for state in built]
    assert versions == sorted(versions)
    assert any(state.total and 0 < state.done <= state.total for state in built)


def test_the_field_lies_where_the_views_were(built):
    field = open_field(built[-1].result["field"])
    assert field.num_points == built[-1].result["num_points"] > 1000
    # On the boxes and the floor, in the world the views were uploaded in.
    xyz = np.asarray(field.points.xyz_m)
    assert abs(np.median(xyz[thing_of(xyz) == FLOOR, 2])) < 0.01
    np.testing.assert_allclose(field.info.world_from_source, np.eye(4))


def test_codes_are_told_for_each_of_the_uploaders_things(built):
    field, things = open_field(built[-1].result["field"]), built[-1].result["objects"]
    assert sorted(thing["id"] for thing in things) == sorted(NUMBERS.values())
    truth = thing_of(np.asarray(field.points.xyz_m))
    for kind, number in NUMBERS.items():
        (told,) = [thing for thing in things if thing["id"] == number]
        assert sum(told["shares"]) == pytest.approx(1, abs=0.01)
        assert told["shares"] == sorted(told["shares"], reverse=True)
        codes, counts = np.unique(field.code[truth == kind], return_counts=True)
        share = dict(zip(codes.tolist(), counts / counts.sum(), strict=True))
        assert told["codes"][0] in share
        common = sum(
            min(share.get(c, 0), s) for c, s in zip(told["codes"], told["shares"], strict=True)
        )
        assert common > 0.8


def test_the_built_field_is_asked(built, service):
    with service.client() as client:
        field = client.open_field(built[-1].result["field"])
        scores, meta = client.ask(field.id, Ask(("red box",)))
    assert scores.shape == (1, built[-1].result["num_codes"])
    assert not meta.meaningless


def test_an_upload_goes_when_it_has_been_built(built, client):
    with pytest.raises(Refused, match="no such upload"):
        client.start("build", {"upload": "boxes"})


def test_an_upload_stays_as_it_is_while_a_job_needs_it(client):
    view = as_upload(around(1)[0])
    client.upload("held", 0, view)
    job = client.start("build", {**EMBEDDED, "upload": "held"})
    for meddle in (
        lambda: client.upload("held", 0, view),
        lambda: client.start("build", {**EMBEDDED, "upload": "held"}),
    ):
        with pytest.raises(Refused, match="a job builds from this upload") as refused:
            meddle()
        assert refused.value.status == 423
    client.cancel(job.id)
    assert wait_for(client, job)[-1].state == "cancelled"
    client.upload("held", 0, view)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"depth_m": np.ones((48, 63), np.float32)}, "depth"),
        ({"depth_m": np.full((48, 64), np.nan, np.float32)}, "depth"),
        ({"ids": np.zeros((48, 64), np.int64)}, "ids"),
        ({"colour": np.zeros((48, 64, 4), np.uint8)}, "colour"),
        ({"intrinsics": np.zeros((3, 3))}, "K"),
        ({"world_from_camera": np.diag([2.0, 2, 2, 1])}, "rotation"),
        ({"world_from_camera": np.diag([1.0, 1, -1, 1])}, "mirrors"),
    ],
)
def test_views_that_are_none_are_refused(client, changed, says):
    with pytest.raises(Refused, match=says) as refused:
        client.upload("wrong", 0, replace(as_upload(around(1)[0]), **changed))
    assert refused.value.status == 400


def test_a_view_that_is_too_large_is_not_even_sent(client):
    size = (6200, 4000)
    view = UploadedView(
        np.zeros((*size, 3), np.uint8),
        np.zeros(size, np.float32),
        np.zeros(size, np.int32),
        np.eye(3),
        np.eye(4),
    )
    with pytest.raises(Refused, match="smaller"):
        client.upload("wrong", 0, view)


@pytest.mark.parametrize(
    ("kind", "arguments", "says"),
    [
        ("dance", {}, "no such kind"),
        ("build", {}, "'scene' or of an 'upload'"),
        ("build", {"scene": "here", "out": "/there.lexel"}, "whole path"),
        ("build", {"scene": "/here"}, "'out' is missing"),
        ("build", {"upload": "../boxes"}, "letters"),
        ("build", {"upload": "boxes", "voxel_size": 1}, "unknown key"),
        ("complete", {"scene": "/here"}, "'out' is missing"),
        ("locate", {"scene": "/here", "out": "/there", "descriptions": "x"}, "list"),
    ],
)
def test_orders_that_cannot_be_understood_are_refused_at_once(client, kind, arguments, says):
    with pytest.raises(Refused, match=says) as refused:
        client.start(kind, arguments)
    assert refused.value.status in (400, 404)


def test_a_job_that_fails_says_what_to_do(client, tmp_path):
    told = build(client, scene=str(tmp_path / "nothing"), out=str(tmp_path / "a.lexel"))[-1]
    assert told.state == FAILED
    assert "does not exist" in told.error.what
    assert told.error.do


def test_a_running_build_is_cancelled_and_one_that_waits_too(client, tmp_path):
    out = tmp_path / "scan.lexel"
    order = {**EMBEDDED, "scene": str(sample_scene("scan")), "out": str(out)}
    first = client.start("build", order)
    second = client.start("build", {**order, "out": str(tmp_path / "second.lexel")})
    while not client.job(first.id).stage:
        client.job(first.id, after=0, wait_s=5)
    assert client.job(second.id).state == QUEUED
    client.cancel(second.id)
    assert wait_for(client, second)[-1].state == CANCELLED
    client.cancel(first.id)
    assert wait_for(client, first)[-1].state == CANCELLED
    assert not out.exists()
    assert client.cancel(first.id).state == CANCELLED
