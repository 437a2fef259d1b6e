"""RGB-D folders in the layout of Microsoft's 7-Scenes.

`frame-000000.color.png` (or .jpg), `frame-000000.depth.png` (16 bit, millimetres; 0 and 65535 are
no depth), `frame-000000.pose.txt` (4 x 4 world from camera), `camera-intrinsics.txt` (pixel
centres at integers). The world is the first camera's (Y down), so up must be found. A
`scene.json` beside them may bring labels and descriptions.
"""

from __future__ import annotations

from pathlib import Path

from lexel.errors import SceneError
from lexel.geometry.cameras import intrinsics_from_published
from lexel.io.depth_files import DepthFile, read_depth
from lexel.io.images import decode_rgb
from lexel.io.number_text import read_matrix
from lexel.io.recording import RawView, Recording, Up
from lexel.io.words_file import read_words

INTRINSICS_FILE = "camera-intrinsics.txt"
_DEPTH = ".depth.png"
_COLOURS = (".color.png", ".color.jpg", ".color.jpeg")
_MILLIMETRES = 0.001


def open_seven_scenes(folder: Path) -> Recording:
    """The recording in a folder: frames that have depth, in the order of their names."""
    frames = sorted(
        name.name.removesuffix(_DEPTH) for name in folder.iterdir() if name.name.endswith(_DEPTH)
    )
    if not frames:
        raise SceneError(
            f"holds no frames: no file ends in {_DEPTH}",
            where=folder,
            do="Name them frame-000000.color.jpg, frame-000000.depth.png, frame-000000.pose.txt.",
        )
    words = read_words(folder)
    return Recording(
        path=folder,
        kind="RGB-D folder (7-Scenes layout)",
        name=words.name or folder.resolve().name,
        num_views=len(frames),
        up=Up.UNKNOWN,
        read_view=lambda i: _view(folder, frames[i]),
        read_pose=lambda i: read_matrix(folder / f"{frames[i]}.pose.txt"),
        labels=words.labels,
        descriptions=words.descriptions,
        declares_labels=words.declares_labels,
        synthetic=words.synthetic,
    )


def _view(folder: Path, frame: str) -> RawView:
    colour, depth = _colour_file(folder, frame), folder / f"{frame}{_DEPTH}"
    return RawView(
        where=str(folder / frame),
        rgb=decode_rgb(colour, colour),
        depth_m=read_depth(DepthFile(depth, _MILLIMETRES)),
        intrinsics=intrinsics_from_published(read_matrix(folder / INTRINSICS_FILE)),
        world_from_camera=read_matrix(folder / f"{frame}.pose.txt"),
        names=("color", "depth", INTRINSICS_FILE, "pose"),
    )


def _colour_file(folder: Path, frame: str) -> Path:
    for suffix in _COLOURS:
        if (file := folder / f"{frame}{suffix}").is_file():
            return file
    raise SceneError(
        "has no colour image", where=folder / frame, do=f"Add one of {', '.join(_COLOURS)}."
    )
