"""RGB-D recordings in the layout of the TUM benchmark, ETH3D SLAM's and Bonn's among them.

`rgb.txt` and `depth.txt` list `timestamp file`, `groundtruth.txt` lists
`timestamp tx ty tz qx qy qz qw` (world from the colour camera, OpenCV). They are recorded apart
and meet here within 20 ms. Depth is 16 bit, 5000 units a metre, on the colour's pixels.
Intrinsics are the published ones of freiburg1, 2 and 3, by the folder's name, or those of
`calibration.txt` (`fx fy cx cy`, perhaps `k1 k2 p1 p2 k3`), pixel centres at integers.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from lexel.errors import SceneError
from lexel.geometry.cameras import intrinsics_from_published
from lexel.geometry.lenses import STRAIGHT, Lens
from lexel.geometry.transforms import from_quaternion, from_rotation
from lexel.io.depth_files import DepthFile
from lexel.io.inner_paths import inner_path
from lexel.io.notes import Notes
from lexel.io.number_text import numbers, read_rows
from lexel.io.posed_frames import Camera, Float, Frame, frames_recording
from lexel.io.recording import Recording, Up

COLOUR_LIST = "rgb.txt"
_DEPTH_LIST, _POSES, _CALIBRATION = "depth.txt", "groundtruth.txt", "calibration.txt"
_UNIT_M = 1 / 5000
_MAX_APART_S = 0.02
_NO_DEPTH = "Add the images that depth.txt lists."
# As published with the benchmark: fx fy cx cy and the lens; freiburg3 is undistorted.
_PUBLISHED = {
    "1": (
        (517.306408, 516.469215, 318.643040, 255.313989),
        Lens((0.262383, -0.953104, 1.163314), tangential=(-0.005358, 0.002628)),
    ),
    "2": (
        (520.908620, 521.007327, 325.141442, 249.701764),
        Lens((0.231222, -0.784899, 0.917205), tangential=(-0.003257, -0.000105)),
    ),
    "3": ((535.4, 539.2, 320.1, 247.6), STRAIGHT),
}
_KINECT = (525.0, 525.0, 319.5, 239.5)  # as its driver says when nobody calibrated it
_KINECT_SIZE_PX = (640, 480)


def open_tum(folder: Path) -> Recording:
    """The recording in a folder with `rgb.txt`: colour images that have depth and a pose."""
    notes = Notes()
    freiburg = re.search(r"freiburg([123])", folder.resolve().name)
    camera = _camera(folder, freiburg.group(1) if freiburg else None, notes)
    colour_s, colours = _read_list(folder, COLOUR_LIST)
    depth_s, depths = _read_list(folder, _DEPTH_LIST)
    pose_s, poses = _read_poses(folder / _POSES)
    depth_of, pose_of = _nearest(colour_s, depth_s), _nearest(colour_s, pose_s)
    met = np.flatnonzero((depth_of >= 0) & (pose_of >= 0))
    _note_unmet(len(met), len(colours), folder, notes)
    frames = [
        Frame(
            where=str(colours[i]),
            colour=colours[i],
            depth=DepthFile(depths[depth_of[i]], _UNIT_M),
            camera=camera,
            world_from_camera=poses[pose_of[i]],
        )
        for i in met
    ]
    up = Up.Z if freiburg else Up.UNKNOWN
    return frames_recording(folder, "TUM RGB-D recording", frames, up, notes, _NO_DEPTH)


def _camera(folder: Path, freiburg: str | None, notes: Notes) -> Camera:
    file = folder / _CALIBRATION
    if file.is_file():
        return _calibrated(file)
    if freiburg:
        pinhole, lens = _PUBLISHED[freiburg]
        return Camera(_intrinsics(*pinhole), _KINECT_SIZE_PX, lens)
    notes.warn(
        str(folder),
        "its intrinsics are not known; those of an uncalibrated Kinect are used "
        f"({', '.join(f'{value:g}' for value in _KINECT)})",
        f"Add {_CALIBRATION} with fx fy cx cy.",
    )
    return Camera(_intrinsics(*_KINECT), _KINECT_SIZE_PX)


def _calibrated(file: Path) -> Camera:
    words = [word for _, row in read_rows(file) for word in row]
    if len(words) not in (4, 9):
        raise SceneError(
            "should hold fx fy cx cy, perhaps with k1 k2 p1 p2 k3", where=file, got=words
        )
    fx, fy, cx, cy, *bends = numbers(words, len(words), file).tolist()
    if not any(bends):
        return Camera(_intrinsics(fx, fy, cx, cy))
    k1, k2, p1, p2, k3 = bends
    return Camera(_intrinsics(fx, fy, cx, cy), lens=Lens((k1, k2, k3), tangential=(p1, p2)))


def _intrinsics(fx: float, fy: float, cx: float, cy: float) -> Float:
    return intrinsics_from_published([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])


def _read_list(folder: Path, name: str) -> tuple[Float, list[Path]]:
    """Times (N,) in seconds, rising, and the files of those times."""
    entries: list[tuple[float, Path]] = []
    for where, words in read_rows(folder / name, 2):
        if len(words) != 2:
            raise SceneError("should be a time and a file", where=where, got=words)
        (time,) = numbers(words[:1], 1, where)
        entries.append((float(time), inner_path(folder, words[1], where)))
    if not entries:
        raise SceneError("lists nothing", where=folder / name)
    entries.sort(key=lambda entry: entry[0])
    return np.array([time for time, _ in entries]), [file for _, file in entries]


def _read_poses(file: Path) -> tuple[Float, Float]:
    """Times (N,) in seconds, rising, and poses (N, 4, 4)."""
    rows = [numbers(words, 8, where) for where, words in read_rows(file)]
    if not rows:
        raise SceneError("lists no poses", where=file)
    table = np.array(rows)
    table = table[np.argsort(table[:, 0], kind="stable")]
    poses = [from_rotation(from_quaternion(row[[7, 4, 5, 6]]), row[1:4]) for row in table]
    return table[:, 0], np.array(poses)


def _nearest(wanted_s: Float, given_s: Float) -> np.ndarray:
    """(N,) index of the given time nearest to each wanted one; -1 when all are too far."""
    after = np.searchsorted(given_s, wanted_s).clip(0, len(given_s) - 1)
    before = (after - 1).clip(0)
    nearer = np.where(
        np.abs(given_s[before] - wanted_s) <= np.abs(given_s[after] - wanted_s), before, after
    )
    return np.where(np.abs(given_s[nearer] - wanted_s) <= _MAX_APART_S, nearer, -1)


def _note_unmet(num_met: int, num_all: int, folder: Path, notes: Notes) -> None:
    apart = f"{_MAX_APART_S * 1000:.0f} ms"
    if not num_met:
        raise SceneError(
            f"has no colour image with depth and a pose within {apart}",
            where=folder,
            do="Are the times of rgb.txt, depth.txt and groundtruth.txt of one clock?",
        )
    if num_met < num_all:
        notes.repaired(
            str(folder),
            f"{num_all - num_met:,} of {num_all:,} colour images have no depth or no pose within "
            f"{apart} and were left out",
        )
