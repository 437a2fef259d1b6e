"""From a keypress to the scores of all codes: numpy and torch text tower, SBERT, query engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.figures import Figure, Options
from benchmarks.measure import tell, timed
from benchmarks.workload import ENCODER, SEED, Unavailable
from lexel.encoders.clip import load_encoder
from lexel.encoders.phrases import ClipPhrases
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.encoders.sentence import load_sentence_encoder
from lexel.encoders.text_tower import text_tower_of
from lexel.encoders.weights.sentence_models import PACKAGE
from lexel.errors import InputError
from lexel.fields.phrases import vocabulary
from lexel.geometry.vectors import unit_rows
from lexel.query.engine import Engine, prepare
from lexel.query.language import parse
from lexel.query.text_tower import TextTower, TowerPhrases
from lexel.query.typing import complete
from lexel.query.vectors import TextVectors, texts_to_encode
from lexel.scene import Codebook, PhraseEncoder, Scoring, SentenceModel

_KEYS = 200
_WARM = 10
_CODES, _DIM = 2048, 512
_BALANCE = 1 / 11
_TARGET_S = 0.1


@dataclass(frozen=True, eq=False)
class Desk:
    """Somebody at a keyboard, before a field.

    Attributes:
        negatives: encoded when the field was opened.
    """

    engine: Engine
    visual: PhraseEncoder
    sentence: SentenceModel
    negatives: TextVectors

    def press(self, typed: str) -> None:
        """Everything from the key to the scores: parse, complete, encode, score."""
        query = parse(typed)
        complete(typed, vocabulary())
        texts = texts_to_encode(query, self.negatives.texts)
        new = [text for text in texts if text not in self.negatives.texts]
        vectors = TextVectors(
            (*new, *self.negatives.texts),
            np.concatenate([self.visual.encode(new), self.negatives.visual]),
            np.concatenate([self.sentence.encode(new), self.negatives.sentence]),
        )
        self.engine.ask(query, vectors, balance=_BALANCE)


def run(options: Options) -> list[Figure]:
    """p50 and p95 over many keys, either tower in turn, and the parts by themselves."""
    encoder, sentence = load_encoder(ENCODER, seed=SEED), _sentence_model()
    tower = TextTower.of(text_tower_of(encoder))
    templates = (PHOTOGRAPH_TEMPLATE,)
    torch_side: PhraseEncoder = ClipPhrases(encoder, templates)
    numpy_side: PhraseEncoder = TowerPhrases(tower, templates)
    engine, typed = _engine(sentence), _typed()
    desks = [_desk(engine, side, sentence) for side in (torch_side, numpy_side)]
    in_torch, in_numpy = _in_turn([desk.press for desk in desks], typed)
    tower_torch, tower_numpy, meaning = _in_turn(
        [lambda t: torch_side.encode([t]), lambda t: numpy_side.encode([t]),
         lambda t: sentence.encode([t])], typed
    )  # fmt: skip
    how = (
        f"{_KEYS} keys, each the beginning of a phrase; full-size ViT-B/32 text tower of random "
        f"weights, all-MiniLM-L6-v2, four negatives encoded before, {_CODES} codes; baseline "
        f"the same with the tower in torch, key by key in turn; torch's threads {options.threads}, "
        f"numpy's {os.cpu_count()}"
    )
    both = [("keypress to scores", in_torch, in_numpy), ("  text tower", tower_torch, tower_numpy)]
    figures = [
        Figure(f"{what}, p{p}", how, "s", _at(a, p), _at(b, p), at_most=_target(what, p))
        for what, a, b in both
        for p in (50, 95)
    ]
    alone = "the same keys; torch on both sides"
    return [*figures, Figure("  sentence model, p95", alone, lexel=_at(meaning, 95))]


def _target(what: str, percentile: int) -> float | None:
    return _TARGET_S if percentile == 95 and not what.startswith(" ") else None


def _at(seconds: Sequence[float], percentile: float) -> float:
    return float(np.percentile(seconds, percentile))


def _in_turn(works: Sequence[Callable[[str], object]], typed: Sequence[str]) -> list[list[float]]:
    """Seconds of each work on each text, after some to warm up."""
    walls: list[list[float]] = [[] for _ in works]
    for number, text in enumerate((*typed[:_WARM], *typed)):
        for work, kept in zip(works, walls, strict=True):
            spent, _ = timed(lambda work=work, text=text: work(text))  # type: ignore[misc]
            if number >= _WARM:
                kept.append(spent.wall_s)
    tell(f"typing: {len(typed)} keys on {len(works)} sides")
    return walls


def _typed() -> list[str]:
    """What stands in the query box after a key: beginnings of phrases of the vocabulary."""
    rng = np.random.default_rng(SEED)
    phrases = rng.choice(vocabulary(), _KEYS)
    return [str(phrase)[: rng.integers(1, len(phrase) + 1)].strip() or "mug" for phrase in phrases]


def _engine(sentence: SentenceModel) -> Engine:
    rng = np.random.default_rng(SEED)

    def rows(dim: int) -> np.ndarray:
        return unit_rows(rng.normal(size=(_CODES, dim))).astype(np.float16)

    codebook = Codebook(
        clip=rows(_DIM),
        modality=np.zeros(_CODES, np.uint8),
        count=np.ones(_CODES, np.int32),
        agreement=np.ones(_CODES, np.float32),
        background=np.linspace([-0.2, 0], [0.2, 0], 101, dtype=np.float32).T,
        sentence=rows(sentence.identity.dim),
    )
    return prepare(codebook, Scoring())


def _desk(engine: Engine, visual: PhraseEncoder, sentence: SentenceModel) -> Desk:
    texts = Scoring().negatives
    encoded = TextVectors(texts, visual.encode(texts), sentence.encode(texts))
    return Desk(engine, visual, sentence, encoded)


def _sentence_model() -> SentenceModel:
    try:
        return load_sentence_encoder(PACKAGE)
    except InputError as missing:
        raise Unavailable(str(missing)) from missing
