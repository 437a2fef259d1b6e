"""Pictures for papers: a figure of 1920 × 1080 in either light, and an object from all around."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.figures import Figure, Options
from benchmarks.measure import tell
from benchmarks.workload import Unavailable
from lexel.encoders.weights.embedded import EMBEDDED
from lexel.io.recipes import save_recipe
from lexel.io.samples import sample_scene
from lexel.pipelines.api import Models
from lexel.pipelines.fields_api import build
from lexel.render.figure_api import FigureOptions, make_figure
from lexel.render.object_views import draw_object
from lexel.render.stage import Light, Style
from lexel.scene.recipe import Recipe

_PRESET = "slide"  # 1920 × 1080
_RECIPE = Recipe("scan.lexel", queries=("house plant",))


@dataclass(frozen=True)
class _Scene:
    """Where the recipe and its field lie."""

    folder: Path

    def figure(self, light: Light) -> None:
        options = FigureOptions(_PRESET, style=Style(light))
        make_figure([self.folder / "recipe.json"], self.folder / "figure.png", options)

    def object_views(self) -> None:
        draw_object(sample_scene("mesh") / "room.glb", self.folder / "views")


def run(_options: Options) -> list[Figure]:
    """One of each; the field of the sample scan is built first, which is not counted."""
    if find_spec("bpy") is None:
        raise Unavailable("Blender is not installed as a module")
    with tempfile.TemporaryDirectory() as name:
        scene = _Scene(Path(name))
        build(sample_scene("scan"), scene.folder / _RECIPE.field, models=Models(EMBEDDED))
        save_recipe(scene.folder / "recipe.json", _RECIPE)
        return [
            _figure("figure, 1920 x 1080, soft light and shadow", lambda: scene.figure(Light.SOFT)),
            _figure("figure, 1920 x 1080, flat light", lambda: scene.figure(Light.FLAT)),
            _figure("object views, 36 of 512 x 512", scene.object_views),
        ]


def _figure(what: str, work: Callable[[], None]) -> Figure:
    wall_s, cpu_s = time.perf_counter(), _cpu_s()
    work()
    wall_s, cpu_s = time.perf_counter() - wall_s, _cpu_s() - cpu_s
    tell(f"{what}: {wall_s:.0f} s ({cpu_s:.0f} CPU s)")
    return Figure(
        what, f"once, from the recipe to the file, 16 samples: {cpu_s:.0f} CPU s", lexel=wall_s
    )


def _cpu_s() -> float:
    """Of this process and its children that have ended: Blender draws in one."""
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system
