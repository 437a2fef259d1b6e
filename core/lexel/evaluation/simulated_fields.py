"""Codebooks as a real CLIP would make them, drawn at random, with the truth of what is there.

What matters for asking them is simulated: image and text vectors lie in two narrow cones far apart,
so image-text cosines lie in 0.15 to 0.35 while text-text ones lie near 0.8; a concept's picture
and its name share only part of their meaning; kinds of the same sort resemble each other; some
phrases, and some codes, are near everything; a code's region holds some of its neighbour; synonyms
mean nearly the same. Letters: K codes, P asked phrases, D = 512.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.geometry.vectors import unit_rows
from lexel.query.vectors import TextVectors
from lexel.scene import Codebook, Modality

NEGATIVES = ("object", "things", "stuff", "texture")
_DIM = 512
_CONCEPTS, _SORTS, _CONCEPT_DIM = 320, 64, 60  # concepts lie in few dimensions, as CLIP's do
_SIBLINGS = 0.5  # cosine of two concepts of one sort
_GAP = 0.3  # cosine of the two cones' axes
_SHARED = 0.45  # cosine of what a concept is in pictures and in words
_IMAGE = (0.74, 0.50, 0.45)  # shares of axis, concept and noise in an image vector
_TEXT = (0.87, 0.45, 0.20)
_PHRASE_OFFSET, _CODE_OFFSET = 0.03, 0.02  # how near to everything some are
_SYNONYM = 0.85
_QUANTILES = 1001


@dataclass(frozen=True, eq=False)
class SimulatedField:
    """A codebook, phrases to ask it, and what would be right.

    Attributes:
        texts: the asked phrases and the negatives, encoded.
        asked: the P phrases.
        present: (P,) bool, whether the thing is in the scene.
        truth: (P, K) bool, the codes that are mostly of that thing.
    """

    codebook: Codebook
    texts: TextVectors
    asked: tuple[str, ...]
    present: npt.NDArray[np.bool_]
    truth: npt.NDArray[np.bool_]


class World:
    """The concepts and cones that all scenes of one seed share: one encoder, so to speak."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._rng = rng
        frame = np.linalg.qr(rng.standard_normal((_DIM, 2 * _CONCEPT_DIM + 2)))[0].T
        self.image_axis = frame[0]
        self.text_axis = _GAP * frame[0] + np.sqrt(1 - _GAP**2) * frame[1]
        sorts = unit_rows(rng.standard_normal((_SORTS, _CONCEPT_DIM)))
        own = unit_rows(rng.standard_normal((_CONCEPTS, _CONCEPT_DIM)))
        sort = np.arange(_CONCEPTS) % _SORTS
        concepts = np.sqrt(_SIBLINGS) * sorts[sort] + np.sqrt(1 - _SIBLINGS) * own
        self.named = unit_rows(concepts @ frame[2 : 2 + _CONCEPT_DIM])
        seen = unit_rows(concepts @ frame[2 + _CONCEPT_DIM :])
        self.pictured = _SHARED * self.named + np.sqrt(1 - _SHARED**2) * seen

    def text(self, concepts: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Names of concepts (…, D), each with its own way of being near to all pictures."""
        offset = _PHRASE_OFFSET * self._rng.standard_normal((*concepts.shape[:-1], 1))
        axis = _TEXT[0] * self.text_axis + offset * self.image_axis
        return unit_rows(axis + _TEXT[1] * concepts + _TEXT[2] * self._noise(concepts.shape))

    def image(self, concepts: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """Pictures of concepts (…, D)."""
        offset = _CODE_OFFSET * self._rng.standard_normal((*concepts.shape[:-1], 1))
        axis = _IMAGE[0] * self.image_axis + offset * self.text_axis
        return unit_rows(axis + _IMAGE[1] * concepts + _IMAGE[2] * self._noise(concepts.shape))

    def field(
        self, num_codes: int, num_things: int, num_asked: int = 40, text_share: float = 0.0
    ) -> SimulatedField:
        """A scene of `num_things` kinds of things; half of what is asked is not there.

        Args:
            text_share: of the codes whose vector is that of a name instead of a picture.
        """
        rng = self._rng
        there = rng.permutation(_CONCEPTS)[:num_things]
        # Sizes of things differ as in rooms: a few walls, many cups. Each has a code at least.
        sizes = rng.lognormal(0.0, 1.5, num_things)
        more = rng.choice(num_things, num_codes - num_things, p=sizes / sizes.sum())
        thing = np.concatenate([np.arange(num_things), more])
        clip, modality = self._codes(there, thing, text_share)
        asked = self._asked(there, num_asked)
        names = self.named[asked] * _SYNONYM
        synonyms = np.where(rng.random((num_asked, 1)) < 0.3, names, self.named[asked])
        synonyms = unit_rows(synonyms + np.sqrt(1 - _SYNONYM**2) * self._noise(names.shape))
        texts = np.concatenate([self.text(synonyms), self.text(np.zeros((len(NEGATIVES), _DIM)))])
        background = self._background(clip, modality)
        ones = np.ones(num_codes, np.float32)
        count = rng.integers(20, 2000, num_codes).astype(np.int32)
        codebook = Codebook(clip.astype(np.float16), modality, count, ones, background)
        phrases = tuple(f"thing {number}" for number in range(num_asked))
        truth = there[thing] == asked[:, None]
        return SimulatedField(
            codebook, TextVectors((*phrases, *NEGATIVES), texts), phrases, truth.any(1), truth
        )

    def _codes(
        self, there: npt.NDArray[np.intp], thing: npt.NDArray[np.intp], text_share: float
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
        """Vectors (K, D) and modalities (K,) of regions that hold some of a neighbour too."""
        rng, count = self._rng, len(thing)
        pure = rng.uniform(0.6, 1.0, (count, 1))
        beside = there[rng.integers(0, len(there), count)]
        is_text = rng.random(count) < text_share
        modality = np.where(is_text, Modality.TEXT, Modality.IMAGE).astype(np.uint8)
        mixed = [
            pure * concepts[there[thing]] + (1 - pure) * concepts[beside]
            for concepts in (self.pictured, self.named)
        ]
        return np.where(is_text[:, None], self.text(mixed[1]), self.image(mixed[0])), modality

    def _asked(self, there: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
        away = np.setdiff1d(np.arange(_CONCEPTS), there)
        present = self._rng.choice(there, count // 2, replace=len(there) < count // 2)
        return np.concatenate([present, self._rng.choice(away, count - count // 2, replace=False)])

    def _background(
        self, clip: npt.NDArray[np.float32], modality: npt.NDArray[np.uint8]
    ) -> npt.NDArray[np.float32]:
        """(2, Q) quantiles of the cosines of all names with all codes, by modality."""
        names = self.text(self.named)
        steps = np.linspace(0, 1, _QUANTILES)
        rows = [clip[modality == m][:2000] @ names.T for m in (Modality.IMAGE, Modality.TEXT)]
        return np.stack(
            [np.quantile(row, steps) if row.size else np.zeros(_QUANTILES) for row in rows]
        ).astype(np.float32)

    def _noise(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        return unit_rows(self._rng.standard_normal(shape))
