"""How phrases and codes usually stand to each other: what an answer is judged against."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lexel.geometry.vectors import unit_rows
from lexel.scene import Modality

QUANTILES = 1001  # 0, 0.1 %, ... 100 %
_BINS = 1 << 16  # of cosines in -1..1
_CODES_AT_ONCE = 1024


def background_quantiles(
    phrases: npt.NDArray[np.floating],
    clip: npt.NDArray[np.floating],
    modality: npt.NDArray[np.uint8],
) -> npt.NDArray[np.float32]:
    """`Codebook.background`: quantiles of the cosines of all phrases with all codes.

    Args:
        phrases: (P, D) unit rows.
        clip: (K, D) unit rows.
        modality: (K,) see `Modality`.

    Returns:
        (2, QUANTILES), a row of zeros for a modality that no code has. Quantiles are evenly spaced,
        the first the smallest cosine, the last the largest; they are exact to 1/2^15.
    """
    quantiles = np.zeros((len(Modality), QUANTILES), np.float32)
    words = unit_rows(phrases)
    for kind in Modality:
        codes = np.flatnonzero(modality == kind)
        if len(codes) and len(words):
            quantiles[kind] = _quantiles_of(_histogram(words, clip, codes))
    return quantiles


def _histogram(
    words: npt.NDArray[np.float32],
    clip: npt.NDArray[np.floating],
    codes: npt.NDArray[np.intp],
) -> npt.NDArray[np.int64]:
    """How many cosines fall into each bin: P x K numbers need not stand in memory."""
    counts = np.zeros(_BINS, np.int64)
    for begin in range(0, len(codes), _CODES_AT_ONCE):
        cosines = words @ unit_rows(clip[codes[begin : begin + _CODES_AT_ONCE]]).T
        bins = ((cosines + 1) * (_BINS / 2)).clip(0, _BINS - 1).astype(np.int32)
        counts += np.bincount(bins.ravel(), minlength=_BINS)
    return counts


def _quantiles_of(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    below = np.cumsum(counts)
    rank = np.round(np.linspace(0, below[-1] - 1, QUANTILES)).astype(np.int64)
    bins = np.searchsorted(below, rank, side="right")
    return ((bins + 0.5) * (2 / _BINS) - 1).astype(np.float32)
