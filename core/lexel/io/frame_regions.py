"""Regions that users bring for the views of a recording: masks with names, and detectors' boxes.

    MASKS/NAME/refined_mask.npz    one array: (M, H, W) masks, or (H, W) numbers with 0 for none
    MASKS/NAME/refined_label.npz   optional; one array of M names
    BOXES/NAME.json                a list of {"box": [x0, y0, x1, y1], "label": "…", "score": 0..1}

NAMEs are taken in their order, one for each view; or, where there are fewer, each is the number of
its view. What is missing then has no regions, or no boxes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, SceneError
from lexel.io.json_files import read_json_list
from lexel.io.names import check_label
from lexel.io.npy import read_npy_header, read_npy_values
from lexel.io.typed_json import objects_of
from lexel.io.zips import open_only_array

MASK_FILE, LABEL_FILE = "refined_mask.npz", "refined_label.npz"
_MAX_REGIONS = 4096
_MAX_BYTES = 2**31  # of the masks of one view
_MAX_NAME_BYTES = 1 << 14


@dataclass(frozen=True, eq=False)
class MaskedFrame:
    """`masks` (M, H, W) bool of a view, and the `names` of each, "" for none."""

    masks: npt.NDArray[np.bool_]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Detection:
    """What a detector found: `box` x0 y0 x1 y1 in whole pixels, within the image's first corner."""

    box: tuple[int, int, int, int]
    label: str
    score: float

    @property
    def area(self) -> int:
        x0, y0, x1, y1 = self.box
        return max(0, x1 - x0) * max(0, y1 - y0)


@dataclass(frozen=True)
class FrameMasks:
    """A folder of masks, by number of the view."""

    folders: dict[int, Path]

    @classmethod
    def open(cls, folder: Path, num_views: int) -> FrameMasks:
        """Find each view's masks.

        Raises:
            InputError: there are none, or it is not clear whose they are.
        """
        found = sorted(p.parent for p in folder.glob(f"*/{MASK_FILE}"))
        return cls(_by_view(found, num_views, folder, f"NAME/{MASK_FILE}"))

    def load(self, index: int, shape: tuple[int, ...]) -> MaskedFrame:
        """The masks of a view of `shape` (H, W); none where the folder has none."""
        if index not in self.folders:
            return MaskedFrame(np.zeros((0, *shape), bool), ())
        folder = self.folders[index]
        masks = _read_masks(folder / MASK_FILE, shape)
        if not (folder / LABEL_FILE).is_file():
            return MaskedFrame(masks, ("",) * len(masks))
        return MaskedFrame(masks, _names(folder / LABEL_FILE, len(masks)))


@dataclass(frozen=True)
class FrameDetections:
    """A folder of detectors' boxes, by number of the view."""

    files: dict[int, Path]

    @classmethod
    def open(cls, folder: Path, num_views: int) -> FrameDetections:
        """Find each view's boxes.

        Raises:
            InputError: there are none, or it is not clear whose they are.
        """
        found = sorted(folder.glob("*.json"))
        return cls(_by_view(found, num_views, folder, "NAME.json"))

    def load(self, index: int) -> list[Detection]:
        """The boxes of a view; none where the folder has none."""
        if index not in self.files:
            return []
        path = self.files[index]
        return [_detection(entry) for entry in objects_of(read_json_list(path), path)]


def _by_view(found: list[Path], num_views: int, folder: Path, what: str) -> dict[int, Path]:
    if len(found) == num_views:
        return dict(enumerate(found))
    numbers = [re.search(r"(\d+)$", path.stem) for path in found]
    named = {int(n[1]): path for n, path in zip(numbers, found, strict=True) if n}
    if not found or len(named) != len(found) or not all(0 <= n < num_views for n in named):
        raise InputError(
            f"should hold {what} for each of the {num_views} views, or named by their numbers "
            f"0 to {num_views - 1}",
            where=folder,
            got=f"{len(found)} of them",
        )
    return named


def _read_masks(path: Path, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """(M, H, W) for a view of `shape` (H, W); what the head promises is checked first."""
    with open_only_array(path) as stream:
        header = read_npy_header(stream, path)
        numbers = len(header.shape) == 2
        if len(header.shape) not in (2, 3) or header.dtype.kind not in ("ui" if numbers else "bui"):
            raise _no_masks(path, f"shape {header.shape}, {header.dtype}")
        if header.shape[-2:] != shape:
            raise SceneError(
                f"its masks should be as large as the view, {shape[1]} x {shape[0]} pixels",
                where=path,
                got=f"{header.shape[-1]} x {header.shape[-2]}",
            )
        if not numbers:
            _check_regions(header.shape[0], header.num_bytes, path)
        array = read_npy_values(stream, header, path)
    if not numbers:
        return np.asarray(array > 0)
    count = int(array.max(initial=0))
    _check_regions(count, count * math.prod(shape), path)
    return np.asarray(array[None] == np.arange(1, count + 1)[:, None, None])


def _check_regions(count: int, num_bytes: int, path: Path) -> None:
    if count > _MAX_REGIONS:
        raise _no_masks(path, f"{count:,} regions")
    if num_bytes > _MAX_BYTES:
        raise SceneError(
            f"holds masks of more than {_MAX_BYTES >> 20} MB",
            where=path,
            got=f"{count:,} regions",
            do="Make the views smaller, or bring fewer regions.",
        )


def _no_masks(path: Path, got: str) -> SceneError:
    return SceneError(
        f"should be M x H x W masks, or H x W numbers, of at most {_MAX_REGIONS} regions",
        where=path,
        got=got,
    )


def _names(path: Path, count: int) -> tuple[str, ...]:
    with open_only_array(path) as stream:
        header = read_npy_header(stream, path, "U")
        if header.shape != (count,) or header.dtype.itemsize > _MAX_NAME_BYTES:
            raise SceneError(
                f"should be {count} names, one for each mask",
                where=path,
                got=f"shape {header.shape}, {header.dtype}",
            )
        names = tuple(name.strip() for name in read_npy_values(stream, header, path).tolist())
    for name in filter(None, names):
        check_label(name)
    return names


def _detection(entry: Any) -> Detection:
    x0, y0, x1, y1 = entry.array("box", (4,)).round().clip(0, 1 << 20).astype(int).tolist()
    label = entry.text("label")
    check_label(label)
    return Detection((x0, y0, x1, y1), label, float(np.clip(entry.number("score"), 0, 1)))
