"""The query engine: what each code of a field is worth to each thing that is asked for.

`prepare` once, `ask` often. Asking costs one matrix product of the codebook with the phrases and
a few passes over K numbers; the number of points does not matter. Letters: K codes, Q queries,
P phrases, D and S numbers of a vector, U places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, SceneError
from lexel.geometry.vectors import unit_rows
from lexel.query.answer import CodeScores, ranked, rescaled
from lexel.query.contrast import evaluate
from lexel.query.cosines import Check, Group, Rows, compute_cosines, example_phrase
from lexel.query.phrase_scores import PhraseScores, Scorer
from lexel.query.places import Places
from lexel.query.presence import PresenceModel, probability, span_of
from lexel.query.spatial import relate
from lexel.query.spread import heat_range, spread_of, suggest_threshold
from lexel.query.tree import Node, Phrase, Query, is_spatial, phrases_of
from lexel.query.vectors import (
    Example,
    TextVectors,
    negatives_of,
    texts_to_encode,
)
from lexel.query.writing import unparse_ask
from lexel.scene import Codebook, Modality, Scoring
from lexel.scene.field import Floats


@dataclass(frozen=True, eq=False)
class Surroundings:
    """Where things are, and who asks: what spatial queries need besides codes.

    Attributes:
        forward: (3,) what is ahead, world frame: the field's own in a field of one view, else
            `lexel.query.spatial.forward_of_camera` of the viewer's camera.
    """

    places: Places
    forward: npt.ArrayLike


@dataclass(frozen=True, eq=False)
class Engine:
    """A codebook ready to be asked; made by `prepare`.

    Attributes:
        groups: the codes by modality; every code is in one group.
    """

    rows: Rows
    modality: npt.NDArray[np.uint8]
    groups: tuple[Group, ...]
    scoring: Scoring
    model: PresenceModel

    def __len__(self) -> int:
        return len(self.modality)

    def ask(
        self,
        query: Query,
        texts: TextVectors,
        *,
        negatives: Sequence[str] | None = None,
        balance: float = 0.0,
        examples: Sequence[Example] = (),
        surroundings: Surroundings | None = None,
        check: Check = lambda: None,
    ) -> CodeScores:
        """Score every code for every query, then for every example.

        Args:
            query: from `lexel.query.language.parse`; may have no asks where there are examples.
            texts: at least `texts_to_encode(query, negatives)`, encoded.
            negatives: what nothing must be taken for; None for the field's own. What stands in
                the query with a `-` comes on top.
            balance: 0 visual … 1 sentence; has no effect where a half is missing.
            examples: are scored against their own median, as no words stand against them.
            surroundings: also score places; without it a spatial query has its target's scores.
            check: called between steps; raises to give up, as `lexel.query.newest.Turn.check`.

        Raises:
            InputError: nothing is asked for, a phrase is missing or vectors do not fit.
        """
        if not query.asks and not examples:
            raise InputError("nothing is asked for", do="Give a query or an example.")
        if not 0 <= balance <= 1:
            raise InputError("balance lies between 0 and 1", got=balance)
        negatives = self.scoring.negatives if negatives is None else tuple(negatives)
        needed = texts_to_encode(query, negatives)
        scorer = self.scorer(needed, texts, balance=balance, examples=examples, check=check)
        answers = []
        for want, against in _wanted(query, negatives, examples):
            check()
            leaves = {phrase: scorer.score(phrase, against) for phrase in phrases_of(want)}
            answers.append(self._answer(want, leaves, scorer, surroundings))
        check()
        return self._together(query, examples, answers, scorer.cosines.balance)

    def scorer(
        self,
        needed: Sequence[str],
        texts: TextVectors,
        *,
        balance: float = 0.0,
        examples: Sequence[Example] = (),
        check: Check = lambda: None,
    ) -> Scorer:
        """What scores single phrases; see `ask`."""
        cosines = compute_cosines(self.rows, needed, texts, examples, balance, check)
        return Scorer(cosines, self.groups, self.scoring, self.model)

    def _answer(
        self,
        want: Node,
        leaves: Mapping[Phrase, PhraseScores],
        scorer: Scorer,
        surroundings: Surroundings | None,
    ) -> _Answer:
        scores = evaluate(want, {p: leaf.score for p, leaf in leaves.items()}, _less_one, _target)
        ranges, thresholds = self._read(scores, scorer.cosines.balance)
        presence = probability(_evidence(want, leaves, scorer))
        places = None
        if surroundings is not None and is_spatial(want):
            places = self._in_place(want, leaves, scorer.cosines.balance, surroundings)
            presence = min(presence, float(places.max()))
        elif surroundings is not None:
            places = surroundings.places.pool(scores)
        return _Answer(scores, ranges, thresholds, presence, places)

    def _read(self, scores: Floats, balance: float) -> tuple[Floats, Floats]:
        """Ranges (2, 2) and thresholds (2,) of (K,) scores, for each modality."""
        ranges, thresholds = np.empty((2, 2), np.float32), np.empty(2, np.float32)
        for group in self.groups:
            own = scores[group.used]
            spread = spread_of(own)
            at = group.modality if len(self.groups) > 1 else slice(None)
            share = balance if self.rows.has_sentence[group.codes].any() else 0.0
            ranges[at] = heat_range(spread, (1 - share) * self._typical_rise(group))
            thresholds[at] = suggest_threshold(own, spread)
        return ranges, thresholds

    def _typical_rise(self, group: Group) -> float:
        """Of the visual half's scores, from where phrase and negative are as near as each other."""
        return probability(self.scoring.scale * group.span) - 0.5

    def _in_place(
        self,
        want: Node,
        leaves: Mapping[Phrase, PhraseScores],
        balance: float,
        surroundings: Surroundings,
    ) -> Floats:
        """(U,) how true a spatial query is of each place."""
        places, forward = surroundings.places, surroundings.forward
        heats = {}
        for phrase, leaf in leaves.items():
            low, high = self._read(leaf.score, balance)[0].T
            heat = rescaled(leaf.score, low[self.modality], high[self.modality])
            heats[phrase] = places.pool(heat)

        def related(target: Floats, relation: str, reference: Floats) -> Floats:
            return relate(places, target, relation, reference, forward)

        return evaluate(want, heats, _less_one, related)

    def _together(
        self,
        query: Query,
        examples: Sequence[Example],
        answers: Sequence[_Answer],
        balance: float,
    ) -> CodeScores:
        scores = np.stack([answer.scores for answer in answers])
        best, margin = ranked(scores)
        places = [answer.places for answer in answers if answer.places is not None]
        presence = np.array([answer.presence for answer in answers], np.float32)
        told = len(query.asks) if all(group.span > 0 for group in self.groups) else 0
        presence[told:] = np.nan
        spatial = [is_spatial(ask.want) for ask in query.asks] + [False] * len(examples)
        return CodeScores(
            names=(*map(unparse_ask, query.asks), *(example.name for example in examples)),
            scores=scores,
            modality=self.modality,
            best=best,
            margin=margin,
            range=np.stack([answer.range for answer in answers]),
            threshold=np.stack([answer.threshold for answer in answers]),
            presence=presence,
            spatial=np.array(spatial),
            places=np.stack(places) if places else None,
            balance=balance,
        )


@dataclass(frozen=True, eq=False)
class _Answer:
    """Of one query; see `CodeScores`."""

    scores: Floats
    range: Floats
    threshold: Floats
    presence: float
    places: Floats | None


def prepare(codebook: Codebook, scoring: Scoring, model: PresenceModel | None = None) -> Engine:
    """Cast a codebook once, to be asked often.

    Args:
        model: how presence is calibrated.
    """
    if not len(codebook):
        raise SceneError("the field has no codes, so nothing can be asked")
    sentence = None if codebook.sentence is None else unit_rows(codebook.sentence)
    has_sentence = np.zeros(len(codebook), bool) if sentence is None else sentence.any(axis=1)
    modality = np.asarray(codebook.modality, np.uint8)
    return Engine(
        rows=Rows(unit_rows(codebook.clip), sentence if has_sentence.any() else None, has_sentence),
        modality=modality,
        groups=tuple(_groups(codebook)),
        scoring=scoring,
        model=model or PresenceModel(),
    )


def _groups(codebook: Codebook) -> Iterator[Group]:
    for kind in Modality:
        mine = np.asarray(codebook.modality == kind)
        used = mine & np.asarray(codebook.count > 0)
        if mine.any():
            span = span_of(codebook.background[kind])
            yield Group(kind, _rows(mine), _rows(used if used.any() else mine), span)


def _rows(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp] | slice:
    """A slice where all are chosen: it copies nothing."""
    return slice(None) if chosen.all() else np.flatnonzero(chosen)


def _wanted(
    query: Query, negatives: Sequence[str], examples: Sequence[Example]
) -> Iterator[tuple[Node, tuple[Phrase, ...]]]:
    """Each thing that is asked for, and its negatives."""
    for ask in query.asks:
        yield ask.want, negatives_of(ask, query, negatives)
    for number in range(len(examples)):
        yield example_phrase(number), ()


def _evidence(node: Node, leaves: Mapping[Phrase, PhraseScores], scorer: Scorer) -> float:
    """Log-odds that the best code is the thing."""
    if isinstance(node, Phrase):
        return scorer.best_evidence(leaves[node].contrast)
    told = {phrase: scorer.evidence(leaf.contrast) for phrase, leaf in leaves.items()}
    return scorer.greatest(evaluate(node, told, np.negative, _both_somewhere))


def _less_one(scores: Floats) -> Floats:
    return 1 - scores


def _target(target: Floats, relation: str, reference: Floats) -> Floats:
    return target


def _both_somewhere(target: Floats, relation: str, reference: Floats) -> Floats:
    """A target and a reference are different codes, so they cannot be compared code by code."""
    return np.full_like(target, min(target.max(), reference.max()))
