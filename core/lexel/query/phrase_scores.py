"""Scores of single phrases and examples; trees are evaluated over them.

Letters: K codes, D and S numbers of a vector.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lexel.query.contrast import blend, logistic, strongest, weighted
from lexel.query.cosines import Cosines, Group
from lexel.query.presence import PresenceModel, log_odds
from lexel.query.spread import spread_of
from lexel.query.tree import Phrase
from lexel.scene import Scoring
from lexel.scene.field import Floats


@dataclass(frozen=True, eq=False)
class PhraseScores:
    """What a phrase says of every code, (K,) each.

    Attributes:
        score: 0..1.
        contrast: by how much its cosine exceeds that of the strongest negative.
    """

    score: Floats
    contrast: Floats


@dataclass(eq=False)
class Scorer:
    """Scores phrases; what several share is computed once."""

    cosines: Cosines
    groups: Sequence[Group]
    scoring: Scoring
    model: PresenceModel
    _strongest: dict[tuple[int, tuple[Phrase, ...]], Floats | None] = field(default_factory=dict)

    def score(self, phrase: Phrase, negatives: tuple[Phrase, ...]) -> PhraseScores:
        """A phrase against what it must not be taken for.

        Without negatives it is contrasted with its own median over the codes of each modality.
        """
        odds = self._odds(phrase, negatives)
        return PhraseScores(self._blend([logistic(x) for x in odds]), self._contrast(odds))

    def evidence(self, contrast: Floats) -> Floats:
        """(K,) log-odds that the code is the thing."""
        evidence = np.empty_like(contrast)
        for group in self.groups:
            asked = contrast[group.codes]
            evidence[group.codes] = self._told(asked, contrast[group.used], group)
        return evidence

    def best_evidence(self, contrast: Floats) -> float:
        """The greatest `evidence` of a code that points have."""
        best = []
        for group in self.groups:
            own = contrast[group.used]
            best += self._told(own.max(keepdims=True), own, group).tolist()
        return max(best)

    def greatest(self, evidence: Floats) -> float:
        """The greatest of (K,) numbers at a code that points have."""
        return max(float(evidence[group.used].max()) for group in self.groups)

    def _told(self, asked: Floats, own: Floats, group: Group) -> Floats:
        return log_odds(asked, spread_of(own), group.span or 1.0, self.model)

    def _odds(self, phrase: Phrase, negatives: tuple[Phrase, ...]) -> list[Floats]:
        """Log-odds (K,) of the phrase in each half."""
        return [
            self._odds_in(number, half, phrase, negatives)
            for number, half in enumerate(self.cosines.halves(phrase.text))
        ]

    def _contrast(self, odds: Sequence[Floats]) -> Floats:
        contrasts = [x / np.float32(self.scoring.scale) for x in odds]
        contrasts[1:] = [np.float32(self.model.sentence) * d for d in contrasts[1:]]
        return self._blend(contrasts)

    def _odds_in(
        self,
        number: int,
        half: Mapping[str, Floats],
        phrase: Phrase,
        negatives: tuple[Phrase, ...],
    ) -> Floats:
        scale = self.scoring.scale
        if (number, negatives) not in self._strongest:
            opponents = (weighted(half[n.text], n.weight, scale) for n in negatives)
            self._strongest[number, negatives] = strongest(opponents)
        against = self._strongest[number, negatives]
        if against is None:
            against = self._medians(weighted(half[phrase.text], 1.0, scale))
        return weighted(half[phrase.text], phrase.weight, scale) - against

    def _medians(self, values: Floats) -> Floats:
        medians = np.empty_like(values)
        for group in self.groups:
            medians[group.codes] = spread_of(values[group.used]).median
        return medians

    def _blend(self, halves: Sequence[Floats]) -> Floats:
        if len(halves) == 1:
            return halves[0]
        visual, sentence = halves
        return blend(visual, sentence, self.cosines.has_sentence, self.cosines.balance)
