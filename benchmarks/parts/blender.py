"""From a query to the colours that Blender evaluates: five ways to recolour points, side by side.

Each way begins with the texts' vectors and ends when the dependency graph has been evaluated.
What a graphics card then does with it cannot be measured here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.figures import Figure, Options
from benchmarks.measure import repeatedly, tell
from benchmarks.workload import Unavailable
from lexel.geometry.vectors import unit_rows
from lexel.query.colour import expand, heat_colours
from lexel.query.engine import Engine, prepare
from lexel.query.language import parse
from lexel.query.vectors import TextVectors
from lexel.scene import Codebook, Scoring

_TARGET_S = {100_000: 0.005, 1_000_000: 0.020, 10_000_000: 0.150}
_CODES, _DIM, _REPEATS = 2048, 512, 5


@dataclass(frozen=True, eq=False)
class Scene:
    """A cloud in Blender and a query against it.

    Attributes:
        code: (N,) of the cloud's points.
    """

    engine: Engine
    texts: TextVectors
    cloud: Any
    code: np.ndarray

    def ask(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores (K,) and colours (K, 4) of a query against the usual negatives."""
        answer = self.engine.ask(parse(self.texts.texts[0]), self.texts)
        return answer.scores[0], heat_colours(answer.heat(0))


def run(_options: Options) -> list[Figure]:
    """The add-on's way and four others, at three sizes."""
    try:
        import bpy
    except ImportError as missing:
        raise Unavailable("Blender is not installed as a module") from missing
    figures = []
    for num_points, target in _TARGET_S.items():
        scene = _scene(bpy, num_points)
        for what, way, chosen in _ways(bpy, scene):
            spent = repeatedly(way, _REPEATS)
            tell(f"blender: {num_points:,} points, {what}: {spent}")
            figures.append(_figure(num_points, what, spent.wall_s, target if chosen else None))
    return figures


def _figure(num_points: int, what: str, seconds: float, at_most: float | None) -> Figure:
    how = f"best of {_REPEATS}; one query, four negatives, {_CODES} codes of {_DIM} numbers"
    return Figure(f"{what}, {num_points:,} points", how, lexel=seconds, at_most=at_most)


def _scene(bpy: Any, num_points: int) -> Scene:
    from addon.blender.clouds import new_cloud
    from addon.blender.colouring import give_material

    bpy.ops.wm.read_factory_settings(use_empty=True)
    random = np.random.default_rng(0)
    book = Codebook(
        clip=unit_rows(random.standard_normal((_CODES, _DIM), np.float32)).astype(np.float16),
        modality=np.zeros(_CODES, np.uint8),
        count=np.ones(_CODES, np.int32),
        agreement=np.ones(_CODES, np.float32),
        background=np.linspace([-0.2, -0.2], [0.2, 0.2], 101).T.astype(np.float32),
    )
    texts = ("mug", *Scoring().negatives)
    vectors = TextVectors(texts, unit_rows(random.standard_normal((len(texts), _DIM))))
    code = random.integers(0, _CODES, num_points).astype(np.int32)
    xyz, rgb = random.random((num_points, 3), np.float32), np.zeros((num_points, 3), np.uint8)
    cloud = new_cloud("field", xyz, rgb, {"code": code, "lexel_row": code}, 0.01)
    give_material(cloud, _CODES)
    for name, kind in (("float colour", "FLOAT_COLOR"), ("byte colour", "BYTE_COLOR")):
        cloud.data.attributes.new(name, kind, "POINT")
    return Scene(prepare(book, Scoring()), vectors, cloud, code)


def _ways(bpy: Any, scene: Scene) -> list[tuple[str, Callable[[], object], bool]]:
    """What each is called, what it does, and whether it is the add-on's."""
    from addon.blender.clouds import set_column
    from addon.blender.colouring import show
    from addon.blender.material import table_of
    from addon.blender.table import fill_table
    from addon.shown import Shown

    data, code = scene.cloud.data, scene.code

    def evaluate() -> None:
        data.update_tag()
        bpy.context.view_layer.update()

    def addon() -> None:
        score, table = scene.ask()
        show(scene.cloud, Shown(code, table, score, score > 0.5), 1.0, new_index=False)
        bpy.context.view_layer.update()

    def table_alone() -> None:
        fill_table(table_of(data.materials[0]), scene.ask()[1])
        bpy.context.view_layer.update()

    def score_alone() -> None:
        set_column(data, "lexel_score", scene.ask()[0].take(code))
        evaluate()

    def colours(name: str, field: str) -> None:
        rgba = expand(scene.ask()[1], code).astype(np.float32)
        rgba /= np.float32(255)
        data.attributes[name].data.foreach_set(field, rgba.reshape(-1))
        evaluate()

    return [
        ("query to evaluated colours and scores, as the add-on does", addon, True),
        ("  a lookup image by code (colours only)", table_alone, False),
        ("  a FLOAT attribute, looked up in 256 colours", score_alone, False),
        ("  a FLOAT_COLOR attribute", lambda: colours("float colour", "color"), False),
        ("  a BYTE_COLOR attribute", lambda: colours("byte colour", "color_srgb"), False),
    ]
