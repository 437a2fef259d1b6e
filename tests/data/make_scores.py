"""Writes `scores.json`: what every copy of the query arithmetic must give.

    python tests/data/make_scores.py

The formulas of `spec/formats.md` and `lexel.query` once more, slowly, number by number in double
precision, without a line of Lexel. The engine and the Blender add-on are held to the file: to
1e-5, and exactly where it is about colours and best queries. Vectors are multiples of 1/64, which
float16 holds exactly; they are no unit vectors, as readers renormalise. A tree is a list: `phrase`,
text, weight; or `not`, `and`, `or` and its parts.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("scores.json")
RAMPS = Path(__file__).parents[2] / "core" / "lexel" / "scene" / "colour_ramps.bin"
DIM, SENTENCE_DIM, NUM_CODES, BINS = 8, 6, 40, 256
MODEL = {"outlier": 0.59, "rise": 4.22, "level": 5.14, "luck": -2.14, "bias": 2.14, "sentence": 0.3}
DEFAULT_NEGATIVES = ["object", "things", "stuff", "texture"]
WORDS = ["mug", "red cup", "table", "plate", *DEFAULT_NEGATIVES]
EXAMPLE = "(example)"
NEAR = "single precision may decide otherwise: choose another seed"


def phrase(text: str, weight: float = 1) -> list[Any]:
    return ["phrase", text, weight]


MUG, CUP, TABLE, PLATE = map(phrase, WORDS[:4])


def case(name: str, text: str, *asks: Any, **options: Any) -> dict[str, Any]:
    """A case; `asks` are pairs of a tree and its own negatives."""
    standard = {"everywhere": [], "negatives": DEFAULT_NEGATIVES, "balance": 0.0, "scale": 10.0}
    standard |= {"example": False, "two_modalities": False}
    return {"name": name, "text": text, "asks": [list(ask) for ask in asks], **standard, **options}


CASES = [
    case("one phrase", "mug", (MUG, [])),
    case("three queries", "mug; the red cup\ntable", (MUG, []), (CUP, []), (TABLE, [])),
    case(
        "negatives of one query and of all",
        "mug -table -plate; red cup; -table^2",
        (MUG, [TABLE, PLATE]),
        (CUP, []),
        everywhere=[phrase("table", 2)],
    ),
    case(
        "weights",
        "mug^3; red cup^0.5 -table^2",
        (phrase("mug", 3), []),
        (phrase("red cup", 0.5), [phrase("table", 2)]),
    ),
    case("other negatives", "mug", (MUG, []), negatives=["plate", "table"]),
    case("no negatives", "mug^2; table", (phrase("mug", 2), []), (TABLE, []), negatives=[]),
    case("balance", "mug; red cup -plate", (MUG, []), (CUP, [PLATE]), balance=0.3),
    case("sentence alone", "mug", (MUG, []), balance=1.0),
    case(
        "and, or, not",
        "mug and not (red cup or table^2); not plate",
        (["and", MUG, ["not", ["or", CUP, phrase("table", 2)]]], []),
        (["not", PLATE], []),
    ),
    case(
        "and, or, not with balance",
        "mug and not table or plate",
        (["or", ["and", MUG, ["not", TABLE]], PLATE], []),
        balance=0.5,
    ),
    case(
        "pictures and names apart",
        "mug; plate -table",
        (MUG, []),
        (PLATE, [TABLE]),
        two_modalities=True,
    ),
    case("an example", "mug", (MUG, []), example=True, balance=0.25),
    case("a large scale", "mug; table", (MUG, []), (TABLE, []), scale=400.0),
]


def draw(seed: int, two_modalities: bool) -> dict[str, Any]:
    """A codebook and encoded texts, as JSON."""
    rng = random.Random(seed)

    def vector(dim: int, mean: float = 0.0) -> list[float]:
        return [round((rng.gauss(0, 1) + mean) * 64) / 64 for _ in range(dim)]

    modality = [int(two_modalities and k % 3 == 0) for k in range(NUM_CODES)]
    sentence = [vector(SENTENCE_DIM) for _ in range(NUM_CODES)]
    for k in range(1, NUM_CODES, 4):
        sentence[k] = [0.0] * SENTENCE_DIM
    texts = [*WORDS, EXAMPLE]
    return {
        "clip": [vector(DIM, 0.3 + m) for m in modality],
        "sentence": sentence,
        "modality": modality,
        "background": [[round(q / 20 - 0.4, 3) for q in range(17)], [q / 64 for q in range(17)]],
        "texts": texts,
        "visual": [vector(DIM, 0.5) for _ in texts],
        "sentences": [vector(SENTENCE_DIM) for _ in texts],
    }


class Reckoner:
    """Answers one case."""

    def __init__(self, field: dict[str, Any], asked: dict[str, Any]) -> None:
        self.field, self.asked, self.codes = field, asked, range(NUM_CODES)
        self.groups = [[k for k in self.codes if field["modality"][k] == m] for m in (0, 1)]

    def leaf(self, node: list[Any], negatives: list[Any]) -> tuple[list[float], list[float]]:
        """Score and log-odds of presence of every code."""
        b, scores, contrasts = self.asked["balance"], [], []
        visual = self.log_odds(node, negatives, "clip", "visual")
        sentence = self.log_odds(node, negatives, "sentence", "sentences")
        for k in self.codes:
            share = b if any(self.field["sentence"][k]) else 0.0
            scores.append((1 - share) * logistic(visual[k]) + share * logistic(sentence[k]))
            halves = (1 - share) * visual[k] + share * MODEL["sentence"] * sentence[k]
            contrasts.append(halves / self.asked["scale"])
        return scores, self.evidence(contrasts)

    def log_odds(
        self, node: list[Any], negatives: list[Any], codes: str, texts: str
    ) -> list[float]:
        def v(text: str, weight: float, k: int) -> float:
            vector = self.field[texts][self.field["texts"].index(text)]
            cosine = dot(unit(self.field[codes][k]), unit(vector))
            return self.asked["scale"] * cosine + math.log(weight)

        _, text, weight = node
        if text == EXAMPLE or not negatives:
            level = {}
            for group in filter(None, self.groups):
                median = quantile([v(text, 1, k) for k in group], 0.5)
                level |= dict.fromkeys(group, median)
        else:
            level = {k: max(v(n[1], n[2], k) for n in negatives) for k in self.codes}
        return [v(text, weight, k) - level[k] for k in self.codes]

    def evidence(self, contrasts: list[float]) -> list[float]:
        told = [0.0] * NUM_CODES
        for m, group in enumerate(self.groups):
            if not group:
                continue
            own = [contrasts[k] for k in group]
            median, span = quantile(own, 0.5), self.span(m)
            deviation = max(median - quantile(own, 0.16), span / 20)
            for k in group:
                told[k] = MODEL["outlier"] * min((contrasts[k] - median) / deviation, 20)
                told[k] += MODEL["rise"] * (contrasts[k] - median) / span
                told[k] += MODEL["level"] * contrasts[k] / span
                told[k] += MODEL["luck"] * math.sqrt(2 * math.log(len(group))) + MODEL["bias"]
        return told

    def span(self, modality: int) -> float:
        row = self.field["background"][modality]
        return interpolated(row, 0.999) - interpolated(row, 0.5)

    def tree(self, node: list[Any], negatives: list[Any], which: int) -> list[float]:
        """Scores (which = 0) or log-odds of presence (1) of every code."""
        kind, *parts = node
        if kind == "phrase":
            return self.leaf(node, negatives)[which]
        rows = [self.tree(part, negatives, which) for part in parts]
        if kind == "not":
            return [-x if which else 1 - x for x in rows[0]]
        join: Callable[..., float] = min if kind == "and" else max
        return [join(column) for column in zip(*rows, strict=True)]

    def ranges(self, scores: list[float]) -> tuple[list[list[float]], list[float]]:
        """Range and threshold for each modality."""
        ranges: list[Any] = [None, None]
        thresholds: list[Any] = [None, None]
        for m, group in enumerate(self.groups):
            if not group:
                continue
            own = [scores[k] for k in group]
            rise = logistic(self.asked["scale"] * self.span(m)) - 0.5
            median = quantile(own, 0.5)
            high = max(quantile(own, 0.999), median + (1 - self.asked["balance"]) * rise)
            ranges[m], thresholds[m] = [median, min(high, 1.0)], threshold(own)
        there = 0 if self.groups[0] else 1
        return (
            [r or ranges[there] for r in ranges],
            [thresholds[there] if t is None else t for t in thresholds],
        )

    def answer(self) -> dict[str, Any]:
        rows, told = [], []
        shared = [*self.asked["everywhere"], *map(phrase, self.asked["negatives"])]
        wanted = [(tree, [*own, *shared]) for tree, own in self.asked["asks"]]
        wanted += [(phrase(EXAMPLE), [])] if self.asked["example"] else []
        for tree, negatives in wanted:
            scores = self.tree(tree, negatives, 0)
            ranges, thresholds = self.ranges(scores)
            presence = logistic(max(self.tree(tree, negatives, 1)))
            rows.append(scores)
            told.append((ranges, thresholds, None if tree[1] == EXAMPLE else presence))
        ordered = [sorted(column) for column in zip(*rows, strict=True)]
        return {
            "scores": rows,
            "best": [max(range(len(rows)), key=lambda q, k=k: rows[q][k]) for k in self.codes],
            "margin": [c[-1] - (c[-2] if len(c) > 1 else 0) for c in ordered],
            "range": [ranges for ranges, _, _ in told],
            "threshold": [thresholds for _, thresholds, _ in told],
            "presence": [presence for _, _, presence in told],
            "heat_rgb": [self.colours(s, told[q][0]) for q, s in enumerate(rows)],
        }

    def colours(self, scores: list[float], ranges: list[list[float]]) -> list[list[int]]:
        """In cividis, the first of the tables."""
        table, colours = RAMPS.read_bytes(), []
        for k in self.codes:
            low, high = ranges[self.field["modality"][k]]
            x = 255 * min(max((scores[k] - low) / (high - low), 0), 1) + 0.5
            assert x < 0.6 or 5e-4 < x % 1 < 1 - 5e-4, NEAR
            colours.append(list(table[3 * math.floor(x) : 3 * math.floor(x) + 3]))
        return colours


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(dot(vector, vector))
    return [x / length for x in vector] if length else list(vector)


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def quantile(values: list[float], p: float) -> float:
    return sorted(values)[math.floor(p * (len(values) - 1) + 0.5)]


def interpolated(row: list[float], p: float) -> float:
    at = p * (len(row) - 1)
    below = math.floor(at)
    return row[below] + (at - below) * (row[min(below + 1, len(row) - 1)] - row[below])


def threshold(values: list[float]) -> float:
    """Kittler and Illingworth's, on the upper part of the way from the median to the top."""
    low, top, median = min(values), max(values), quantile(values, 0.5)
    width = (top - low) / BINS
    bins = [min((value - low) / width, BINS - 1) for value in values]
    assert all(x < 0.5 or 1e-4 < x % 1 < 1 - 1e-4 or x == BINS - 1 for x in bins), NEAR
    places = [math.floor(x) + 0.5 for x in bins]
    errors = {}
    for edge in range(1, BINS):
        way = (low + edge * width - median) / (top - median)
        assert all(abs(way - end) > 1e-5 for end in (0.55, 0.85)), NEAR
        sides = [[x for x in places if x < edge], [x for x in places if x > edge]]
        if 0.55 <= way <= 0.85:
            errors[edge] = sum(error(side, len(side) / len(places)) for side in sides)
    best = min(errors.values())
    same = [edge for edge, found in errors.items() if found <= best + 1e-9]
    rest = [found for edge, found in errors.items() if found > best + 1e-9]
    assert not rest or min(rest) > best + 1e-5, NEAR
    return low + (same[0] + same[-1]) / 2 * width


def error(side: list[float], share: float) -> float:
    mean = math.fsum(side) / len(side)
    variance = max(math.fsum((x - mean) ** 2 for x in side) / len(side), 1.0)
    return share * (math.log(variance) - 2 * math.log(share))


def rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return {key: rounded(part) for key, part in value.items()} if isinstance(value, dict) else value


def build() -> dict[str, Any]:
    """Everything in the file."""
    fields = {name: draw(seed, name == "two") for seed, name in ((1, "one"), (1, "two"))}
    cases = []
    for asked in CASES:
        field = "two" if asked["two_modalities"] else "one"
        expected = Reckoner(fields[field], asked).answer()
        options = {key: part for key, part in asked.items() if key != "two_modalities"}
        cases.append({"field": field, **options, "expected": rounded(expected)})
    return {"model": MODEL, "example": EXAMPLE, "fields": fields, "cases": cases}


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), separators=(",", ":")) + "\n", encoding="utf-8")
