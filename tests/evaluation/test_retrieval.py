"""Retrieval and zero-shot accuracy on features whose answers are known."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from lexel.errors import InputError
from lexel.evaluation.retrieval import (
    compute_ranks,
    inverted,
    measure_retrieval,
    measure_zero_shot,
    right_answers,
)


def _random(count: int, seed: int = 0) -> torch.Tensor:
    return F.normalize(torch.randn(count, 16, generator=torch.Generator().manual_seed(seed)), dim=1)


def test_right_answers_go_both_ways():
    pairs = [("a", "red"), ("a", "round"), ("b", "red"), ("b", "red"), ("c", "blue")]
    images, texts, right = right_answers(pairs)
    assert (images, texts) == (["a", "b", "c"], ["red", "round", "blue"])
    assert right == [[0, 1], [0], [2]]
    assert inverted(right, 3) == [[0, 1], [0], [2]]
    assert inverted(inverted(right, 3), 3) == right


def test_perfect_features_find_everything():
    features = _random(30)
    right = [[number] for number in range(30)]
    found = measure_retrieval(features, features, right)
    assert dict(found.recall) == {1: 1.0, 5: 1.0, 10: 1.0}
    assert (found.median_rank, found.queries, found.answers) == (1, 30, 30)


def test_a_collapsed_model_finds_nothing():
    same = F.normalize(torch.ones(20, 16), dim=1)
    found = measure_retrieval(same, same, [[number] for number in range(20)])
    assert not any(found.recall.values())
    assert found.chance[1] == pytest.approx(1 / 20)


def test_ranks_are_those_of_a_sorted_list():
    queries, answers = _random(40), _random(60, 1)
    right = [[n, (7 * n + 3) % 60] for n in range(40)]
    ranks = compute_ranks(queries, answers, right)
    order = (queries @ answers.T).argsort(1, descending=True).tolist()
    expected = [min(row.index(n) for n in mine) for row, mine in zip(order, right, strict=True)]
    assert ranks.tolist() == expected


def test_other_right_answers_do_not_stand_in_the_way():
    answers = torch.eye(4)
    query = F.normalize(torch.tensor([[4.0, 3, 2, 1]]), dim=1)
    assert compute_ranks(query, answers, [[1, 2]]).tolist() == [1]
    assert compute_ranks(query, answers, [[0, 1, 3]]).tolist() == [0]


def test_chance_is_what_random_features_reach():
    right = [[n, n + 100] for n in range(100)]
    recalls = [measure_retrieval(_random(100, s), _random(200, 1000 + s), right) for s in range(20)]
    for depth in (1, 5, 10):
        mean = sum(found.recall[depth] for found in recalls) / len(recalls)
        assert mean == pytest.approx(recalls[0].chance[depth], abs=0.02)


def test_chance_with_fewer_answers_than_places():
    assert measure_retrieval(torch.eye(3), torch.eye(3), [[0], [1], [2]]).chance[5] == 1


def test_zero_shot_accuracy():
    classes = torch.eye(8)
    images = torch.eye(8)[[0, 1, 2, 3]]
    found = measure_zero_shot(images, classes, [0, 1, 2, 7])
    assert (found.top1, found.classes, found.images) == (0.75, 8, 4)
    assert found.top5 == 0.75  # of the last, seven classes are as near as its own


def test_nothing_to_find_and_no_numbers():
    with pytest.raises(InputError):
        measure_retrieval(torch.empty(0, 4), torch.eye(4), [])
    with pytest.raises(InputError, match="no numbers"):
        measure_retrieval(torch.full((1, 4), torch.nan), torch.eye(4), [[0]])
