"""Whether the thing is in the scene at all, as a calibrated probability.

Asked for a mug, a field always has a code that is most like a mug. Whether it is one shows in how
far that code stands out. With d the phrase's cosine less that of its strongest negative, and each
modality by itself (a picture and a name have nothing to do with each other's scale):

    outlier = (d - median) / deviation    against the phrase's own background
    rise    = (d - median) / span         the same in units of what this field's phrases
    level   = d / span                    typically rise, from `background`
    luck    = sqrt(2 ln n)                how many deviations the best of n reaches anyway

where span is the 99.9 % quantile of `background` less its median. A logistic of the four gives the
probability; the first three weights are not negative, so it grows with d. It is evaluated for each
code, so *and*, *or* and *not* can be taken code by code before the best one counts: "cup and not
mug" is there when one code is a cup and no mug. `lexel.evaluation.presence` fits the weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.query.spread import HIGH, MEDIAN, Spread
from lexel.scene.field import Floats

# Beyond this an outlier says nothing more; keeps fields of a few, equal codes finite.
_MOST_DEVIATIONS = 20.0


@dataclass(frozen=True)
class PresenceModel:
    """A logistic on four statistics of one code.

    The defaults are fitted on simulated fields whose encoder sees as well as a published CLIP.

    Attributes:
        outlier, rise, level: weights, not negative.
        luck: weight, not positive.
        bias: log-odds where all are 0.
        sentence: factor that brings contrasts of the sentence half, whose cosines reach further, to
            the size of the visual half's.
    """

    outlier: float = 0.59
    rise: float = 4.22
    level: float = 5.14
    luck: float = -2.14
    bias: float = 2.14
    sentence: float = 0.3


# Of encoders that see less surely than the defaults suppose, by name. Fitted on rendered scans:
# lexel world scans --rooms 16 --out scans; lexel eval presence scans/* --fit 10
_KNOWN = {
    "embedded": PresenceModel(outlier=0.0, rise=1.11, level=1.91, luck=-0.29, bias=-0.12),
}


def model_of(encoder: str) -> PresenceModel:
    """How presence is calibrated for fields of an encoder, by its name."""
    return _KNOWN.get(encoder, PresenceModel())


def span_of(background: npt.NDArray[np.floating]) -> float:
    """How far a phrase typically rises: (Q,) quantiles of cosines, their 99.9 % less their median.

    0 where nothing was stored: then presence cannot be told.
    """
    if not len(background):
        return 0.0
    places = np.array([HIGH, MEDIAN]) * (len(background) - 1)
    high, median = np.interp(places, np.arange(len(background)), background)
    return float(high - median)


def statistics(
    contrast: Floats, spread: Spread, span: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Outlier, rise, level and luck of codes, (m,) each, from their contrasts d (m,).

    Args:
        spread: of the contrasts of all codes of the modality.
        span: above 0.
    """
    deviation = max(spread.deviation, span / _MOST_DEVIATIONS)
    above = contrast - np.float32(spread.median)
    outlier = np.minimum(above / np.float32(deviation), _MOST_DEVIATIONS)
    luck = np.full_like(contrast, math.sqrt(2 * math.log(spread.count)))
    return outlier, above / np.float32(span), contrast / np.float32(span), luck


def log_odds(contrast: Floats, spread: Spread, span: float, model: PresenceModel) -> Floats:
    """Log-odds (m,) that codes are the thing; grow with their contrasts."""
    weights = (model.outlier, model.rise, model.level, model.luck)
    terms = map(np.multiply, weights, statistics(contrast, spread, span))
    return np.asarray(sum(terms) + np.float32(model.bias), np.float32)


def probability(log_odds: float) -> float:
    """The logistic function of one number."""
    return 1 / (1 + math.exp(-max(-80.0, min(80.0, log_odds))))
