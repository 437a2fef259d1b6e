"""Scores from cosines: the formulas of `spec/formats.md`, on arrays over codes.

With v = scale · cos, the relevancy of phrase q is the least of e^v(q) / (e^v(q) + e^v(n)) over its
negatives n (LERF, Kerr et al., ICCV 2023). The quotient is the logistic function of v(q) - v(n),
which grows with its argument, so the least is that against the negative with the greatest v: one
maximum and one exponential for each code, whatever the number of negatives. A weight w multiplies a
phrase's odds: it adds ln w to its v. Everything here is in such log-odds until the last step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import reduce

import numpy as np
import numpy.typing as npt

from lexel.query.tree import And, Node, Not, Or, Phrase, Spatial
from lexel.scene.field import Floats

# e^x stays a finite float32, and 1 / (1 + e^80) is 0 for every purpose.
_MOST = np.float32(80.0)


def logistic(log_odds: Floats) -> Floats:
    """1 / (1 + e^-x) without overflow."""
    odds_against = np.exp(-np.clip(log_odds, -_MOST, _MOST))
    return np.asarray(1 / (1 + odds_against), np.float32)


def weighted(cosines: Floats, weight: float, scale: float) -> Floats:
    """v + ln w of a phrase, (K,)."""
    v = cosines * np.float32(scale)
    return v if weight == 1 else np.asarray(v + np.float32(math.log(weight)))


def strongest(opponents: Iterable[Floats]) -> Floats | None:
    """The greatest v of all negatives, (K,); None without any."""
    rows = list(opponents)
    return reduce(np.maximum, rows) if rows else None


def blend(
    visual: Floats, sentence: Floats, has_sentence: npt.NDArray[np.bool_], b: float
) -> Floats:
    """(1 - b) · visual + b · sentence; where a code has no sentence vector, `visual`."""
    mixed = visual + np.float32(b) * (sentence - visual)
    return np.where(has_sentence, mixed, visual)


Relate = Callable[[Floats, str, Floats], Floats]


def evaluate(
    node: Node, leaves: Mapping[Phrase, Floats], invert: Callable[[Floats], Floats], relate: Relate
) -> Floats:
    """A tree over arrays of one value for each code or place.

    Args:
        leaves: the values of its phrases.
        invert: what *not* does: 1 - x for scores, -x for log-odds.
        relate: target, relation, reference to the values of *the target relation the reference*.
    """

    def value(part: Node) -> Floats:
        match part:
            case Phrase():
                return leaves[part]
            case Not(inner):
                return invert(value(inner))
            case And(parts):
                return reduce(np.minimum, map(value, parts))
            case Or(parts):
                return reduce(np.maximum, map(value, parts))
            case Spatial(target, relation, reference):
                return relate(value(target), relation, value(reference))

    return value(node)
