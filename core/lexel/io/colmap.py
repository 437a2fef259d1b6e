"""COLMAP: a workspace with a model (`sparse/`, `sparse/0/`), `images/` and depth.

Depth is COLMAP's own (`stereo/depth_maps/NAME.geometric.bin`, in the model's unit), else 16-bit
PNG in millimetres or .npy in metres beside the images: `depth/NAME.png`, the suffix of NAME
replaced. COLMAP's worlds have no scale and no up. Sensor depth gives the scale: the model's
points are compared with it, and one scale holds for poses and COLMAP's own depth of the whole
model. Otherwise lengths are taken as they are, and this is said.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from lexel.errors import SceneError
from lexel.io.colmap_model import ModelImage, model_suffix, read_model
from lexel.io.colmap_scale import measure_scale
from lexel.io.depth_files import DepthFile
from lexel.io.inner_paths import inner_path
from lexel.io.notes import Notes
from lexel.io.posed_frames import Frame, frames_recording
from lexel.io.recording import Recording, Up

# Where a folder that is one holds its cameras.
MODEL_FILES = (
    "cameras.*",
    "sparse/cameras.*",
    "sparse/*/cameras.*",
    "dense/sparse/cameras.*",
    "dense/*/sparse/cameras.*",
)
_WORKSPACES = ("", "dense", "dense/0")
_MODELS = ("sparse", "sparse/0", "")
_IMAGES = "images"
_OWN_DEPTH = "stereo/depth_maps"
_SENSOR_DEPTHS = ("depth", "depths", "depth_maps")
_SENSOR_UNITS_M = {".png": 0.001, ".npy": 1.0}
_NO_DEPTH = (
    "Lexel builds from depth. Run colmap image_undistorter, patch_match_stereo and stereo_fusion "
    "and give the dense folder, or put depth of a sensor beside the images as depth/NAME.png "
    "(16 bit, millimetres)."
)


def open_colmap(folder: Path) -> Recording:
    """The recording in a COLMAP workspace, or in a project that holds a dense one."""
    found = _workspaces(folder)
    if not found:
        raise SceneError(
            "holds cameras of COLMAP, but no images.bin or images.txt beside them",
            where=folder,
            do="Export the whole model: cameras, images and points3D.",
        )
    dense = [place for place in found if (place[0] / _OWN_DEPTH).is_dir()]
    workspace, model = (dense or found)[0]
    images = read_model(model)
    notes = Notes()
    frames = [_frame(workspace, image) for image in images]
    frames = _in_metres(frames, images, model, folder, notes)
    return frames_recording(folder, "COLMAP model", frames, Up.UNKNOWN, notes, _NO_DEPTH)


def _workspaces(folder: Path) -> list[tuple[Path, Path]]:
    """(workspace with images, folder of its model), wherever there is a model."""
    return [
        (folder / place, folder / place / below)
        for place in _WORKSPACES
        for below in _MODELS
        if model_suffix(folder / place / below)
    ]


def _frame(workspace: Path, image: ModelImage) -> Frame:
    where = f"{workspace / _IMAGES}, {image.name}"
    return Frame(
        where=where,
        colour=inner_path(workspace / _IMAGES, image.name, where),
        depth=_depth(workspace, image.name),
        camera=image.camera,
        world_from_camera=image.world_from_camera,
    )


def _depth(workspace: Path, name: str) -> DepthFile | None:
    own = inner_path(workspace / _OWN_DEPTH, f"{name}.geometric.bin", workspace)
    if own.is_file():
        return DepthFile(own, 1.0)
    for place in _SENSOR_DEPTHS:
        picture = inner_path(workspace / place, name, workspace)
        for suffix, unit_m in _SENSOR_UNITS_M.items():
            if (file := picture.with_suffix(suffix)).is_file():
                return DepthFile(file, unit_m)
    return None


def _in_metres(
    frames: list[Frame], images: list[ModelImage], model: Path, folder: Path, notes: Notes
) -> list[Frame]:
    """Frames in metres when sensor depth tells the model's unit; else as they are, and said so."""
    sensor = [
        (frame, image)
        for frame, image in zip(frames, images, strict=True)
        if frame.depth is not None and not _in_model_unit(frame.depth)
    ]
    scale = measure_scale(sensor, model) if sensor else None
    if scale is None:
        notes.warn(
            str(folder),
            "COLMAP's unit of length is arbitrary; it was taken for a metre",
            "Scale the model with colmap model_aligner, or lengths and sizes will be wrong.",
        )
        return _without_other_units(frames, folder, notes)
    notes.repaired(
        str(folder),
        f"COLMAP's unit of length is {scale:.4g} m by the depth images, and was made metres",
    )
    return [_scaled(frame, scale) for frame in frames]


def _in_model_unit(depth: DepthFile) -> bool:
    return depth.path.suffix == ".bin"


def _scaled(frame: Frame, scale: float) -> Frame:
    """Pose and COLMAP's own depth have the model's unit; depth of a sensor has metres already."""
    pose, depth = frame.world_from_camera.copy(), frame.depth
    pose[:3, 3] *= scale
    if depth is not None and _in_model_unit(depth):
        depth = replace(depth, unit_m=scale)
    return replace(frame, world_from_camera=pose, depth=depth)


def _without_other_units(frames: list[Frame], folder: Path, notes: Notes) -> list[Frame]:
    """Only COLMAP's own depth where there is any: nobody knows what it is in a sensor's metres."""
    kept = [
        frame if frame.depth is None or _in_model_unit(frame.depth) else replace(frame, depth=None)
        for frame in frames
    ]
    if all(frame.depth is None for frame in kept):
        return frames
    dropped = sum(a is not b for a, b in zip(kept, frames, strict=True))
    if dropped:
        notes.warn(
            str(folder),
            f"{dropped:,} depth images are a sensor's, in metres, which the others are not; they "
            "are not used",
            "Give depth of one kind for all images.",
        )
    return kept
