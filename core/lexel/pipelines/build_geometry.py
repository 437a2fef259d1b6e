"""The geometry of a field: depth of all views fused into points, view by view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.depth_camera import DepthCamera
from lexel.geometry.settling import SettlingVotes
from lexel.geometry.sparse_tsdf import SparseTsdf
from lexel.geometry.surface_points import SurfacePoints, find_surface
from lexel.geometry.transforms import invert
from lexel.pipelines.posed_views import PosedViews
from lexel.pipelines.workshop import Workshop, run_stage
from lexel.progress import Progress

_STAGE, _SETTLING = "fusing depth", "settling points"
_POINTS = "points"


def fuse_depth(
    views: PosedViews, voxel_size_m: float, workshop: Workshop, progress: Progress
) -> SurfacePoints:
    """The surface that all views agree on, one point per voxel.

    Raises:
        SceneError: no view has any depth that can be used.
    """
    if (kept := workshop.load(_POINTS)) is not None:
        return SurfacePoints(**kept)
    stored = workshop.load(_STAGE)
    start = 0 if stored is None else int(stored.pop("next"))
    tsdf = SparseTsdf(voxel_size_m) if stored is None else SparseTsdf.from_state(stored)

    def fuse(index: int) -> None:
        if (view := views.get(index)) is not None:
            tsdf.integrate(view.rgb, view.depth_m, view.intrinsics, view.world_from_camera)

    run_stage(workshop, _STAGE, len(views), fuse, tsdf.state, start, progress)
    points = find_surface(tsdf)
    if not len(points):
        raise SceneError(
            "no surface came out of its depth",
            where=views.recording.path,
            do="Run lexel doctor on it: depth may be missing, or cameras misplaced.",
        )
    settled = settle_points(points, views, voxel_size_m, workshop, progress)
    workshop.save(_POINTS, vars(settled))
    for stage in (_STAGE, _SETTLING):
        workshop.drop(stage)
    return settled


def settle_points(
    points: SurfacePoints,
    views: PosedViews,
    voxel_size_m: float,
    workshop: Workshop,
    progress: Progress,
) -> SurfacePoints:
    """The points where most views, not their mean, see the surface."""
    votes = SettlingVotes(len(points), voxel_size_m)
    stored, start = workshop.load(_SETTLING), 0
    if stored is not None:
        start, votes.counts = int(stored["next"]), stored["counts"]

    def vote(index: int) -> None:
        if (view := views.get(index)) is not None:
            pose = view.world_from_camera
            camera = DepthCamera(view.rgb, view.depth_m, view.intrinsics, invert(pose))
            votes.add(camera, points.xyz_m, points.normal, pose)

    def state() -> dict[str, npt.NDArray[np.float32]]:
        return {"counts": votes.counts}

    run_stage(workshop, _SETTLING, len(views), vote, state, start, progress)
    return replace(points, xyz_m=points.xyz_m + votes.shifts()[:, None] * points.normal)


def lab_of(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(N, 3) CIE Lab of sRGB colours."""
    from skimage.color import rgb2lab

    return np.asarray(rgb2lab(rgb[None])[0], np.float32)
