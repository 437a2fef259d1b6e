"""A camera that goes from place to place: a few poses in a file, and the frames between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.check_camera import check_rigid
from lexel.io.json_files import read_json_list
from lexel.io.typed_json import objects_of

Poses = npt.NDArray[np.float64]


def load_camera_path(path: Path) -> Poses:
    """(P, 4, 4) world_from_camera of one place or more: a JSON list of `{"world_from_camera": …}`.

    `views/views.json` of a field is one.

    Raises:
        SceneError: it is none.
    """
    places = objects_of(read_json_list(path), path)
    poses = [place.array("world_from_camera", (4, 4)) for place in places]
    for number, pose in enumerate(poses):
        check_rigid(pose, f"{path}, [{number}].world_from_camera")
    if not poses:
        raise SceneError("there is no camera in it", where=path, do="Name one place at least.")
    return np.stack(poses)


def between(poses: Poses, num_frames: int) -> list[npt.NDArray[np.float64]]:
    """`num_frames` poses from the first to the last, each part of the way as long as another."""
    from scipy.spatial.transform import Rotation, Slerp

    if len(poses) == 1:
        return [poses[0]] * num_frames
    at, when = np.arange(len(poses)), np.linspace(0, len(poses) - 1, num_frames)
    turned = Slerp(at, Rotation.from_matrix(poses[:, :3, :3]))(when).as_matrix()
    moved = np.stack([np.interp(when, at, poses[:, axis, 3]) for axis in range(3)], axis=1)
    frames = np.tile(np.eye(4), (num_frames, 1, 1))
    frames[:, :3, :3], frames[:, :3, 3] = turned, moved
    return list(frames)
