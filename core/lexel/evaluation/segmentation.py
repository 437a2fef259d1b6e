"""Intersection over union of classes of points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Scores:
    """How predicted classes fit.

    Attributes:
        miou: mean IoU over the classes that are there.
        fwiou: the same weighted by how often each is there.
        iou: by class; NaN where it is not there.
    """

    miou: float
    fwiou: float
    iou: npt.NDArray[np.float64]


def score_classes(
    predicted: npt.NDArray[np.integer], true: npt.NDArray[np.integer], num_classes: int
) -> Scores:
    """Scores of points (N,); -1 in `true` is left out, in `predicted` it is a miss."""
    known = true >= 0
    predicted, true = predicted[known], true[known]
    there = np.bincount(true, minlength=num_classes)
    said = np.bincount(predicted[predicted >= 0], minlength=num_classes)
    hit = np.bincount(true[predicted == true], minlength=num_classes)
    with np.errstate(invalid="ignore"):
        iou = np.where(there > 0, hit / (there + said - hit), np.nan)
    if not there.any():
        return Scores(0.0, 0.0, iou)
    share = there / there.sum()
    return Scores(float(np.nanmean(iou)), float(np.nansum(iou * share)), iou)
