"""A mesh, a cloud or a photo as a recording: what has no posed images gets some."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.fields.rendered_views import photographer_of, surface_sample
from lexel.fields.viewpoints import choose_viewpoints
from lexel.geometry.cameras import back_project, look_at
from lexel.geometry.transforms import apply, invert
from lexel.io.recording import RawView, Recording, Up
from lexel.io.words_file import Words
from lexel.pipelines.posed_views import PosedViews
from lexel.progress import Progress, track
from lexel.scene import Geometry, View

_MIN_SHARE = 0.1  # of a picture that shows anything, to be worth reading
_PHOTO_DEPTH_M = 1.0
_PHOTO_POSE = look_at(np.array([0.0, 0, 0.5]), np.array([1.0, 0, 0.5]))


def views_of_geometry(
    geometry: Geometry, path: Path, words: Words, progress: Progress
) -> PosedViews:
    """Pictures of a mesh or cloud, from within and from around; `words` came with it.

    Raises:
        SceneError: nothing of it is to be seen.
    """
    take = photographer_of(geometry)
    poses = choose_viewpoints(surface_sample(geometry))
    taken = [take(pose) for pose in track(poses, "choosing viewpoints", progress)]
    kept = [view for view in taken if (view.depth_m > 0).mean() >= _MIN_SHARE]
    if not kept:
        raise SceneError("nothing of it is to be seen", where=path)
    source_from_world = invert(geometry.world_from_source)

    def read_pose(index: int) -> npt.NDArray[np.float64]:
        return np.asarray(source_from_world @ kept[index].world_from_camera)

    def read_view(index: int) -> RawView:
        return _raw(kept[index], f"{path}, view {index}", read_pose(index))

    recording = Recording(
        path=path,
        kind=geometry.kind,
        name=words.name or geometry.name,
        num_views=len(kept),
        up=Up.Z,
        read_view=read_view,
        read_pose=read_pose,
        labels=words.labels,
        declares_labels=words.declares_labels,
        synthetic=words.synthetic,
    )
    return PosedViews(recording, geometry.world_from_source, progress)


def views_of_photo(rgb: npt.NDArray[np.uint8], path: Path, progress: Progress) -> PosedViews:
    """A photo as the one view of a picture that hangs a metre away and is a metre wide or high."""
    view, pose = _hang(rgb), _PHOTO_POSE
    recording = Recording(
        path=path,
        kind="photo",
        name=path.stem,
        num_views=1,
        up=Up.Z,
        read_view=lambda index: _raw(view, str(path), pose),
        read_pose=lambda index: pose,
    )
    return PosedViews(recording, np.eye(4), progress)


def photo_places(shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """(H, W, 3) where the pixels of a photo of `shape` (H, W) hang in the world."""
    view = _hang(np.zeros((*shape, 3), np.uint8))
    places = apply(_PHOTO_POSE, back_project(view.depth_m, view.intrinsics))
    return np.asarray(places, np.float32)


def _hang(rgb: npt.NDArray[np.uint8]) -> View:
    height, width = rgb.shape[:2]
    focal = float(max(width, height))
    k = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    depth = np.full((height, width), _PHOTO_DEPTH_M, np.float32)
    return View(rgb, depth, k, _PHOTO_POSE)


def _raw(view: View, where: str, source_from_camera: npt.NDArray[np.float64]) -> RawView:
    return RawView(where, view.rgb, view.depth_m, view.intrinsics, source_from_camera)
