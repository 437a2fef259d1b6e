"""Replica as rendered for iMAP and NICE-SLAM: `traj.txt` and `results/`.

`results/frame000000.jpg`, `results/depth000000.png` (16 bit, 1 / `scale` metres), a line of 16
numbers for each frame in `traj.txt` (world from camera, OpenCV), and `cam_params.json` beside or
one folder up: {"camera": {w, h, fx, fy, cx, cy, scale}}, pixel centres at integers. Z is up.
"""

from __future__ import annotations

from pathlib import Path

from lexel.errors import SceneError
from lexel.geometry.cameras import intrinsics_from_published
from lexel.io.check_image import size_px
from lexel.io.depth_files import DepthFile
from lexel.io.json_files import read_json_object
from lexel.io.notes import Notes
from lexel.io.number_text import numbers, read_rows
from lexel.io.posed_frames import LOST, Camera, Float, Frame, frames_recording
from lexel.io.recording import Recording, Up

TRAJECTORY_FILE = "traj.txt"
_CAMERA_FILE = "cam_params.json"
_CAMERA_KEYS = ("w", "h", "fx", "fy", "cx", "cy", "scale")
_FRAME = "frame"
_COLOURS = (".jpg", ".png")
_NO_DEPTH = "Add results/depth000000.png and so on, as NICE-SLAM's download has them."


def open_replica(folder: Path) -> Recording:
    """The recording in a folder with `traj.txt`: frames in the order of their numbers."""
    camera, unit_m = _camera(folder)
    poses = [_pose(where, words) for where, words in read_rows(folder / TRAJECTORY_FILE)]
    frames = [
        Frame(
            where=str(image),
            colour=image,
            depth=DepthFile(image.with_name(f"depth{image.stem.removeprefix(_FRAME)}.png"), unit_m),
            camera=camera,
            world_from_camera=pose,
        )
        for image, pose in zip(_images(folder / "results", len(poses)), poses, strict=True)
    ]
    return frames_recording(folder, "Replica, NICE-SLAM layout", frames, Up.Z, Notes(), _NO_DEPTH)


def _images(results: Path, num_poses: int) -> list[Path]:
    """An image for each line of `traj.txt`: that of the line's number, though it be missing.

    Only where numbers go beyond the lines, and there are as many images, do they go by order.
    """
    found = {
        int(number): file
        for file in sorted(results.glob(f"{_FRAME}*"))
        if file.suffix in _COLOURS and (number := file.stem.removeprefix(_FRAME)).isdecimal()
    }
    if not found:
        raise SceneError("holds no frames", where=results, do="Name them frame000000.jpg ….")
    if max(found) >= num_poses == len(found):
        return [found[number] for number in sorted(found)]
    return [found.get(i, results / f"{_FRAME}{i:06d}.jpg") for i in range(num_poses)]


def _camera(folder: Path) -> tuple[Camera, float]:
    """The camera, and metres of one depth unit."""
    places = (folder / _CAMERA_FILE, folder.resolve().parent / _CAMERA_FILE)
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise SceneError(
            f"has no {_CAMERA_FILE}, neither inside nor beside it",
            where=folder,
            do="Copy it there: it holds the intrinsics and the unit of depth.",
        )
    content = read_json_object(file)
    values = content.get("camera", content)
    if not isinstance(values, dict):
        raise SceneError("should hold an object named camera", where=file, got=values)
    width, height, fx, fy, cx, cy, scale = numbers(
        [values.get(key) for key in _CAMERA_KEYS], 7, f"{file}, {', '.join(_CAMERA_KEYS)}"
    )
    if scale <= 0:
        raise SceneError("should be positive", where=f"{file}, scale", got=scale)
    k = intrinsics_from_published([[fx, 0, cx], [0, fy, cy], [0, 0, 1]])
    return Camera(k, size_px(width, height, f"{file}, w, h")), 1.0 / scale


def _pose(where: str, words: list[str]) -> Float:
    try:
        return numbers(words, 16, where).reshape(4, 4)
    except SceneError:
        return LOST
