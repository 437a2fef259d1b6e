"""The geometry of a field: depth of all views fused into points, view by view."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.sparse_tsdf import SparseTsdf
from lexel.geometry.surface_points import SurfacePoints, find_surface
from lexel.pipelines.posed_views import PosedViews
from lexel.pipelines.workshop import Workshop, run_stage
from lexel.progress import Progress

_STAGE = "fusing depth"
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
    workshop.save(_POINTS, vars(points))
    workshop.drop(_STAGE)
    return points


def lab_of(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(N, 3) CIE Lab of sRGB colours."""
    from skimage.color import rgb2lab

    return np.asarray(rgb2lab(rgb[None])[0], np.float32)
