"""Which label fills each place."""

from __future__ import annotations

import gc

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.completion.networks import SemAbs3D
from lexel.completion.ovssc import (
    NO_LABEL,
    Completer,
    Evidence,
    best_labels,
    complete_labels,
)
from lexel.errors import CancelledError
from lexel.geometry.voxels import VoxelGrid
from lexel.progress import Silent
from tests.completion.small import random_cloud, random_map, small_network

TEXT = torch.zeros(512)
LABELS = ["mug", "sofa", "lamp"]

logit_rows = hnp.arrays(
    np.float32,
    st.tuples(st.integers(1, 5), st.integers(0, 12)),
    elements=st.integers(-8, 8).map(float),  # equal logits are common
)


@given(logit_rows, st.integers(-9, 9).map(float))
def test_the_highest_logit_wins_where_any_reaches_the_cutoff(rows, cutoff):
    places = rows.shape[1]
    got = best_labels(map(torch.from_numpy, rows), places, cutoff)
    for place in range(places):
        column = rows[:, place].tolist()
        highest = max(column)
        winner = column.index(highest) if highest >= cutoff else NO_LABEL
        assert got.label[place] == winner
        assert got.logit[place] == highest


@given(logit_rows)
def test_asking_more_labels_never_lowers_a_logit(rows):
    places = rows.shape[1]
    some = best_labels(map(torch.from_numpy, rows[:-1]), places, -np.inf)
    more = best_labels(map(torch.from_numpy, rows), places, -np.inf)
    assert (more.logit >= some.logit).all()


@pytest.fixture(scope="module")
def network():
    return small_network(SemAbs3D)


@pytest.fixture
def completer(network):
    grid = VoxelGrid(*network.config.scene_bounds, (9, 10, 11))
    wanted = torch.rand(grid.shape, generator=torch.Generator().manual_seed(0)) < 0.4
    return Completer(network, random_cloud(network.config), grid, wanted)


@pytest.fixture(scope="module")
def evidence():
    return {label: Evidence(random_map(i), TEXT) for i, label in enumerate(LABELS)}.__getitem__


def test_each_wanted_place_has_one_answer(completer, evidence):
    completion = complete_labels(completer, LABELS, evidence)
    places = len(completer.places.index)
    assert completion.label.shape == completion.logit.shape == (places,)
    assert (completion.label.dtype, completion.logit.dtype) == (torch.int16, torch.float32)
    by_label = torch.stack([completer.ask(label, evidence(label)) for label in LABELS])
    assert torch.equal(completion.label.long(), by_label.argmax(0))


def test_a_label_is_answered_alike_in_any_company(completer, evidence):
    alone = complete_labels(completer, ["sofa"], evidence)
    asked = completer.ask("sofa", evidence("sofa"))
    assert torch.equal(alone.logit, asked)
    complete_labels(completer, LABELS, evidence)
    assert torch.equal(completer.ask("sofa", evidence("sofa")), asked)


def test_a_huge_cutoff_leaves_everything_empty(completer, evidence):
    assert (complete_labels(completer, LABELS, evidence, cutoff=1e9).label == NO_LABEL).all()


def test_what_is_kept_does_not_grow_with_the_number_of_labels(completer, evidence):
    """Logits of a label are dropped before the next label's are there."""

    def large_tensors() -> int:
        size = len(completer.places.index)
        tensors = (o for o in gc.get_objects() if type(o) is torch.Tensor)
        return sum(tensor.numel() >= size for tensor in tensors)

    class Watching(Silent):
        counts: tuple[int, ...] = ()

        def advance(self, steps: int = 1) -> None:
            self.counts = (*self.counts, large_tensors())

    progress, names = Watching(), [str(i) for i in range(4)]
    same = Evidence(random_map(1), TEXT)
    complete_labels(completer, names, lambda _: same, progress=progress)
    assert len(progress.counts) == 4
    assert len(set(progress.counts[1:])) == 1


def test_it_is_cancelled_between_labels(completer, evidence):
    class Stopped(Silent):
        steps = 0

        def advance(self, steps: int = 1) -> None:
            self.steps += steps
            if self.steps == 2:
                raise CancelledError

    stopped = Stopped()
    with pytest.raises(CancelledError):
        complete_labels(completer, LABELS, evidence, progress=stopped)
    assert stopped.steps == 2
