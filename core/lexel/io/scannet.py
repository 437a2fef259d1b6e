"""ScanNet's exported frames: folders `color/`, `depth/`, `pose/`, `intrinsic/`.

`color/N.jpg`, `depth/N.png` (16 bit, millimetres, usually of another size than colour and with
intrinsics of its own), `pose/N.txt` (4 x 4 world from camera; -inf where tracking was lost),
`intrinsic/intrinsic_color.txt` and `intrinsic_depth.txt` (4 x 4, pixel centres at integers).
Colour and depth are seen from one place, so extrinsics are not applied. Z is up.
"""

from __future__ import annotations

from pathlib import Path

from lexel.errors import SceneError
from lexel.geometry.cameras import intrinsics_from_published
from lexel.io.depth_files import DepthFile
from lexel.io.notes import Notes
from lexel.io.number_text import read_matrix
from lexel.io.posed_frames import LOST, Camera, Float, Frame, frames_recording
from lexel.io.recording import Recording, Up

POSES = "pose"
_COLOURS = (".jpg", ".png", ".jpeg")
_INTRINSICS = ("intrinsic", "intrinsics", ".")
_MILLIMETRES = 0.001
_NO_DEPTH = "Export depth too: SensReader's --export_depth_images writes depth/0.png and so on."


def open_scannet(folder: Path) -> Recording:
    """The recording in a folder with `pose/`: frames in the order of their numbers."""
    camera, depth_camera = _camera(folder, "color"), _camera(folder, "depth")
    if camera is None:
        raise SceneError(
            "has no intrinsic/intrinsic_color.txt",
            where=folder,
            do="Export it too: SensReader's --export_intrinsics writes it.",
        )
    files = sorted((folder / POSES).glob("*.txt"), key=lambda file: (len(file.stem), file.stem))
    frames = [
        Frame(
            where=str(file),
            colour=_colour(folder / "color", file.stem),
            depth=DepthFile(folder / "depth" / f"{file.stem}.png", _MILLIMETRES),
            camera=camera,
            world_from_camera=_pose(file),
            depth_camera=depth_camera,
        )
        for file in files
    ]
    return frames_recording(folder, "ScanNet export", frames, Up.Z, Notes(), _NO_DEPTH)


def _camera(folder: Path, kind: str) -> Camera | None:
    for place in _INTRINSICS:
        if (file := folder / place / f"intrinsic_{kind}.txt").is_file():
            return Camera(intrinsics_from_published(read_matrix(file)[:3, :3]))
    return None


def _colour(folder: Path, stem: str) -> Path:
    files = [folder / f"{stem}{suffix}" for suffix in _COLOURS]
    return next((file for file in files if file.is_file()), files[0])


def _pose(file: Path) -> Float:
    """(4, 4); a file that holds no 4 x 4 matrix is one of a lost frame."""
    try:
        pose = read_matrix(file)
    except SceneError:
        return LOST
    return pose if pose.shape == (4, 4) else LOST
