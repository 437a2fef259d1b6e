"""The part of `blender.py` that runs inside a Blender: loads the extension, opens a field, asks.

    python blender_inside.py figure PACKAGE FIELD OUT QUERY [LEAST]   Python with bpy
    blender -P blender_inside.py -- window PACKAGE FIELD READY        Debian's Blender 3.4

With LEAST, a threshold, the queries are shown as labels, else the first of them as heat.
PACKAGE is the extension, unpacked: Blender 3.4 knows no extensions, and loads it as a plain module.
Three things that came with later versions are stood in for. READY is written when all stands.
"""

from __future__ import annotations

import importlib
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import bpy
from mathutils import Euler, Vector

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's Blender has its numpy there

_LOOKS = (0.8, 0.0, -0.95)  # Euler angles, radians: from above, into a corner
_WINDOW_M, _FIGURE_M, _LENS_MM = 6.5, 9.8, 50.0
_SIZE_PX = (1280, 800)


class _Interface:
    """`NodeTree.interface` of Blender 4."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree

    def new_socket(self, name: str, in_out: str, socket_type: str) -> Any:
        sockets = self._tree.outputs if in_out == "OUTPUT" else self._tree.inputs
        return sockets.new(socket_type, name)


class _Positions:
    """`mesh.attributes["position"].data` of Blender 3.5."""

    def __init__(self, mesh: Any) -> None:
        self._mesh = mesh

    def foreach_set(self, _name: str, values: Any) -> None:
        self._mesh.vertices.foreach_set("co", values)


def stand_in(clouds: ModuleType) -> None:
    """What Blender 3.4 lacks of that which the extension needs."""
    bpy.types.NodeTree.interface = property(_Interface)
    own = clouds.positions_of
    clouds.positions_of = lambda data: (
        own(data) if "position" in data.attributes else _Positions(data)
    )


def start(package: Path) -> ModuleType:
    """Switch the extension on; its session."""
    sys.path.append(str(package.parent))
    bpy.context.preferences.addons.new().module = package.name
    if bpy.app.version < (4, 0):
        stand_in(importlib.import_module(f"{package.name}.blender.clouds"))
    importlib.import_module(package.name).register()
    for thing in list(bpy.data.objects):
        bpy.data.objects.remove(thing)
    return importlib.import_module(f"{package.name}.blender.session")


def middle() -> Vector:
    """Of the points."""
    corners = [Vector(corner) for corner in bpy.context.scene.lexel.cloud.bound_box]
    return sum(corners, Vector()) / len(corners)


def figure(package: Path, field: str, out: str, query: str, least: str = "") -> None:
    """Render an answer with its legend, by Cycles."""
    session = start(package)
    bpy.ops.lexel.open_field(filepath=field)
    scene = bpy.context.scene
    scene.lexel.text = query
    if least:
        scene.lexel.mode, scene.lexel.suggested, scene.lexel.threshold = (
            "label",
            False,
            float(least),
        )
    while session.tick() is not None:
        time.sleep(0.02)
    lens = bpy.data.cameras.new("camera")
    scene.camera = bpy.data.objects.new("camera", lens)
    scene.collection.objects.link(scene.camera)
    turned = Euler(_LOOKS)
    lens.lens = _LENS_MM
    scene.camera.rotation_euler = turned
    scene.camera.location = middle() + turned.to_matrix() @ Vector((0, 0, _FIGURE_M))
    bpy.ops.lexel.add_legend()
    bpy.ops.lexel.standard_view()
    scene.world.node_tree.nodes["Background"].inputs[0].default_value = (1, 1, 1, 1)
    scene.render.engine, scene.cycles.device, scene.cycles.samples = "CYCLES", "CPU", 16
    scene.cycles.use_denoising = False  # nothing is lit, so nothing is noisy
    scene.render.resolution_x, scene.render.resolution_y = _SIZE_PX
    scene.render.filepath = out
    bpy.ops.render.render(write_still=True)


def window(package: Path, field: str, ready: str) -> None:
    """Open a field and look at it."""
    start(package)
    bpy.ops.lexel.open_field(filepath=field)
    bpy.context.scene.lexel.cloud.select_set(False)
    screen = bpy.context.window_manager.windows[0].screen
    view = next(area for area in screen.areas if area.type == "VIEW_3D").spaces.active
    view.show_region_ui = True
    for name in ("show_floor", "show_axis_x", "show_axis_y", "show_cursor", "show_extras"):
        setattr(view.overlay, name, False)
    view.region_3d.view_rotation = Euler(_LOOKS).to_quaternion()
    view.region_3d.view_location, view.region_3d.view_distance = middle(), _WINDOW_M
    Path(ready).touch()


def main() -> None:
    given = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else sys.argv[1:]
    if given[0] == "figure":
        figure(Path(given[1]), *given[2:])
        return
    bpy.context.preferences.view.show_splash = False
    bpy.app.timers.register(lambda: window(Path(given[1]), *given[2:]), first_interval=1.0)


main()
