"""Small answers to draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lexel.scene import Answer, AnswerKind, Found, Mesh

MakeAnswer = Callable[..., Answer]


def _ball(centre: tuple[float, float, float], radius_m: float) -> Mesh:
    from skimage.measure import marching_cubes

    grid = np.mgrid[-12:13, -12:13, -12:13].astype(np.float32)
    vertices, faces, _, _ = marching_cubes(10.0 - np.sqrt((grid**2).sum(0)), 0.0)
    vertices_m = (vertices - 12) / 10 * radius_m + np.array(centre)
    return Mesh(vertices_m.astype(np.float32), faces.astype(np.int32))


def _found(text: str, number: int, *, meshed: bool) -> Found:
    colour = [(220, 40, 80), (40, 120, 220), (80, 180, 90)][number % 3]
    mesh = _ball((0.0, number - 0.5, 0.4), 0.35)
    score = np.linspace(-1, 1, len(mesh.vertices_m)).astype(np.float32)
    return Found(text, colour, mesh.vertices_m, score, mesh if meshed else None)


@pytest.fixture
def make_answer() -> MakeAnswer:
    """`make_answer(kind, texts, empty=(), meaningless=False)`: balls on a floor."""

    def make(
        kind: str = "completion",
        texts: tuple[str, ...] = ("red ball", "blue ball"),
        empty: tuple[str, ...] = ("lamp",),
        meaningless: bool = False,
    ) -> Answer:
        meshed = kind == "completion"
        nothing = np.zeros((0, 3), np.float32)
        found = [_found(text, number, meshed=meshed) for number, text in enumerate(texts)]
        found += [Found(text, (250, 200, 0), nothing, nothing[:, 0]) for text in empty]
        x, y = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
        floor = np.stack([x, y, 0 * x], axis=-1).reshape(-1, 3).astype(np.float32)
        labels = tuple(item.text for item in found)
        return Answer(
            kind=AnswerKind(kind),
            scene_name="room",
            found=tuple(found),
            scene_points_m=floor,
            scene_rgb=np.full((len(floor), 3), 120, np.uint8),
            voxel_size_m=0.035,
            world_from_source=np.eye(4),
            forward=np.array([1.0, 0.0, 0.0]),
            relevancy_labels=labels,
            relevancies=np.zeros((len(labels), 8, 6), np.float32),
            rgb=np.zeros((8, 6, 3), np.uint8),
            provenance={"meaningless": meaningless},
        )

    return make
