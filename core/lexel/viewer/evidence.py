"""What stands behind a point: the views and regions its code was made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.fields import StoredField, load_view
from lexel.scene import Modality

Rgb = npt.NDArray[np.uint8]
Region = tuple[int, int, int, int]
_AROUND = 0.35  # of a region's longer side, shown around it
_LEAST_PX = 12  # around a region, however small


@dataclass(frozen=True, eq=False)
class Crop:
    """A region of a view, and a little of what is around it.

    Attributes:
        view: number of the view.
        rgb: (h, w, 3) uint8.
        region: x0, y0, x1, y1 in pixels of `rgb`.
        weight: 0..1, its share of all that stands behind the code.
    """

    view: int
    rgb: Rgb
    region: Region
    weight: float


@dataclass(frozen=True, eq=False)
class PointEvidence:
    """Why a point means what it means.

    Attributes:
        point, code: of the field.
        label: of the object it belongs to; empty where it has none.
        num_points: that share the code.
        agreement: 0..1, how much the views say the same.
        regions: how many there are.
        crops: those of most weight, the heaviest first.
        from_words: the code was made of words, not of pictures.
    """

    point: int
    code: int
    label: str
    num_points: int
    agreement: float
    regions: int
    crops: tuple[Crop, ...]
    from_words: bool


def evidence_of_point(field: StoredField, point: int, most: int = 12) -> PointEvidence:
    """What stands behind a point, with pictures of up to `most` regions.

    Raises:
        InputError: there is no such point, or a file of the field is wrong.
    """
    if not 0 <= point < field.num_points:
        raise InputError("the field has no such point", got=point)
    code = int(field.code[point])
    codebook = field.codebook
    crops, regions = _crops(field, code, most)
    return PointEvidence(
        point=point,
        code=code,
        label=_label(field, point),
        num_points=int(codebook.count[code]),
        agreement=float(codebook.agreement[code]),
        regions=regions,
        crops=crops,
        from_words=int(codebook.modality[code]) == Modality.TEXT,
    )


def _label(field: StoredField, point: int) -> str:
    instance = field.points.instance
    if instance is None:
        return ""
    number = int(instance[point])
    return next((one.label for one in field.instances if one.id == number), "")


def _crops(field: StoredField, code: int, most: int) -> tuple[tuple[Crop, ...], int]:
    evidence = field.evidence
    if evidence is None:
        return (), 0
    begin, end = (int(place) for place in evidence.offset[code : code + 2])
    weight = np.asarray(evidence.weight[begin:end], np.float64)
    share = weight / weight.sum() if weight.sum() > 0 else weight
    heaviest = np.argsort(-share, kind="stable")[:most]
    crops = tuple(
        _crop(field, int(evidence.view[begin + at]), evidence.region[begin + at], float(share[at]))
        for at in heaviest
    )
    return crops, end - begin


def _crop(field: StoredField, view: int, region: npt.NDArray[np.int32], share: float) -> Crop:
    """A square around the region, as far as the picture reaches."""
    rgb = load_view(field.path, field.views[view]).rgb
    x0, y0, x1, y1 = region.tolist()
    longer = max(x1 - x0, y1 - y0)
    side = longer + 2 * max(_LEAST_PX, round(_AROUND * longer))
    left, right = _window(x0, x1, side, rgb.shape[1])
    top, bottom = _window(y0, y1, side, rgb.shape[0])
    inside = (x0 - left, y0 - top, x1 - left, y1 - top)
    return Crop(view, rgb[top:bottom, left:right], inside, share)


def _window(begin: int, end: int, side: int, limit: int) -> tuple[int, int]:
    """`side` pixels about begin … end, moved to lie within 0 … limit."""
    side = min(side, limit)
    first = min(max(0, (begin + end - side) // 2), limit - side)
    return first, first + side
