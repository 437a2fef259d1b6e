"""How the scores of one query spread over the codes: what is background, what stands out.

Quantiles are those of the codes, each counted once, without interpolation: quantile p of n sorted
values is number floor(p · (n - 1) + 1/2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.scene.field import Floats

MEDIAN, HIGH = 0.5, 0.999
_ONE_SIGMA_DOWN = 0.16
_BINS = 256
_EQUAL = 1e-9  # errors closer than this differ by rounding only
# How far above the median a threshold lies, as shares of the way to the greatest score. Where what
# is asked for is not a cluster of its own, as with a weak encoder, only this bounds it: on scans of
# rendered rooms 0.55 to 0.85 select a third better than no bounds, and on clusters hardly worse.
_NEAREST, _FARTHEST = 0.55, 0.85


@dataclass(frozen=True)
class Spread:
    """Of n > 0 values: the least, some quantiles, and the greatest.

    Attributes:
        count: n.
        deviation: from the 16 % quantile to the median. It looks only at the lower half, where
            what is searched for is not, however much of it there is.
        high: the 99.9 % quantile.
    """

    count: int
    lowest: float
    median: float
    deviation: float
    high: float
    top: float


def spread_of(values: Floats) -> Spread:
    """The spread of (n,) values."""
    places = [quantile_place(p, len(values)) for p in (_ONE_SIGMA_DOWN, MEDIAN, HIGH)]
    ordered = np.partition(values, places)
    below, median, high = (float(ordered[place]) for place in places)
    return Spread(
        len(values), float(values.min()), median, median - below, high, float(values.max())
    )


def quantile_place(p: float, count: int) -> int:
    """Which of `count` sorted values is quantile p."""
    return math.floor(p * (count - 1) + 0.5)


def heat_range(spread: Spread, typical_rise: float) -> tuple[float, float]:
    """Scores, 0..1, where colours begin and end.

    From the median to the 99.9 % quantile, but at least as far as a phrase of this field typically
    rises: where nothing is found, nothing glows.
    """
    return spread.median, min(max(spread.high, spread.median + typical_rise), 1.0)


def suggest_threshold(values: Floats, spread: Spread) -> float:
    """The score from which on a code is what was asked for.

    Minimum error thresholding (Kittler & Illingworth, 1986): values on either side of a threshold
    are taken for two normal distributions, and the threshold is best where they overlap least. It
    copes with a thing that is a hundredth of the codes, which Otsu's method does not. Searched for
    is on the upper part of the way from the median to the greatest value.
    """
    width, rise = (spread.top - spread.lowest) / _BINS, spread.top - spread.median
    if not rise > 0:
        return spread.top
    bins = ((values - np.float32(spread.lowest)) * np.float32(1 / width)).astype(np.intp)
    histogram = np.bincount(np.minimum(bins, _BINS - 1), minlength=_BINS)
    way = (spread.lowest + width * np.arange(1, _BINS) - spread.median) / rise
    allowed = (way >= _NEAREST) & (way <= _FARTHEST)
    if not allowed.any():  # the median is so close to the top that no bin ends between them
        return spread.median + _FARTHEST * rise
    errors = np.where(allowed, _errors(histogram), np.inf)
    # Between two clusters lie empty bins, which all divide them equally well: take the middle.
    best = np.flatnonzero(errors <= errors.min() + _EQUAL)
    return spread.lowest + (1 + (int(best[0]) + int(best[-1])) / 2) * width


def _errors(histogram: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Kittler and Illingworth's criterion for a threshold behind each bin but the last."""
    at, total = np.arange(_BINS) + 0.5, int(histogram.sum())
    below = np.cumsum(histogram)[:-1]
    errors = np.zeros(_BINS - 1)
    for count, first, second in (
        (below, np.cumsum(histogram * at)[:-1], np.cumsum(histogram * at**2)[:-1]),
        (total - below, _rest(histogram * at), _rest(histogram * at**2)),
    ):
        some = np.maximum(count, 1)  # both sides have some: the least and the greatest
        mean = first / some
        variance = np.maximum(second / some - mean**2, 1.0)  # no cluster is narrower than a bin
        errors += some / total * (np.log(variance) - 2 * np.log(some / total))
    return errors


def _rest(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sum of everything behind each value but the last."""
    return np.cumsum(values[::-1])[::-1][1:]
