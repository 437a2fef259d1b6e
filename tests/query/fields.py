"""Small codebooks and texts for tests of the engine."""

from __future__ import annotations

import numpy as np

from lexel.query.vectors import TextVectors
from lexel.scene import Codebook, Modality, Scoring

DIM, SENTENCE_DIM = 16, 8
SCORING = Scoring(negatives=("object", "things"))


def codebook(num_codes=50, seed=0, *, sentence=True, modality=Modality.IMAGE, background=None):
    random = np.random.default_rng(seed)
    return Codebook(
        clip=random.standard_normal((num_codes, DIM)).astype(np.float16),
        modality=np.full(num_codes, modality, np.uint8),
        count=random.integers(1, 100, num_codes).astype(np.int32),
        agreement=np.ones(num_codes, np.float32),
        background=np.linspace([-0.5, -0.5], [0.5, 0.5], 101).T.astype(np.float32)
        if background is None
        else background,
        sentence=random.standard_normal((num_codes, SENTENCE_DIM)).astype(np.float16)
        if sentence
        else None,
    )


def texts(*names, seed=1, sentence=True):
    """The names and the scoring's negatives; the same name has the same vectors in every call."""
    every = (*names, *SCORING.negatives)
    drawn = [np.random.default_rng([seed, *name.encode()]) for name in every]
    return TextVectors(
        every,
        np.stack([random.standard_normal(DIM) for random in drawn]),
        np.stack([random.standard_normal(SENTENCE_DIM) for random in drawn]) if sentence else None,
    )
