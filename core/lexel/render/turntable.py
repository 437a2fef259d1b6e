"""Turntables: an answer seen from all around, drawn on the CPU without a display."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.geometry.spacing import neighbour_gaps
from lexel.io.atomic import replacing_file
from lexel.io.stamp import MEANINGLESS
from lexel.io.video import write_mp4
from lexel.progress import Progress, Silent
from lexel.render.finish import finish
from lexel.render.legend import draw_legend, panel_width, paste_legend
from lexel.render.mesh_model import MeshModel, prepare_meshes
from lexel.render.orbit import Camera, orbit_cameras, robust_bounds
from lexel.render.passes import Points, blank_canvas, draw_meshes, draw_points
from lexel.render.score_ramp import fade_colours, tinted_ramp
from lexel.scene import Answer, AnswerKind
from lexel.scene.colour_ramp import unit_scale

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_DRAWN_POINTS = 100_000
_FRAMES_PER_SECOND = 24
_THREADS = 2  # the ray caster takes all cores; the rest of a frame takes one
# The observed cloud is context: its colours step back behind those of what was found.
_FADE = {AnswerKind.COMPLETION: 0.25, AnswerKind.LOCALISATION: 0.65}
# A found place is drawn at least so large, and shines through what hides it.
_SMALLEST_SPOT_M, _GLOW = 0.03, 0.5
_STRAY = 3.5  # times the usual distance between neighbours
_DEPTH_REACH = 0.02  # of the scene's diagonal, for the shade beside nearer things


@dataclass(frozen=True, eq=False)
class _Stage:
    """Everything that stays the same from frame to frame."""

    meshes: MeshModel | None
    points: tuple[Points, ...]
    cameras: list[Camera]
    legend: Image
    reach_m: float


def write_turntable(
    answer: Answer,
    path: Path,
    *,
    num_frames: int = 120,
    size_px: tuple[int, int] = (960, 720),
    progress: Progress | None = None,
) -> Path:
    """Write an `.mp4` in which the camera swings around the scene and comes back.

    One view sees a scene from one side, so the camera keeps to that side.
    """
    progress = progress or Silent()
    size_px = (size_px[0] // 2 * 2, size_px[1] // 2 * 2)  # H.264 wants even sizes
    progress.begin("preparing the turntable", None)
    stage = _prepare(answer, num_frames, size_px)
    frames = _frames(stage, progress)
    return write_mp4(
        path,
        frames,
        size_px,
        frames_per_second=_FRAMES_PER_SECOND,
        comment=MEANINGLESS if answer.meaningless else "made by Lexel",
    )


def render_still(answer: Answer, *, size_px: tuple[int, int] = (960, 720)) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8: the first frame of the turntable."""
    stage = _prepare(answer, 1, size_px)
    return _draw(stage, stage.cameras[0])


def write_still(answer: Answer, path: Path, *, size_px: tuple[int, int] = (960, 720)) -> Path:
    """The first frame as a PNG."""
    from PIL import Image

    picture = Image.fromarray(render_still(answer, size_px=size_px))
    with replacing_file(path) as temporary:
        picture.save(temporary, format="png")
    return path


def _frames(stage: _Stage, progress: Progress) -> Iterator[npt.NDArray[np.uint8]]:
    """The frames in order; a second thread draws the next one meanwhile."""
    progress.begin("drawing the turntable", len(stage.cameras))
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[npt.NDArray[np.uint8]]] = deque()
        for camera in stage.cameras:
            waiting.append(pool.submit(_draw, stage, camera))
            if len(waiting) > _THREADS:
                yield waiting.popleft().result()
                progress.advance()
        while waiting:
            yield waiting.popleft().result()
            progress.advance()


def _draw(stage: _Stage, camera: Camera) -> npt.NDArray[np.uint8]:
    canvas = blank_canvas(camera.size_px)
    if stage.meshes is not None:
        draw_meshes(canvas, stage.meshes, camera)
    for points in stage.points:
        draw_points(canvas, points, camera)
    return paste_legend(finish(canvas, stage.reach_m), stage.legend)


def _prepare(answer: Answer, num_frames: int, size_px: tuple[int, int]) -> _Stage:
    points = (_observed(answer), *_located(answer))
    framed = np.concatenate([answer.scene_points_m, *(found.points_m for found in answer.found)])
    low, high = robust_bounds(framed)
    panel_px = panel_width(size_px) if answer.found else 0
    scene_px = (size_px[0] - panel_px, size_px[1])
    cameras = orbit_cameras(framed, answer.forward, num_frames, scene_px)
    meshes = [(found.mesh, found.colour) for found in answer.found if found.mesh is not None]
    reach_m = _DEPTH_REACH * float(np.linalg.norm(high - low))
    legend = draw_legend(answer, size_px)
    return _Stage(prepare_meshes(meshes), points, cameras, legend, reach_m)


def _observed(answer: Answer) -> Points:
    chosen = _subset(len(answer.scene_points_m))
    points_m, rgb = answer.scene_points_m[chosen], answer.scene_rgb[chosen]
    gap_m = neighbour_gaps(points_m)
    usual = float(np.median(gap_m)) if len(gap_m) else 0.01
    # Depth cameras leave stray points in the air beside edges; they are not drawn.
    kept = gap_m < _STRAY * usual
    faded = fade_colours(rgb, _FADE[answer.kind])
    radius_m = 0.75 * float(np.quantile(gap_m[kept], 0.85)) if kept.any() else usual
    return Points(points_m[kept], faded[kept], radius_m, behind_m=2 * answer.voxel_size_m)


def _located(answer: Answer) -> list[Points]:
    """Clouds of what has no mesh: descriptions."""
    clouds = []
    for found in answer.found:
        if found.mesh is None and not found.empty:
            chosen = _subset(len(found.points_m))
            rgb = tinted_ramp(found.colour, unit_scale(found.score)[chosen])
            # However few the voxels, the place must catch the eye.
            spread_m = _SMALLEST_SPOT_M / len(chosen) ** (1 / 3)
            radius_m = max(0.62 * answer.voxel_size_m, spread_m)
            clouds.append(Points(found.points_m[chosen], rgb, radius_m, glow=_GLOW))
    return clouds


def _subset(num_points: int) -> npt.NDArray[np.intp]:
    if num_points <= MAX_DRAWN_POINTS:
        return np.arange(num_points)
    return np.random.default_rng(0).choice(num_points, MAX_DRAWN_POINTS, replace=False)
