"""Z up, floor at zero, and inside the networks' 2 m box: said aloud."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, SceneError
from lexel.geometry.cameras import back_project
from lexel.geometry.floor import find_floor, find_floor_height, guess_up
from lexel.geometry.placement import MIN_SHARE_IN_BOX, place_in_box, share_in_box
from lexel.geometry.transforms import apply, from_rotation, level, split_similarity
from lexel.io.check_camera import check_pose
from lexel.io.normalise import normalise
from lexel.io.notes import Notes
from lexel.io.recording import Recording, Up
from lexel.scene import View

Float = npt.NDArray[np.float64]

_MAX_POSES = 200  # of a recording, to guess up from
_MAX_VIEWS = 16  # of a recording, to find its floor in
_POINTS_PER_VIEW = 2_500
_TILT_MANY_RAD = 0.6  # how wrong up guessed from poses may be: many views, or one
_TILT_ONE_RAD = 0.9
_LEANS_DEG = 2.0  # a floor that leans more is worth a note

# (4, 4) rotations from worlds with another axis up.
Z_UP_FROM: dict[Up, Float] = {
    Up.Z: np.eye(4),
    Up.Y: from_rotation([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]),
    Up.MINUS_Y: from_rotation([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]),
}


def valid_points(view: View) -> npt.NDArray[np.float32]:
    """(N, 3) float32, world frame: where the view's depth lies."""
    points, valid = _points(view)
    return points[valid]


def valid_pixels(view: View) -> npt.NDArray[np.bool_]:
    """(H, W): which pixels `valid_points` are of. Views of `reference` mode may hold any depth."""
    return _points(view)[1]


def _points(view: View) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is left out
        points = apply(view.world_from_camera, back_project(view.depth_m, view.intrinsics))
    return points.astype(np.float32, copy=False), (view.depth_m > 0) & np.isfinite(points).all(
        axis=-1
    )


def find_world(recording: Recording, index: int, view: View, notes: Notes) -> Float:
    """(4, 4) rigid world_from_source: identity when the source is Z up already."""
    where = str(recording.path)
    if recording.up in Z_UP_FROM:
        if recording.up is not Up.Z:
            notes.note(where, f"its world is {recording.up.upper()} up and was turned Z up")
        return Z_UP_FROM[recording.up].copy()
    cloud, centres = _cloud_of_many(recording, index, view)
    many = recording.num_views > 1
    floor = find_floor(
        cloud,
        guess_up(_poses(recording, view)),
        centres,
        max_tilt_rad=_TILT_MANY_RAD if many else _TILT_ONE_RAD,
    )
    found = "floor found" if floor.seen else "no floor seen, the lowest points were taken for it"
    notes.repaired(
        where,
        f"its world does not say which way is up; {found} in {len(centres)} "
        f"{'views' if many else 'view'}, turned Z up with the floor at 0",
        "" if floor.seen else "Check that the result stands upright.",
    )
    return level(floor.up, floor.height_m)


def find_box(
    recording: Recording, index: int, view: View, world_from_source: Float, notes: Notes
) -> Float:
    """(4, 4) box_from_world for a view in its world: identity when it lies there already."""
    points, where = valid_points(view), str(recording.path)
    share = share_in_box(points)
    if share >= MIN_SHARE_IN_BOX and recording.up is Up.Z:
        return np.eye(4)
    height = 0.0
    if recording.up is not Up.UNKNOWN:  # there the floor is at 0 by construction
        cloud, _ = _cloud_of_many(recording, index, view, world_from_source)
        height, seen = find_floor_height(cloud)
        _note_lean(cloud, view, where, notes)
        if not seen:
            notes.warn(where, "no floor was seen; the lowest points were taken for it")
    box_from_world = place_in_box(points, view.world_from_camera, height)
    rigid, scale = split_similarity(box_from_world)
    turned = round(float(np.degrees(np.arctan2(rigid[1, 0], rigid[0, 0]))))
    size = f", shrunk to {scale:.0%}" if scale < 1 else ""
    notes.repaired(
        where,
        f"{share:.1%} of its points lie in the networks' 2 m box ({MIN_SHARE_IN_BOX:.0%} are "
        f"needed, looking along +x); for them it is turned by {turned} degrees, its floor at "
        f"{height:.2f} m put to 0{size}: {share_in_box(apply(box_from_world, points)):.1%} inside",
        "Results come back in the scene's own metres.",
    )
    return box_from_world


def move_view(view: View, world_from_source: Float) -> View:
    """The view with its camera in the world instead of the source frame."""
    pose = world_from_source @ view.world_from_camera
    return View(view.rgb, view.depth_m, view.intrinsics, pose)


def _note_lean(cloud: Float, view: View, where: str, notes: Notes) -> None:
    floor = find_floor(cloud, (0.0, 0.0, 1.0), view.world_from_camera[:3, 3], max_tilt_rad=0.3)
    lean = float(np.degrees(np.arccos(min(1.0, floor.up[2]))))
    if floor.seen and lean > _LEANS_DEG:
        notes.note(where, f"its floor leans by {lean:.0f} degrees against its z axis")


def _cloud_of_many(
    recording: Recording, index: int, view: View, world_from_source: Float | None = None
) -> tuple[Float, Float]:
    """Some points (N, 3) of views all over the recording, and the cameras' centres (M, 3)."""
    views = [view]
    for i in np.unique(np.linspace(0, recording.num_views - 1, _MAX_VIEWS).astype(int)):
        if i == index:
            continue
        try:  # a view that is broken is no reason not to use another
            other = normalise(recording.read_view(int(i)), Notes())
        except InputError:
            continue
        moved = other if world_from_source is None else move_view(other, world_from_source)
        views.append(moved)
    points = [valid_points(v) for v in views]
    some = [p[:: max(1, len(p) // _POINTS_PER_VIEW)] for p in points]
    centres = np.array([v.world_from_camera[:3, 3] for v in views])
    return np.concatenate(some).astype(np.float64), centres


def _poses(recording: Recording, view: View) -> Float:
    poses = [view.world_from_camera]
    for i in np.unique(np.linspace(0, recording.num_views - 1, _MAX_POSES).astype(int)):
        try:
            poses.append(check_pose(recording.read_pose(int(i)), "", Notes()))
        except SceneError:
            continue
    return np.array(poses)
