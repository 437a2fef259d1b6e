"""Localisation in a small room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import KDTree

from lexel.completion.networks import ClipSpatialVOOL, SemAbsVOOL, SemanticAwareVOOL
from lexel.errors import CancelledError, LabelError, SceneError, WeightsError
from lexel.geometry.transforms import apply, invert, scaling, translation, yaw
from lexel.pipelines.locate import locate
from lexel.pipelines.settings import Settings
from lexel.progress import Silent
from lexel.scene import AnswerKind
from tests.pipelines.tiny import DESCRIPTIONS, moved, tiny_network, tiny_scene
from tests.relevancy.tiny_clip import tiny_encoder

QUICK = Settings("chefer_et_al", grid_size=24)
REFERENCE = replace(QUICK, reference=True, grid_size=12)
MOVED = translation((0.25, -0.125, 0.0)) @ yaw(np.pi / 2) @ scaling(0.5)
KINDS = [SemAbsVOOL, SemanticAwareVOOL, ClipSpatialVOOL]


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


@pytest.fixture(scope="module")
def published():
    """An encoder of twelve blocks, of which reference mode counts the last."""
    return tiny_encoder(layers=12)


@pytest.fixture(scope="module")
def network():
    return tiny_network(SemAbsVOOL)


def bytes_of(answer):
    return b"".join(found.points_m.tobytes() + found.score.tobytes() for found in answer.found)


@pytest.mark.parametrize("kind", KINDS)
def test_every_description_has_its_likeliest_places(encoder, kind):
    answer = locate(tiny_scene(), encoder, tiny_network(kind), QUICK)
    assert answer.kind is AnswerKind.LOCALISATION
    assert [found.text for found in answer.found] == [str(d) for d in DESCRIPTIONS]
    for found in answer.found:
        assert found.mesh is None and not found.empty
        assert found.score.max() - found.score.min() <= 0.15
        assert (found.points_m >= [-1, -1, -0.1]).all() and (found.points_m <= [1, 1, 1.9]).all()


def test_the_maps_shown_are_those_the_network_read(encoder, network):
    parts = locate(tiny_scene(), encoder, network, QUICK)
    assert parts.relevancy_labels == ("mug", "table", "floor lamp")
    sentences = locate(tiny_scene(), encoder, tiny_network(ClipSpatialVOOL), QUICK)
    assert sentences.relevancy_labels == tuple(str(d) for d in DESCRIPTIONS)


def test_moving_and_scaling_the_scene_moves_and_scales_the_answer(encoder, network):
    here = locate(tiny_scene(), encoder, network, QUICK)
    there = locate(moved(tiny_scene(), MOVED), encoder, network, QUICK)
    assert there.voxel_size_m == pytest.approx(2 * here.voxel_size_m)
    for a, b in zip(here.found, there.found, strict=True):
        away, _ = KDTree(b.points_m).query(apply(invert(MOVED), a.points_m))
        assert (away < 1e-4).mean() > 0.95


def test_the_same_seed_gives_the_same_bytes(encoder, network):
    first, again, other = (
        locate(tiny_scene(), encoder, network, replace(QUICK, seed=seed)) for seed in (0, 0, 1)
    )
    assert bytes_of(first) == bytes_of(again) != bytes_of(other)


def test_a_description_is_answered_alike_in_any_order(encoder, network):
    """Volumes are shared between descriptions; the answers do not show it."""
    forward = locate(tiny_scene(), encoder, network, QUICK)
    backward = locate(tiny_scene(descriptions=DESCRIPTIONS[::-1]), encoder, network, QUICK)
    for a, b in zip(forward.found, backward.found[::-1], strict=True):
        assert a.text == b.text
        assert abs(len(a.points_m) - len(b.points_m)) <= 0.01 * len(a.points_m)


class TestReferenceMode:
    def test_runs_and_depends_on_the_seed(self, published, network):
        first, again, other = (
            locate(tiny_scene(), published, network, replace(REFERENCE, seed=seed))
            for seed in (0, 0, 1)
        )
        assert bytes_of(first) == bytes_of(again) != bytes_of(other)

    @pytest.mark.parametrize("kind", KINDS[1:])
    def test_is_kept_for_the_published_network_only(self, published, kind):
        with pytest.raises(WeightsError, match=f"SemAbsVOOL.*{kind.__name__}"):
            locate(tiny_scene(), published, tiny_network(kind), REFERENCE)


def test_no_descriptions_are_refused(encoder, network):
    with pytest.raises(LabelError, match=r"nothing to locate.*the mug behind the laptop"):
        locate(tiny_scene(descriptions=()), encoder, network, QUICK)


def test_a_view_outside_the_box_is_refused(encoder, network):
    with pytest.raises(SceneError, match="lies in the networks' box"):
        locate(tiny_scene(box_from_world=translation((100, 0, 0))), encoder, network, QUICK)


def test_it_is_cancelled_between_descriptions(encoder, network):
    class Stopped(Silent):
        stage = ""

        def begin(self, stage, total):
            self.stage = stage

        def advance(self, steps=1):
            if self.stage == "locating":
                raise CancelledError

    with pytest.raises(CancelledError):
        locate(tiny_scene(), encoder, network, QUICK, progress=Stopped())
