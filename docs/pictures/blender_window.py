"""Runs inside Debian's Blender 3.4, the only one here that opens a window, and sets the stage.

    blender --factory-startup -P blender_window.py -- PACKAGE FIELD READY

PACKAGE is the extension, unpacked; Blender 3.4 knows no extensions, so it is loaded as a plain
module, and what came with later versions is stood in for here. READY is a file that is written when
all stands.
"""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import bpy

sys.path.append("/usr/lib/python3/dist-packages")  # Debian keeps numpy there

import numpy as np  # noqa: E402

VIEW_FROM, VIEW_DISTANCE_M = (1.05, 0.0, 0.75), 7.5  # Euler angles, radians


class _Interface:
    """`NodeTree.interface` of Blender 4."""

    def __init__(self, tree):
        self._tree = tree

    def new_socket(self, name, in_out, socket_type):
        sockets = self._tree.outputs if in_out == "OUTPUT" else self._tree.inputs
        return sockets.new(socket_type, name)


def stand_in(clouds):
    """Vertices without the attribute `position`."""

    def vertices(xyz_m, rgb, columns):
        mesh = bpy.data.meshes.new("Lexel vertices")
        mesh.vertices.add(len(xyz_m))
        mesh.vertices.foreach_set("co", np.ascontiguousarray(xyz_m, np.float32).reshape(-1))
        rgba = np.ones((len(rgb), 4), np.float32)
        rgba[:, :3] = rgb / np.float32(255)
        colour = mesh.attributes.new("Color", "BYTE_COLOR", "POINT")
        colour.data.foreach_set("color_srgb", rgba.reshape(-1))
        for name, values in columns.items():
            clouds.set_column(mesh, name, values)
        return mesh

    bpy.types.NodeTree.interface = property(_Interface)
    clouds._vertices = vertices


def set_up(package: Path, field: str) -> None:
    sys.path.append(str(package.parent))
    addon = __import__(package.name)
    clouds = __import__(f"{package.name}.blender.clouds", fromlist=["clouds"])
    stand_in(clouds)
    bpy.context.preferences.addons.new().module = package.name
    addon.register()
    for name in ("Cube", "Light", "Camera"):
        bpy.data.objects.remove(bpy.data.objects[name])
    bpy.ops.lexel.open_field(filepath=field)
    area = next(
        a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == "VIEW_3D"
    )
    view = area.spaces.active
    view.show_region_ui, view.overlay.show_floor = True, False
    view.overlay.show_axis_x = view.overlay.show_axis_y = view.overlay.show_cursor = False
    from mathutils import Euler

    places = clouds.get_places(bpy.context.scene.lexel.cloud.data)
    view.region_3d.view_rotation = Euler(VIEW_FROM).to_quaternion()
    view.region_3d.view_location = places.mean(axis=0)
    view.region_3d.view_distance = VIEW_DISTANCE_M
    bpy.context.scene.lexel.cloud.select_set(False)


def main() -> None:
    package, field, ready = sys.argv[sys.argv.index("--") + 1 :]

    def begin():
        try:
            set_up(Path(package), field)
            Path(ready).write_text("ready")
        except Exception:
            traceback.print_exc()
            bpy.ops.wm.quit_blender()

    bpy.app.timers.register(begin, first_interval=1.0)


bpy.context.preferences.view.show_splash = False
main()
