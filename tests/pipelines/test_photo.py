"""The image that relevancy is asked about."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lexel.errors import SceneError
from lexel.io import save_view_folder
from lexel.pipelines.photo import open_image
from lexel.pipelines.settings import Settings
from lexel.progress import Silent
from tests.pipelines.tiny import tiny_scene


class Listening(Silent):
    def __init__(self):
        self.said = []

    def say(self, message):
        self.said.append(message)


def opened(path):
    listening = Listening()
    rgb, synthetic = open_image(path, 0, Settings(), listening)
    assert not synthetic
    return rgb, listening.said


def test_a_photograph_is_read_as_it_is(tmp_path):
    rgb = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    Image.fromarray(rgb).save(tmp_path / "photo.PNG")
    got, said = opened(tmp_path / "photo.PNG")
    np.testing.assert_array_equal(got, rgb)
    assert said == []


def test_a_large_photograph_is_shrunk_aloud(tmp_path):
    Image.new("RGB", (2000, 400), "red").save(tmp_path / "wide.png")
    got, said = opened(tmp_path / "wide.png")
    assert got.shape == (320, 1600, 3)
    assert said == ["wide.png: shrunk from 2000x400 to 1600x320."]


def test_a_scene_s_own_image_serves_too(tmp_path):
    scene = tiny_scene()
    got, _ = opened(save_view_folder(scene, tmp_path / "room"))
    np.testing.assert_array_equal(got, scene.view.rgb)


def test_neither_photograph_nor_scene_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG")
    for name in ("notes.txt", "broken.png", "nothing.png"):
        with pytest.raises(SceneError, match=name):
            opened(tmp_path / name)
