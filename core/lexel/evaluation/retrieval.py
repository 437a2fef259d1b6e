"""How well pictures find their captions, captions their pictures, and pictures their class.

An image may have several captions, and one caption several images: any right one counts. What is
as near as the right answer counts as nearer, so a model that tells nothing apart scores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lexel.errors import InputError

DEPTHS = (1, 5, 10)
_ROWS = 1024  # of the similarity matrix at a time


@dataclass(frozen=True)
class Retrieval:
    """One direction.

    Attributes:
        recall: share of queries, in 0..1, with a right answer among the first 1, 5, 10.
        chance: the same for answers in random order.
        median_rank: of the first right answer, from 1.
        queries, answers: how many there were.
    """

    recall: Mapping[int, float]
    chance: Mapping[int, float]
    median_rank: float
    queries: int
    answers: int


@dataclass(frozen=True)
class ZeroShot:
    """Accuracy of the nearest class, and of any of the nearest five, in 0..1.

    Attributes:
        classes, images: how many there were; chance is 1 / classes, and 5 / classes.
    """

    top1: float
    top5: float
    classes: int
    images: int


def right_answers(pairs: Iterable[tuple[str, str]]) -> tuple[list[str], list[str], list[list[int]]]:
    """Images, texts (each once, in their order), and of each image the numbers of its texts."""
    images: dict[str, list[int]] = {}
    texts: dict[str, int] = {}
    for image, text in pairs:
        number = texts.setdefault(text, len(texts))
        mine = images.setdefault(image, [])
        if number not in mine:
            mine.append(number)
    return list(images), list(texts), list(images.values())


def inverted(right: Sequence[Sequence[int]], count: int) -> list[list[int]]:
    """Of each of `count` answers, the queries it is right for."""
    turned: list[list[int]] = [[] for _ in range(count)]
    for query, answers in enumerate(right):
        for answer in answers:
            turned[answer].append(query)
    return turned


def measure_retrieval(
    queries: Tensor, answers: Tensor, right: Sequence[Sequence[int]]
) -> Retrieval:
    """Recall of `answers` [M, D] for `queries` [N, D], both unit vectors.

    Args:
        right: of each query, the numbers of its right answers, at least one.

    Raises:
        InputError: there is nothing to find, or numbers that are none.
    """
    if not len(queries) or not len(answers):
        raise InputError("there is nothing to find")
    ranks = compute_ranks(queries, answers, right)
    return Retrieval(
        {k: (ranks < k).float().mean().item() for k in DEPTHS},
        {k: _chance(right, len(answers), k) for k in DEPTHS},
        ranks.double().quantile(0.5).item() + 1,
        len(queries),
        len(answers),
    )


def compute_ranks(queries: Tensor, answers: Tensor, right: Sequence[Sequence[int]]) -> Tensor:
    """[N] int64: how many wrong answers are as near as the nearest right one, or nearer."""
    ranks = []
    for at in range(0, len(queries), _ROWS):
        scores = queries[at : at + _ROWS] @ answers.T
        if not scores.isfinite().all():
            raise InputError("the model's features are no numbers", do="Its training has failed.")
        mine = torch.zeros_like(scores, dtype=torch.bool)
        for row, numbers in enumerate(right[at : at + _ROWS]):
            mine[row, list(numbers)] = True
        best = scores.masked_fill(~mine, -torch.inf).amax(1, keepdim=True)
        ranks.append(((scores >= best) & ~mine).sum(1))
    return torch.cat(ranks)


def measure_zero_shot(images: Tensor, classes: Tensor, truth: Sequence[int]) -> ZeroShot:
    """Accuracy of `classes` [C, D] for `images` [N, D], unit vectors, by number of the class."""
    ranks = compute_ranks(images, classes, [[number] for number in truth])
    top1, top5 = ((ranks < k).float().mean().item() for k in (1, 5))
    return ZeroShot(top1, top5, len(classes), len(images))


def _chance(right: Sequence[Sequence[int]], answers: int, depth: int) -> float:
    """Mean over queries of the chance that the first `depth` of a random order hold a right one."""
    return sum(1 - _miss(len(mine), answers, depth) for mine in right) / len(right)


def _miss(right: int, answers: int, depth: int) -> float:
    missed = 1.0
    for place in range(min(depth, answers)):
        missed *= max(0, answers - right - place) / (answers - place)
    return missed
