"""From text embeddings to the colours of all points: the engine, dense features, a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from benchmarks.figures import Figure, Options, compare
from benchmarks.measure import Spent, repeatedly, tell
from benchmarks.published.fields import DenseField, HashGridField
from lexel.geometry.vectors import unit_rows
from lexel.query.colour import expand, heat_colours, label_colours_of
from lexel.query.engine import Engine, prepare
from lexel.query.language import parse
from lexel.query.vectors import TextVectors
from lexel.scene import Codebook, Scoring
from lexel.scene.palette import label_colours

_DIM, _CODES, _MOST_CODES = 512, 4096, 65_536
_NUM_POINTS = (100_000, 1_000_000, 10_000_000)
_COMPARED = 1_000_000
_BLOCK_ROWS = 125_000  # of the dense features: 256 MB, far beyond any cache
_NETWORK_POINTS = 20_000
_QUERIES = ("mug", "chair", "table", "lamp", "plant")
_REPEATS = 5
_DENSE_TARGET, _NETWORK_TARGET, _GATHER_TARGET = 30.0, 1000.0, 0.5


@dataclass(frozen=True, eq=False)
class Asked:
    """Five queries against four negatives, encoded at random: what is in them costs nothing."""

    texts: TextVectors
    text: str = "; ".join(_QUERIES)

    @property
    def phrases(self) -> Tensor:
        return torch.from_numpy(self.texts.visual[: len(_QUERIES)])

    @property
    def negatives(self) -> Tensor:
        return torch.from_numpy(self.texts.visual[len(_QUERIES) :])


def run(options: Options) -> list[Figure]:
    """Colours of 10^5, 10^6 and 10^7 points; scores alone; the expansion alone."""
    random = np.random.default_rng(0)
    texts = (*_QUERIES, *Scoring().negatives)
    asked = Asked(TextVectors(texts, unit_rows(random.standard_normal((len(texts), _DIM)))))
    engine = _engine(random, _CODES)
    palette = torch.tensor([(*colour, 255) for colour in label_colours(len(_QUERIES))]).byte()
    spent = {}
    for num_points in _NUM_POINTS:
        code = random.integers(0, _CODES, num_points).astype(np.int32)
        spent[num_points] = repeatedly(lambda c=code: _colours(engine, asked, c), _REPEATS)
        tell(f"query: {num_points:,} points: {spent[num_points]}")
    how = f"{_CODES} codes, {_DIM} numbers, five queries, four negatives, argmax colours"
    return [
        *(
            Figure(
                f"text embeddings to colours, {n:,} points",
                f"best of {_REPEATS}; {how}",
                lexel=s.wall_s,
            )
            for n, s in spent.items()
        ),
        _against_dense(random, asked, palette, spent[_COMPARED], how),
        _against_network(asked, palette, spent[_COMPARED], how),
        _scores_alone(random, asked),
        _expansion(random),
    ]


def _engine(random: np.random.Generator, num_codes: int) -> Engine:
    book = Codebook(
        clip=unit_rows(random.standard_normal((num_codes, _DIM), np.float32)).astype(np.float16),
        modality=np.zeros(num_codes, np.uint8),
        count=np.ones(num_codes, np.int32),
        agreement=np.ones(num_codes, np.float32),
        background=np.linspace([-0.2, -0.2], [0.2, 0.2], 101).T.astype(np.float32),
    )
    return prepare(book, Scoring())


def _colours(engine: Engine, asked: Asked, code: np.ndarray) -> np.ndarray:
    answer = engine.ask(parse(asked.text), asked.texts)
    return expand(label_colours_of(answer, label_colours(len(_QUERIES))), code)


def _against_dense(
    random: np.random.Generator, asked: Asked, palette: Tensor, lexel: Spent, how: str
) -> Figure:
    block = torch.from_numpy(unit_rows(random.standard_normal((_BLOCK_ROWS, _DIM), np.float32)))
    field = DenseField(block, _COMPARED)
    dense = repeatedly(lambda: field.ask(asked.phrases, asked.negatives, palette), 2)
    tell(f"query: dense features: {dense}")
    return compare(
        f"the same, {_COMPARED:,} points, against torch float32 over dense features",
        dense,
        lexel,
        f"dense: {_DIM} numbers a point, one block of {_BLOCK_ROWS:,} rows passed "
        f"{_COMPARED // _BLOCK_ROWS} times; Lexel: {how}",
        _DENSE_TARGET,
    )


def _against_network(asked: Asked, palette: Tensor, lexel: Spent, how: str) -> Figure:
    torch.manual_seed(0)
    field, xyz = HashGridField(_DIM), torch.rand(_NETWORK_POINTS, 3)
    some = repeatedly(lambda: field.ask(xyz, asked.phrases, asked.negatives, palette), 2)
    tell(f"query: hash-grid network over {_NETWORK_POINTS:,} points: {some}")
    return compare(
        f"the same, {_COMPARED:,} points, against a hash-grid network",
        some * (_COMPARED / _NETWORK_POINTS),
        lexel,
        f"network: 18 levels of 8, 600 wide, as CLIP-Fields', projected from {_NETWORK_POINTS:,} "
        f"points; Lexel: {how}",
        _NETWORK_TARGET,
    )


def _scores_alone(random: np.random.Generator, asked: Asked) -> Figure:
    engine, query = _engine(random, _MOST_CODES), parse(asked.text)
    rows, visual = engine.rows.visual, np.ascontiguousarray(asked.texts.visual)
    product = repeatedly(lambda: rows @ visual.T, _REPEATS)
    scores = repeatedly(lambda: engine.ask(query, asked.texts), _REPEATS)
    return compare(
        f"scores alone at {_MOST_CODES:,} codes, against the bare matrix product",
        product,
        scores,
        f"best of {_REPEATS}; scores, argmax, margin, ranges, thresholds and presence",
    )


def _expansion(random: np.random.Generator) -> Figure:
    num_points = _NUM_POINTS[-1]
    code = random.integers(0, _CODES, num_points).astype(np.int32)
    table = heat_colours(random.random(_CODES, np.float32))
    words = table.view(np.uint32)[:, 0]
    gather = repeatedly(lambda: words[code], _REPEATS)
    ours = repeatedly(lambda: expand(table, code), _REPEATS)
    return compare(
        f"expansion to {num_points:,} points, against numpy's gather of as many bytes",
        gather,
        ours,
        f"best of {_REPEATS}; a table of 4 bytes for each code, looked up by int32 codes",
        _GATHER_TARGET,
    )
