"""Views written for the nerfstudio reader come back exactly."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.io.nerfstudio_writing import list_posed_views, load_ids, save_posed_view
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.readers import open_recording
from lexel.io.recording import Up
from tests.fields.box_room import around


@pytest.fixture
def shots():
    return around(3)


def test_views_come_back_as_they_were_in_the_order_of_their_numbers(tmp_path, shots):
    for number, shot in zip((11, 2, 5), shots, strict=True):
        save_posed_view(tmp_path, number, shot.view, shot.thing)
    assert list_posed_views(tmp_path) == [2, 5, 11]
    recording = open_recording(tmp_path)
    assert (recording.num_views, recording.up) == (3, Up.Z)
    for index, shot in enumerate((shots[1], shots[2], shots[0])):
        view = normalise(recording.read_view(index), Notes())
        np.testing.assert_array_equal(view.rgb, shot.view.rgb)
        np.testing.assert_array_equal(view.depth_m, shot.view.depth_m)
        np.testing.assert_allclose(view.intrinsics, shot.view.intrinsics, atol=1e-9)
        np.testing.assert_allclose(view.world_from_camera, shot.view.world_from_camera, atol=1e-9)


def test_what_pixels_show_is_kept_beside_and_goes_with_its_view(tmp_path, shots):
    save_posed_view(tmp_path, 0, shots[0].view, shots[0].thing)
    np.testing.assert_array_equal(load_ids(tmp_path, 0), shots[0].thing)
    save_posed_view(tmp_path, 0, shots[1].view, None)
    assert load_ids(tmp_path, 0) is None
    assert list_posed_views(tmp_path) == [0]
