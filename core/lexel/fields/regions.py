"""Regions of one view, class-agnostic: pieces of the image that look like one thing."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.fields.region_merging import merge_regions
from lexel.scene import View

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Method = Literal["felzenszwalb", "slic"]

NO_REGION = -1
_WORK_SIDE_PX = 320  # regions are found at this size: outlines finer than that mean nothing
_LAB_STEP = 25.0  # a plain difference of colour
_DEPTH_STEPS = 2.4  # that many plain differences is e times the distance: 10 % is an edge
_SMOOTHING_PX = 0.6
_MIN_SHARE = 0.0004  # of the image's pixels that a piece has at least
_PIECES = 250


@dataclass(frozen=True, eq=False)
class Regions:
    """R regions of an image.

    Attributes:
        label: (H, W) int32, region of each pixel, -1 for none.
        box: (R, 4) int32, x0 y0 x1 y1 in pixels, the far sides outside.
        name: what a detector or a person calls each; "" where nobody does.
        score: (R,) float32 in 0..1, how sure that name is.
    """

    label: Ints
    box: Ints
    name: tuple[str, ...]
    score: Floats

    def __len__(self) -> int:
        return len(self.box)


@dataclass(frozen=True)
class RegionSettings:
    """How views are cut.

    Attributes:
        method: "felzenszwalb" follows colour and depth; "slic" makes pieces of one size.
        most: regions of a view; neighbours that differ least become one.
    """

    method: Method = "felzenszwalb"
    most: int = 64

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise InputError(
                "there is no such way to cut a view",
                where="--regions",
                got=self.method,
                do=f"Choose of {', '.join(get_args(Method))}.",
            )


def find_regions(view: View, settings: RegionSettings) -> Regions:
    """Regions of a view by colour and depth."""
    stride = max(1, round(max(view.rgb.shape[:2]) / _WORK_SIDE_PX))
    rgb, depth = view.rgb[::stride, ::stride], view.depth_m[::stride, ::stride]
    small = _cut(rgb, depth, settings)
    height, width = view.rgb.shape[:2]
    label = small.repeat(stride, axis=0).repeat(stride, axis=1)[:height, :width]
    return regions_of(label)


def regions_of(
    label: npt.NDArray[np.integer],
    names: dict[int, str] | None = None,
    scores: dict[int, float] | None = None,
) -> Regions:
    """Regions of a label image (H, W), negative for none; numbers need not be consecutive.

    `names` and `scores` belong to the numbers in the image.
    """
    used, compact = np.unique(label, return_inverse=True)
    compact = compact.reshape(label.shape).astype(np.int32) - int((used < 0).sum())
    compact = np.maximum(compact, NO_REGION)
    used = used[used >= 0]
    rows, columns = np.nonzero(compact >= 0)
    region = compact[rows, columns]
    box = np.zeros((len(used), 4), np.int32)
    box[:, :2] = np.iinfo(np.int32).max
    for side, place in ((0, columns), (1, rows)):
        np.minimum.at(box[:, side], region, place)
        np.maximum.at(box[:, side + 2], region, place + 1)
    name = tuple((names or {}).get(int(n), "") for n in used)
    score = np.array([(scores or {}).get(int(n), 1.0) for n in used], np.float32)
    return Regions(compact, box, name, score)


def _cut(rgb: npt.NDArray[np.uint8], depth_m: Floats, settings: RegionSettings) -> Ints:
    """Many small pieces first, by the method asked for, and few of those."""
    from skimage.color import rgb2lab
    from skimage.segmentation import felzenszwalb, slic

    lab = rgb2lab(rgb).astype(np.float32) / _LAB_STEP
    depth = np.log(np.where(depth_m > 0, depth_m, 1)) * _DEPTH_STEPS
    depth = _filled(depth, depth_m > 0)[..., None]
    image = np.dstack([lab, depth])
    if settings.method == "slic":
        pieces = slic(image, _PIECES, compactness=0.4, channel_axis=-1, start_label=0)
    else:
        smallest = max(4, round(_MIN_SHARE * depth.size))
        with _quiet():
            pieces = felzenszwalb(image, 15, _SMOOTHING_PX, smallest, channel_axis=-1)
    return merge_regions(pieces.astype(np.int32), lab, depth, settings.most)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """scikit-image wonders at four channels, though it was told which axis they are."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Got image with third dimension", RuntimeWarning)
        yield


def _filled(values: npt.NDArray[np.floating], known: npt.NDArray[np.bool_]) -> Floats:
    """Pixels without depth take that of the nearest that has some: holes are no edges."""
    from scipy.ndimage import distance_transform_edt

    if known.all() or not known.any():
        return np.asarray(values, np.float32)
    row, column = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(values[row, column], np.float32)
