"""A scene ready to be asked: one view, the words that came with it, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from lexel.scene.description import Description
from lexel.scene.view import View


class Severity(StrEnum):
    """How bad a finding is."""

    NOTE = "note"  # worth knowing
    REPAIRED = "repaired"  # was wrong, was put right
    WARNING = "warning"  # may spoil the result
    ERROR = "error"  # the scene cannot be used


@dataclass(frozen=True)
class Finding:
    """One thing the doctor found: `what` is wrong `where`, and what to `do` about it."""

    severity: Severity
    where: str
    what: str
    do: str = ""

    def as_json(self) -> dict[str, str]:
        """The same as plain JSON values."""
        return {
            "severity": self.severity.value,
            "where": self.where,
            "what": self.what,
            "do": self.do,
        }

    def __str__(self) -> str:
        tail = f" {self.do}" if self.do else ""
        return f"{self.where}: {self.what}.{tail}"


@dataclass(frozen=True, eq=False)
class Scene:
    """One RGB-D view in a Z-up metric world, with the words that came with it.

    Attributes:
        name: file stem, for display and (made safe) for file names.
        view: the RGB-D view; `view.world_from_camera` leads to this scene's world.
        labels: closed-set names to complete, in the file's order, without repeats.
        descriptions: what to locate.
        world_from_source: (4, 4) rigid; world = world_from_source @ source, where source is the
            frame of the file. Identity when the file is Z-up already.
        box_from_world: (4, 4) similarity that brings the scene into the networks' 2 m box
            (x, y in [-1, 1], z in [-0.1, 1.9], forward = +x). Identity when it lies there already.
        findings: what the doctor noted and repaired while reading.
        synthetic: whether it is of Lexel's own procedural world, which the embedded weights know.
    """

    name: str
    view: View
    labels: tuple[str, ...] = ()
    descriptions: tuple[Description, ...] = ()
    world_from_source: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    box_from_world: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    findings: tuple[Finding, ...] = ()
    synthetic: bool = False
