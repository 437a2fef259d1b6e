"""A stage in Blender: points, meshes, light and camera, rendered by Cycles.

Colours are linear attributes of points and vertices, shown through the view transform Standard:
in flat light a pixel in the middle of a point has the very bytes that were given.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.render.blender import place_camera, place_orthographic_camera
from lexel.render.blender_materials import cloud_material, mesh_material, set_hatching
from lexel.render.blender_shapes import add_cloud, add_mesh, link, polygons, remove
from lexel.render.stage import Light, Shot, Stage, Style, visible_points

# Strengths by trial: a level surface in the open is a little brighter than its colour, one that
# turns away keeps enough of it to be told, and nothing is burnt out.
_SKY, _SUN_W_M2, _SUN_ANGLE_RAD = 0.85, 1.6, 0.35
_SUN_ALONG = (-0.55, -0.30, -0.50)  # of the camera's right, down and ahead; and upwards by one
_SHADE_REACH = 0.12  # of the stage's diagonal: how far away a surface still takes light away
_GROUND = 0.4  # of the stage's diagonal: how far shadows reach beyond it
_HAZE = 10  # opacity, 0..255
_GPUS = ("OPTIX", "CUDA", "HIP", "METAL", "ONEAPI")  # the quickest first


class BlenderStage:
    """A stage built in Blender, which has one scene: a new stage ends the one before.

    Raises:
        InputError: the style wants a GPU, and there is none that Cycles can use.
    """

    def __init__(self, bpy: Any, stage: Stage) -> None:
        self._bpy, self._stage, self._cloud = bpy, stage, None
        bpy.ops.wm.read_factory_settings(use_empty=True)
        _set_up(bpy, stage.style)
        soft = stage.style.light is Light.SOFT
        shaded = stage.cloud is not None and stage.cloud.normals is not None
        self._cloud_material = cloud_material(bpy, soft, shaded)
        self._mesh_material = mesh_material(bpy, soft)
        self._meshes = [add_mesh(bpy, mesh, self._mesh_material) for mesh in stage.meshes]
        self._sun = _light(bpy, _diagonal(stage)) if soft else None
        self._ground = _lay_ground(bpy, stage) if soft and stage.style.shadow else None

    def render(self, shot: Shot) -> npt.NDArray[np.uint8]:
        """(H, W, 4) sRGB and opacity, not premultiplied."""
        self._show(shot)
        pose = shot.world_from_camera
        if shot.intrinsics is None:
            assert shot.width_m is not None, "an orthographic view tells how much it sees"
            place_orthographic_camera(self._bpy, shot.width_m, pose, shot.size_px)
        else:
            place_camera(self._bpy, shot.intrinsics, pose, shot.size_px)
        set_hatching(self._mesh_material, shot.size_px, self._stage.hatch_px)
        if self._sun is not None:
            _turn(self._sun, pose)
        return _rendered(self._bpy)

    def _show(self, shot: Shot) -> None:
        if self._cloud is not None:
            remove(self._bpy, self._cloud)
            self._cloud = None
        cloud = self._stage.cloud
        if shot.cloud and cloud is not None:
            shown = visible_points(cloud, shot)
            if shown.any():
                shape = self._stage.style.points
                self._cloud = add_cloud(self._bpy, cloud.some(shown), shape, self._cloud_material)
        if self._ground is not None:
            self._ground.hide_render = not shot.cloud  # things alone are alone
        for number, mesh in enumerate(self._meshes):
            mesh.hide_render = shot.meshes is not None and number not in shot.meshes


def _set_up(bpy: Any, style: Style) -> None:
    """Cycles, with nothing in it that depends on the time or the machine's cores."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.samples, cycles.seed = style.samples, style.seed
    cycles.use_adaptive_sampling = False
    cycles.max_bounces = cycles.diffuse_bounces = 1 if style.light is Light.SOFT else 0
    # By Open Image Denoise, the default; to name it looks for GPUs and complains that none is here.
    cycles.use_denoising = style.light is Light.SOFT
    cycles.denoising_quality = "BALANCED"
    cycles.device = "CPU"
    if style.device == "gpu":
        _use_gpu(bpy, cycles)
    # The default, AgX, is for films: it turns named colours pale. Dither would change bytes.
    scene.view_settings.view_transform = "Standard"
    scene.render.dither_intensity = 0
    scene.render.film_transparent = True
    image = scene.render.image_settings
    image.file_format, image.color_mode, image.color_depth = "PNG", "RGBA", "8"
    image.compression = 10


def _use_gpu(bpy: Any, cycles: Any) -> None:
    preferences = bpy.context.preferences.addons["cycles"].preferences
    for kind in _GPUS:
        try:
            preferences.compute_device_type = kind
        except TypeError:  # not in this build of Blender
            continue
        preferences.get_devices()
        found = [device for device in preferences.devices if device.type == kind]
        if found:
            for device in preferences.devices:
                device.use = device.type == kind
            cycles.device = "GPU"
            return
    raise InputError("Blender finds no graphics card that it can draw with", do="Use --device cpu.")


def _light(bpy: Any, diagonal_m: float) -> Any:
    """A white sky, shaded in corners, and a soft sun."""
    scene = bpy.context.scene
    world = bpy.data.worlds.new("sky")
    scene.world = world
    if world.node_tree is None:  # before Blender 5
        world.use_nodes = True
    sky = world.node_tree.nodes["Background"]
    sky.inputs["Color"].default_value, sky.inputs["Strength"].default_value = (1, 1, 1, 1), _SKY
    # Light from the sky, except where something is near: an open room stays bright inside.
    scene.cycles.use_fast_gi, scene.cycles.fast_gi_method = True, "REPLACE"
    scene.cycles.ao_bounces_render = 1
    world.light_settings.distance = _SHADE_REACH * diagonal_m
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle = _SUN_W_M2, _SUN_ANGLE_RAD
    holder = bpy.data.objects.new("sun", sun)
    scene.collection.objects.link(holder)
    return holder


def _turn(sun: Any, pose: npt.NDArray[np.float64]) -> None:
    """Let the sun shine over the camera's left shoulder."""
    from mathutils import Vector

    towards = pose[:3, :3] @ np.array(_SUN_ALONG) + np.array([0, 0, 1.0])
    sun.rotation_euler = Vector(towards).to_track_quat("Z", "Y").to_euler()


def _lay_ground(bpy: Any, stage: Stage) -> Any:
    """A ground that is not seen, only the shadow on it; no larger than that, for it takes time."""
    low, high = _bounds(stage)
    beside = _GROUND * _diagonal(stage)
    (left, front, _), (right, back, _) = low - beside, high + beside
    corners = np.array([[left, front], [right, front], [right, back], [left, back]])
    corners = np.pad(corners, ((0, 0), (0, 1)), constant_values=stage.floor_m)
    ground = polygons(bpy, corners.astype(np.float32), np.array([[0, 1, 2, 3]], np.int32))
    holder = link(bpy, ground)
    holder.is_shadow_catcher = True
    return holder


def _diagonal(stage: Stage) -> float:
    return float(np.linalg.norm(np.ptp(_bounds(stage), axis=0)))


def _bounds(stage: Stage) -> npt.NDArray[np.float64]:
    """(2, 3) of all there is."""
    corners = [np.stack([p.min(0), p.max(0)]) for p in stage.places() if len(p)]
    both = np.concatenate(corners or [np.array([[-1.0] * 3, [1.0] * 3])]).astype(np.float64)
    return np.stack([both.min(0), both.max(0)])


def _rendered(bpy: Any) -> npt.NDArray[np.uint8]:
    """The scene through its camera. A render's pixels can only be had by way of a file."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "render.png"
        bpy.ops.render.render()
        bpy.data.images["Render Result"].save_render(str(file))
        with Image.open(file) as image:
            return _without_haze(np.array(image.convert("RGBA")))


def _without_haze(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Take off the faint veil that the ground's shadow leaves as far as the horizon."""
    opacity = picture[..., 3].astype(np.float32)
    kept = np.clip((opacity - _HAZE) / (255 - _HAZE), 0, 1)
    picture[..., 3] = np.rint(255 * kept)
    return picture
