"""Geometry comes home: finite, in metres, upright, near the origin – and what was done is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.geometry.transforms import apply
from lexel.io.geometry_frame import bring_home, said_up
from lexel.io.notes import Notes
from lexel.io.raw_geometry import RawGeometry
from lexel.io.recording import Up
from lexel.scene import Geometry, Severity, Texture
from tests.geometry.strategies import vectors
from tests.io import solids

ROOM = RawGeometry("mesh", solids.ROOM, solids.COLOURS, faces=solids.TRIANGLES)
LYING = solids.ROOM[:, [0, 2, 1]] * [1, 1, -1]  # the room, +y up


def home(raw: RawGeometry) -> Geometry:
    return bring_home(raw, "room", ".obj", "room.obj", Notes())


def said(geometry: Geometry, severity: Severity | None = None) -> str:
    chosen = [f for f in geometry.findings if severity in (None, f.severity)]
    return "\n".join(map(str, chosen))


@pytest.mark.parametrize(
    ("comment", "up"),
    [
        ("frame: world, metres, right-handed, Z up, Y forward", Up.Z),
        ("up: y", Up.Y),
        ("Up axis = Z", Up.Z),
        ("Vertical Axis: z", Up.Z),
        ("exported y-up", Up.Y),
        ("Y-axis up", Up.Y),
        ("up axis: +Y", Up.Y),
        ("made on a yacht", None),
        ("-y up", None),
        ("set up zones", None),
        ("x up", None),
    ],
)
def test_comments_that_tell_up(comment: str, up: Up | None) -> None:
    assert said_up(["made by somebody", comment]) is up


@given(vectors)
def test_the_source_frame_can_be_found_again(moved: np.ndarray) -> None:
    for up in (Up.Z, Up.Y, Up.MINUS_Y):
        raw = replace(ROOM, points=ROOM.points + moved, up=up)
        geometry = home(raw)
        back = apply(np.linalg.inv(geometry.world_from_source), geometry.points_m)
        np.testing.assert_allclose(back, raw.points, atol=1e-5)


@pytest.mark.parametrize(
    ("points", "height", "sentence"),
    [
        (solids.ROOM, 2.6, "+z was taken, along which it is thinnest"),
        (LYING, 2.6, "+y was taken, along which it is thinnest"),
        (solids.ROOM / 4, 1.25, "+y was taken, as most programs export"),  # a thing, not a room
        (solids.ROOM * [1, 0.55, 1], 2.75, "+y was taken, as most programs export"),
    ],
)
def test_up_by_shape(points: np.ndarray, height: float, sentence: str) -> None:
    geometry = home(RawGeometry("mesh", points, solids.COLOURS, up=Up.UNKNOWN))
    assert np.ptp(geometry.points_m[:, 2]) == pytest.approx(height)
    assert sentence in said(geometry, Severity.REPAIRED)


def test_a_comment_goes_before_shape_and_custom() -> None:
    raw = RawGeometry("mesh", solids.ROOM, solids.COLOURS, up=Up.UNKNOWN, comments=("up: y",))
    geometry = home(raw)
    assert np.ptp(geometry.points_m[:, 2]) == pytest.approx(5)
    assert "does not say" not in said(geometry)
    assert "Y up and was turned Z up" in said(geometry, Severity.NOTE)


@pytest.mark.parametrize(
    ("scale", "length", "sentence"),
    [
        (1000, 5.0, "taken for millimetres"),
        (100, 500.0, "500 m long. Is its unit the metre"),
        (0.001, 0.005, "0.005 m long. Is its unit the metre"),
        (1, 5.0, ""),
    ],
)
def test_units_that_cannot_be_are_said(scale: float, length: float, sentence: str) -> None:
    geometry = home(replace(ROOM, points=ROOM.points * scale))
    assert np.ptp(geometry.points_m, axis=0).max() == pytest.approx(length, rel=1e-5)
    assert sentence in said(geometry)
    assert bool(sentence) == bool(geometry.findings)


def test_survey_coordinates_are_brought_near() -> None:
    """float32 holds 0.03 m at 500 km: the millimetres of the file must not be lost before."""
    far = np.array([458_000.25, 5_430_000.5, 112.125])
    geometry = home(replace(ROOM, points=ROOM.points.astype(np.float64) + far))
    assert np.abs(geometry.points_m).max() < 10
    back = apply(np.linalg.inv(geometry.world_from_source), geometry.points_m.astype(np.float64))
    np.testing.assert_allclose(back, ROOM.points + far, atol=1e-5)
    assert "5430 km from its origin" in said(geometry, Severity.REPAIRED)


@given(st.sets(st.integers(0, 6), max_size=6), st.sampled_from([np.nan, np.inf, -1e35]))
def test_points_that_are_no_numbers_go_with_their_faces(bad: set[int], value: float) -> None:
    points = solids.ROOM.copy()
    points[list(bad), 1] = value
    uv = np.arange(36, dtype=np.float32).reshape(6, 3, 2)
    texture = Texture(uv, np.zeros(6, np.int32), (solids.PICTURE,))
    geometry = home(replace(ROOM, points=points, texture=texture))
    kept = [i for i in range(7) if i not in bad]
    np.testing.assert_array_equal(geometry.points_m, solids.ROOM[kept])
    np.testing.assert_array_equal(geometry.rgb, solids.COLOURS[kept])
    whole = [i for i, face in enumerate(solids.TRIANGLES) if not bad & set(face.tolist())]
    assert bool(bad) == ("left out" in said(geometry))
    if not whole:
        assert (geometry.faces, geometry.kind) == (None, "point cloud (.obj)")
        return
    np.testing.assert_array_equal(
        geometry.points_m[geometry.faces], solids.ROOM[solids.TRIANGLES[whole]]
    )
    np.testing.assert_array_equal(geometry.texture.uv, uv[whole])


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(SceneError, match="holds no points"):
        home(RawGeometry("point cloud", np.full((3, 3), np.nan)))


def test_normals_are_turned_and_made_unit_or_dropped() -> None:
    normals = np.tile([0.0, 3.0, 0.0], (7, 1))
    geometry = home(replace(ROOM, normals=normals, up=Up.Y))
    np.testing.assert_allclose(geometry.normals, np.tile([0, 0, 1], (7, 1)), atol=1e-7)
    normals[3] = 0
    assert home(replace(ROOM, normals=normals)).normals is None


def test_no_colours_are_said() -> None:
    assert "has no colours" in said(home(replace(ROOM, rgb=None)), Severity.WARNING)
