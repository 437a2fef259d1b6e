"""What the lines of a Wavefront `.obj` list: vertices, faces, and names of materials."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.raw_geometry import MAX_WHOLE_BYTES

_LINES_AT_ONCE = 1 << 16  # turned into arrays together: lists of words are large
_MAX_COMMENTS = 100


@dataclass
class ObjListing:
    """What the lines of a file list, in arrays of many lines each."""

    vertices: list[npt.NDArray[np.float64]] = field(default_factory=list)  # (n, 3) or (n, 6)
    places: list[npt.NDArray[np.float64]] = field(default_factory=list)  # (n, 2), v upwards
    corners: list[npt.NDArray[np.int64]] = field(default_factory=list)  # (n, 2) vertex, place
    counts: list[int] = field(default_factory=list)
    material_of: list[int] = field(default_factory=list)  # -1: none
    materials: dict[str, int] = field(default_factory=dict)
    libraries: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read_obj_listing(file: Path) -> ObjListing:
    """Everything in a file that is about its shape; a `SceneError` when it cannot be read."""
    listing, lines = ObjListing(), _Lines()
    try:
        if file.stat().st_size > MAX_WHOLE_BYTES:
            raise SceneError("is larger than 1 GB", where=file, do="Make it coarser.")
        with file.open(encoding="utf-8", errors="replace") as text:
            for line in text:
                _take(line, listing, lines)
        lines.flush(listing)
    except (OSError, ValueError, OverflowError) as cause:
        raise SceneError("cannot be read as .obj", where=file, got=cause) from cause
    return listing


def _take(line: str, listing: ObjListing, lines: _Lines) -> None:
    key, rest = [*line.split(None, 1), "", ""][:2]
    if key == "v":
        lines.vertices.append(rest.split())
    elif key == "vt":
        lines.places.append(rest.split()[:2])
    elif key == "f" and len(corners := rest.split()) >= 3:
        lines.add_face(corners, listing)
    elif key == "usemtl":
        lines.material = listing.materials.setdefault(rest.strip(), len(listing.materials))
    elif key == "mtllib":
        listing.libraries.append(rest.strip())
    elif key.startswith("#") and len(listing.comments) < _MAX_COMMENTS:
        listing.comments.append(line.strip("# \r\n"))
    if max(len(lines.vertices), len(lines.places), len(lines.corners)) >= _LINES_AT_ONCE:
        lines.flush(listing)


class _Lines:
    """Words of the last lines, until there are enough of them to become arrays."""

    def __init__(self) -> None:
        self.vertices: list[list[str]] = []
        self.places: list[list[str]] = []
        self.corners: list[str] = []
        self.material = -1
        self._bases: list[tuple[int, int]] = []  # vertices and places listed before, by corner
        self._num_vertices = self._num_places = 0

    def add_face(self, words: list[str], listing: ObjListing) -> None:
        base = (
            self._num_vertices + len(self.vertices),
            self._num_places + len(self.places),
        )
        self.corners += words
        self._bases += [base] * len(words)
        listing.counts.append(len(words))
        listing.material_of.append(self.material)

    def flush(self, listing: ObjListing) -> None:
        if self.vertices:
            self._num_vertices += len(self.vertices)
            listing.vertices.append(_with_colours(self.vertices, listing.vertices))
        if self.places:
            self._num_places += len(self.places)
            listing.places.append(np.array([[*words, 0.0][:2] for words in self.places], float))
        if self.corners:
            listing.corners.append(_resolved(self.corners, np.array(self._bases)))
        self.vertices, self.places, self.corners, self._bases = [], [], [], []


def _with_colours(
    rows: list[list[str]], before: list[npt.NDArray[np.float64]]
) -> npt.NDArray[np.float64]:
    """(n, 6) when every vertex so far has a colour, else (n, 3); those before are cut to it."""
    if min(map(len, rows)) < 3:
        raise ValueError("a vertex has fewer than three numbers")
    coloured = min(map(len, rows)) >= 6 and all(block.shape[1] == 6 for block in before)
    if not coloured:
        before[:] = [block[:, :3] for block in before]
    width = 6 if coloured else 3
    return np.array([row[:width] for row in rows], np.float64)


def _resolved(words: list[str], bases: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """(n, 2) indices from 0 of vertex and place; place -1 where there is none."""
    parts = [[*word.split("/"), ""][:2] for word in words]
    index = np.array([[int(v), int(vt or 0)] for v, vt in parts], np.int64)
    counted_back = np.where(index < 0, index + bases, index - 1)
    return np.asarray(counted_back)
