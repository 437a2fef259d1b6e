"""Checks and repairs of colour and depth images."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.limits import MAX_PIXELS
from lexel.io.notes import Notes

_MIN_SIDE_PX = 8
_MILLIMETRES_ABOVE_M = 100.0  # no room is that deep: such numbers are millimetres
_FARTHEST_M = 1000.0
_FEW_VALID = 0.1


def check_rgb(value: Any, where: str, notes: Notes) -> npt.NDArray[np.uint8]:
    """(H, W, 3) uint8."""
    image = _array(value, where)
    if image.ndim == 2:
        notes.repaired(where, "a grey image; its values were taken for red, green and blue")
        image = np.repeat(image[..., None], 3, axis=2)
    if image.ndim == 3 and image.shape[2] == 4:
        notes.repaired(where, "its alpha channel was dropped")
        image = image[..., :3]
    if image.ndim != 3 or image.shape[2] != 3:
        raise SceneError("should be H x W x 3", where=where, got=f"shape {image.shape}")
    check_size(image, where)
    if image.dtype.kind == "f" and bool(((image >= 0) & (image <= 1)).all()):
        notes.repaired(where, f"{image.dtype} colours in 0..1 were scaled to 0..255")
        return np.rint(image * 255).astype(np.uint8)
    if image.dtype != np.uint8:
        raise SceneError(
            "should hold uint8 colours", where=where, got=image.dtype, do="Save it as uint8."
        )
    return np.ascontiguousarray(image)


def check_depth(value: Any, where: str, notes: Notes) -> npt.NDArray[np.float32]:
    """(H, W) float32 metres, 0 where there is none."""
    depth = _array(value, where)
    if depth.ndim == 3 and 1 in (depth.shape[0], depth.shape[2]):
        notes.repaired(where, f"its single channel was dropped (shape {depth.shape})")
        depth = depth[0] if depth.shape[0] == 1 else depth[..., 0]
    if depth.ndim != 2:
        raise SceneError("should be H x W", where=where, got=f"shape {depth.shape}")
    if depth.dtype.kind not in "fiu":
        raise SceneError("should hold float32 metres", where=where, got=depth.dtype)
    check_size(depth, where)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is put right next
        metres = _in_metres(
            _without_impossible(depth.astype(np.float32), where, notes), where, notes
        )
    valid = metres[metres > 0]
    if not valid.size:
        raise SceneError(
            "has no depth at all: every pixel is zero, negative or no number",
            where=where,
            do="Use another view, or record again.",
        )
    share = valid.size / metres.size
    if share < _FEW_VALID:
        notes.warn(where, f"only {share:.1%} of the pixels have depth", "Expect little.")
    elif share < 1:
        notes.note(where, f"{1 - share:.1%} of the pixels have no depth")
    return metres


def check_same_shape(
    rgb: npt.NDArray[np.uint8], depth_m: npt.NDArray[np.float32], where: str
) -> None:
    """Depth may be of another size than colour, but not of another shape."""
    (h, w), (dh, dw) = rgb.shape[:2], depth_m.shape
    # Rounded sizes differ by less than a pixel of the smaller image.
    if abs(w * dh - h * dw) > max(w, h, dw, dh):
        turned = " (it seems turned on its side)" if abs(w * dw - h * dh) <= max(w, h) else ""
        raise SceneError(
            f"has another shape than the colour image of {w} x {h} pixels{turned}",
            where=where,
            got=f"{dw} x {dh}",
            do="Give depth and colour of one view, the same way up.",
        )


def size_px(width: float, height: float, where: object) -> tuple[int, int]:
    """(width, height) that a file tells of its images, whole numbers; or a sentence."""
    if not (width >= 1 and height >= 1 and width * height <= MAX_PIXELS):
        raise SceneError("is no size of an image", where=where, got=(width, height))
    return int(width), int(height)


def check_size(image: npt.NDArray[Any], where: str) -> None:
    """Refuse an image (H, W, ...) too small or too large to work with."""
    height, width = image.shape[:2]
    if min(height, width) < _MIN_SIDE_PX or height * width > MAX_PIXELS:
        raise SceneError(
            f"should be at least {_MIN_SIDE_PX} pixels wide and high and have at most "
            f"{MAX_PIXELS // 10**6} megapixels",
            where=where,
            got=f"{width} x {height}",
        )


def _without_impossible(
    depth: npt.NDArray[np.float32], where: str, notes: Notes
) -> npt.NDArray[np.float32]:
    nan, infinite = np.isnan(depth), np.isinf(depth)
    negative = ~nan & ~infinite & (depth < 0)
    for mask, name in ((nan, "NaN"), (infinite, "infinite"), (negative, "negative")):
        if mask.any():
            notes.repaired(where, f"{int(mask.sum()):,} {name} values were taken for no depth")
    return np.where(nan | infinite | negative, np.float32(0), depth)


def _in_metres(depth: npt.NDArray[np.float32], where: str, notes: Notes) -> npt.NDArray[np.float32]:
    """Millimetres made metres, and what is beyond any room taken for no depth."""
    middle = float(np.median(depth[depth > 0])) if (depth > 0).any() else 0.0
    if middle > _MILLIMETRES_ABOVE_M:
        notes.repaired(where, f"depth around {middle:.0f} was taken for millimetres")
        depth = depth / np.float32(1000)
    far = depth > _FARTHEST_M
    if far.any():
        notes.repaired(where, f"{int(far.sum()):,} values beyond 1 km were taken for no depth")
    return np.where(far, np.float32(0), depth)


def _array(value: Any, where: str) -> npt.NDArray[Any]:
    if not isinstance(value, np.ndarray):
        raise SceneError("should be a numpy array", where=where, got=type(value).__name__)
    return value
