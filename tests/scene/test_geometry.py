"""Colours anywhere on a mesh."""

from __future__ import annotations

import numpy as np

from lexel.scene import Geometry, Texture

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)
CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], np.float32)
FACES = np.array([[0, 1, 2], [0, 2, 1]], np.int32)
RGB = np.array([RED, GREEN, BLUE], np.uint8)


def test_colours_blend_between_vertices() -> None:
    mesh = Geometry("a", "mesh", CORNERS, RGB, faces=FACES)
    weights = np.array([[1, 0, 0], [0, 0, 1], [0.5, 0.5, 0]])
    rgb = mesh.rgb_at(np.array([0, 1, 0]), weights)
    np.testing.assert_array_equal(rgb, [RED, GREEN, (128, 128, 0)])


def test_pictures_go_before_vertices_where_they_lie() -> None:
    picture = np.array([[RED, GREEN], [BLUE, (9, 9, 9)]], np.uint8)
    uv = np.array([[[0, 0], [1, 0], [0, 1]], [[0, 0], [0, 0], [0, 0]]], np.float32)
    texture = Texture(uv, np.array([0, -1], np.int32), (picture,))
    mesh = Geometry("a", "mesh", CORNERS, RGB, faces=FACES, texture=texture)
    weights = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.2, 0.1, 0.7], [1, 0, 0]])
    rgb = mesh.rgb_at(np.array([0, 0, 0, 1]), weights)
    np.testing.assert_array_equal(rgb, [RED, GREEN, BLUE, RED])


def test_pictures_repeat() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    for shift in (0.0, 1.0, -3.0):
        uv = np.full((1, 3, 2), 0.75 + shift, np.float32)
        texture = Texture(uv, np.zeros(1, np.int32), (picture,))
        np.testing.assert_array_equal(
            texture.rgb_at(np.array([0]), np.array([[0.2, 0.3, 0.5]])), picture[1, 1][None]
        )
