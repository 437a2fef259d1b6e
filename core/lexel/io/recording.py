"""What a reader makes of a path: views that are read when asked for, and the words beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from lexel.io.names import title
from lexel.scene import Finding


class Up(StrEnum):
    """Which way is up in the file's world frame."""

    Z = "z"
    Y = "y"
    MINUS_Y = "-y"  # as the first of upright cameras has it
    UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class RawView:
    """One view as the file gives it, renamed to core's terms and not yet checked.

    Attributes:
        where: what to call it in messages: the file, and the view within it.
        rgb: should be (H, W, 3) uint8.
        depth_m: should be (H, W) float32 z-depth in metres, perhaps at another size than rgb.
        intrinsics: should be (3, 3) or (4, 4) K in pixels of `rgb`, pixel centres at +0.5.
        world_from_camera: should be (4, 4) rigid, OpenCV camera.
        resize_px: (width, height) the file asks for, or None.
        names: what the file calls the four, for messages.
    """

    where: str
    rgb: Any
    depth_m: Any
    intrinsics: Any
    world_from_camera: Any
    resize_px: Any = None
    names: tuple[str, str, str, str] = ("rgb", "depth", "intrinsics", "pose")


@dataclass(frozen=True, eq=False)
class Recording:
    """A file or folder with one or many views of one scene.

    Attributes:
        path: where it is.
        kind: what it is, for people ("7-Scenes folder").
        name: for display and file names; made one clean line whatever it is given.
        num_views: at least 1.
        up: what is known of the file's world frame.
        read_view: reads and decodes view i; nothing is kept.
        read_pose: only the (4, 4) world_from_camera of view i, unchecked.
        labels, descriptions: the words in the file, unchecked.
        declares_labels: whether the file has a place for labels, be it empty.
        synthetic: whether it is of Lexel's own procedural world.
        findings: what was noted and repaired while opening, for whoever uses the recording.
    """

    path: Path
    kind: str
    name: str
    num_views: int
    up: Up
    read_view: Callable[[int], RawView]
    read_pose: Callable[[int], Any]
    labels: Any = ()
    descriptions: Any = ()
    declares_labels: bool = False
    synthetic: bool = False
    findings: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        """File systems allow names that no text file can hold."""
        object.__setattr__(self, "name", title(self.name))
