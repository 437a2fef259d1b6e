"""What the 3D View draws over itself: points in Solid shading.

Solid shading knows one colour for an object; Blender's own points would all be grey. So their
colours are drawn over them, read from the same image that the material reads: a keystroke changes
no vertex. All drawing functions belong to Blender's main thread and are called by it.
"""

from __future__ import annotations

from typing import Any

import bpy
import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader

from .clouds import get_column, get_places
from .material import HATCH, table_of
from .names import COLOUR, ORIGIN, RADIUS, ROW
from .preferences import preferences
from .table import WIDTH

# `eye` is where the view looks from, or with a last number of 0 the direction it is looked at from.
_VERTEX = """
void main() {
  vec3 to_eye = normalize(eye.xyz - eye.w * place);
  gl_Position = clip_from_model * vec4(place + 1.5 * radius * to_eye, 1.0);  // before the sphere
  gl_PointSize = clamp(scale * radius / gl_Position.w, 2.0, 64.0);
  int number = int(row);
  vec4 cover = texelFetch(table, ivec2(number % 256, number / 256), 0);
  shown = vec4(mix(own.rgb, cover.rgb, cover.a), inferred);
  if (radius == 0.0) gl_Position = vec4(0.0, 0.0, 2.0, 1.0);  // hidden: out of the view
}
"""
_FRAGMENT = """
void main() {
  vec2 off = gl_PointCoord - 0.5;
  if (dot(off, off) > 0.25) discard;
  bool stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 8.0) < 4.0;
  vec3 srgb = mix(shown.rgb, vec3(1.0), stripe ? HATCH * shown.a : 0.0);
  // The 3D View's buffer holds linear numbers.
  vec3 steep = pow((srgb + 0.055) / 1.055, vec3(2.4));
  colour = vec4(mix(srgb / 12.92, steep, step(0.04045, srgb)), 1.0);
}
"""
_FLAT = {"SOLID", "WIREFRAME"}


class Overlay:
    """The handler that draws the clouds of a scene; `start` and `stop` come in pairs."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._shader: Any = None
        self._batches: dict[tuple[Any, ...], Any] = {}

    def start(self) -> None:
        """Draw from now on, in every 3D View."""
        if self._handle is None and not bpy.app.background:
            add = bpy.types.SpaceView3D.draw_handler_add
            self._handle = add(self._draw, (), "WINDOW", "POST_VIEW")

    def stop(self) -> None:
        """Draw no more, and forget all."""
        if self._handle is not None:
            bpy.types.SpaceView3D.draw_handler_remove(self._handle, "WINDOW")
        self._handle = self._shader = None
        self.forget()

    def forget(self) -> None:
        """Points have moved or changed their rows: load them anew when next drawn."""
        self._batches.clear()

    def _draw(self) -> None:
        context = bpy.context
        if not preferences().draws_points:
            return
        if context.space_data.shading.type not in _FLAT:
            return
        for thing in context.visible_objects:
            if thing.type in ("POINTCLOUD", "MESH") and ROW in thing.data.attributes:
                self._draw_cloud(context, thing)

    def _draw_cloud(self, context: Any, cloud: Any) -> None:
        image = table_of(cloud.active_material)
        if image is None:
            return
        self._shader = self._shader or _new_shader()
        key = (cloud.data.as_pointer(), len(cloud.data.attributes[ROW].data))
        if key not in self._batches:
            self._batches[key] = _batch(self._shader, cloud.data)
        view, shader = context.region_data, self._shader
        shader.bind()
        shader.uniform_float("clip_from_model", view.perspective_matrix @ cloud.matrix_world)
        shader.uniform_float("eye", _eye(view, cloud.matrix_world))
        tall = context.region.height * view.window_matrix[1][1]
        shader.uniform_float("scale", tall * cloud.matrix_world.median_scale)
        shader.uniform_sampler("table", gpu.texture.from_image(image))
        gpu.state.depth_test_set("LESS_EQUAL")
        gpu.state.depth_mask_set(True)
        gpu.state.program_point_size_set(True)
        self._batches[key].draw(shader)
        gpu.state.program_point_size_set(False)
        gpu.state.depth_mask_set(False)
        gpu.state.depth_test_set("NONE")


def _eye(view: Any, world_from_model: Any) -> Any:
    model_from_world = world_from_model.inverted_safe()
    world_from_view = view.view_matrix.inverted()
    column = 3 if view.is_perspective else 2
    return model_from_world @ world_from_view.col[column]


def _batch(shader: Any, data: Any) -> Any:
    own = np.empty((len(data.attributes[COLOUR].data), 4), np.float32)
    data.attributes[COLOUR].data.foreach_get("color_srgb", own.reshape(-1))
    radius = get_column(data, RADIUS) if RADIUS in data.attributes else np.full(len(own), 0.01)
    inferred = get_column(data, ORIGIN) if ORIGIN in data.attributes else np.zeros(len(own))
    content = {
        "place": get_places(data),
        "own": own,
        "row": get_column(data, ROW).astype(np.float32),
        "radius": radius.astype(np.float32),
        "inferred": inferred.astype(np.float32),
    }
    return batch_for_shader(shader, "POINTS", content)


def _new_shader() -> Any:
    assert WIDTH == 256  # the vertex shader says so too
    info = gpu.types.GPUShaderCreateInfo()
    for kind, name in (("MAT4", "clip_from_model"), ("VEC4", "eye"), ("FLOAT", "scale")):
        info.push_constant(kind, name)
    info.sampler(0, "FLOAT_2D", "table")
    for slot, (kind, name) in enumerate(
        (
            ("VEC3", "place"),
            ("VEC4", "own"),
            ("FLOAT", "row"),
            ("FLOAT", "radius"),
            ("FLOAT", "inferred"),
        )
    ):
        info.vertex_in(slot, kind, name)
    between = gpu.types.GPUStageInterfaceInfo("lexel_points")
    between.smooth("VEC4", "shown")
    info.vertex_out(between)
    info.fragment_out(0, "VEC4", "colour")
    info.vertex_source(_VERTEX)
    info.define("HATCH", str(HATCH))
    info.fragment_source(_FRAGMENT)
    return gpu.shader.create_from_info(info)
