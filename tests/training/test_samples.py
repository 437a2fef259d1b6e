"""A training sample: its answers are true where its positions are, before they were moved."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lexel.completion.networks import ClipSpatialVOOL, SemAbs3D, SemAbsVOOL, SemanticAwareOVSSC
from lexel.io.room_shards import load_room_views
from lexel.io.room_views import RoomView
from lexel.pipelines.room_inputs import cell_centres, cells_in_frustum, in_box
from lexel.training.augmentation import Augmentation, draw_affine
from lexel.training.samples import Recipe, make_sample
from tests.room_world import make_dataset

STILL = Recipe("ovssc", points=300, positions=400, augmentation=None)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> RoomView:
    folder = make_dataset(tmp_path_factory.mktemp("rooms"), views=2, sources=("oracle", "tiny"))
    return load_room_views(folder, ["oracle", "tiny"], colour=True, sentences=True).views[0]


def test_answers_agree_with_the_truth(view: RoomView) -> None:
    sample = make_sample(SemAbs3D, view, ["oracle"], STILL, np.random.default_rng(0))
    ijk = ((sample.queries.numpy() - [-1, -1, -0.1]) * 32).astype(int)
    filled = view.truth()[tuple(np.moveaxis(ijk, -1, 0))]
    for ids, label in zip(filled, sample.label.numpy(), strict=True):
        own = set(ids[label].tolist())
        assert len(own) == 1 and 0 not in own  # every label of the toy world has one object
        assert not own & set(ids[~label].tolist())


def test_no_more_than_half_are_true_and_all_are_looked_at(view: RoomView) -> None:
    sample = make_sample(SemAbs3D, view, ["oracle"], STILL, np.random.default_rng(1))
    assert sample.label.float().mean(1).tolist() == [0.5] * 4
    cells = cell_centres()
    seen = cells_in_frustum(view, cells)
    ijk = ((sample.queries.numpy() - [-1, -1, -0.1]) * 32).astype(int)
    assert seen.reshape(64, 64, 64)[tuple(np.moveaxis(ijk, -1, 0))].all()


def test_rare_cells_are_drawn_no_more_often_than_repeats_allow(view: RoomView) -> None:
    recipe = Recipe("ovssc", 10, positions=20_000, repeats=1, augmentation=None)
    sample = make_sample(SemAbs3D, view, ["oracle"], recipe, np.random.default_rng(1))
    cells = [o.cells for o in view.objects]
    assert all(count <= max(cells) for count in sample.label.sum(1).tolist())


def test_the_same_numbers_draw_the_same_sample(view: RoomView) -> None:
    one, two = (
        make_sample(
            SemAbs3D, view, ["oracle", "tiny"], Recipe("ovssc"), np.random.default_rng([7, 1])
        )
        for _ in range(2)
    )
    assert torch.equal(one.queries, two.queries)
    assert torch.equal(one.inputs.values[0], two.inputs.values[0])


def test_augmentation_moves_points_and_positions_together(view: RoomView) -> None:
    recipe = Recipe("ovssc", 400, 400, augmentation=Augmentation())
    sample = make_sample(SemAbs3D, view, ["oracle"], recipe, np.random.default_rng(3))
    assert in_box(sample.inputs.xyz.numpy()).all()
    # Points that show a label most lie near the positions that are truly its own.
    for value, queries, label in zip(
        sample.inputs.values[0][..., 0], sample.queries, sample.label, strict=True
    ):
        shown = sample.inputs.xyz[value > 0.8]
        if len(shown):
            distance = torch.cdist(shown.mean(0)[None], queries[label].mean(0)[None]).item()
            assert distance < 0.5


def test_affine_is_as_published() -> None:
    draws = [draw_affine(Augmentation(), np.random.default_rng(n)) for n in range(200)]
    volumes = [np.linalg.det(m[:3, :3]) for m in draws]
    assert min(volumes) >= 1.0 and max(volumes) <= 1.1**3
    assert np.std([m[:3, 3] for m in draws]) == pytest.approx(0.1, rel=0.15)
    still = draw_affine(Augmentation(0, 0, 0), np.random.default_rng(0))
    np.testing.assert_allclose(still, np.eye(4))


def test_sources_of_other_size_look_alike(view: RoomView) -> None:
    large, small = (
        make_sample(SemAbs3D, view, [source], STILL, np.random.default_rng(0)).inputs.values[0]
        for source in ("oracle", "tiny")  # a tenth of the other
    )
    sizes = [values.abs().quantile(0.9).item() for values in (large, small)]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.1)


def test_each_network_is_given_what_it_reads(view: RoomView) -> None:
    vool = Recipe("vool", points=50, positions=60, questions=3)
    rng = np.random.default_rng(0)
    sample = make_sample(SemAbsVOOL, view, ["oracle"], vool, rng)
    assert [tuple(v.shape) for v in sample.inputs.values] == [(3, 50, 1)] * 2
    assert len(sample.inputs.relations) == 3
    sample = make_sample(ClipSpatialVOOL, view, ["oracle"], vool, rng)
    assert [tuple(v.shape) for v in sample.inputs.values] == [(3, 50, 1)]
    sample = make_sample(SemanticAwareOVSSC, view, ["oracle"], STILL, rng)
    assert sample.inputs.values[0].shape == (1, 300, 3)
    assert sample.inputs.text[0].norm(dim=-1).tolist() == pytest.approx([1] * 4)
