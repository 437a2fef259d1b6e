"""Completion of a small room: where answers stand, and what they say about themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import KDTree

from lexel.completion.networks import SemAbs3D, SemanticAwareOVSSC
from lexel.errors import (
    CancelledError,
    EncoderError,
    InputError,
    LabelError,
    SceneError,
    WeightsError,
)
from lexel.geometry.transforms import apply, invert, scaling, translation, yaw
from lexel.io.placing import valid_points
from lexel.pipelines.complete import complete
from lexel.pipelines.settings import Settings
from lexel.progress import Silent
from lexel.scene import AnswerKind
from tests.pipelines.tiny import LABELS, moved, tiny_network, tiny_scene
from tests.relevancy.tiny_clip import count_crops, tiny_encoder

GRID = 32
QUICK = Settings("chefer_et_al", grid_size=GRID)
REFERENCE = replace(QUICK, reference=True, grid_size=12)
EVERYWHERE = -1e9
STEP_M = 2 / (GRID - 1)
BOX_LOWER, BOX_UPPER = np.array([-1, -1, -0.1]), np.array([1, 1, 1.9])
# Half the size, turned by 90 degrees and moved: exact in binary, so that nothing is rounded anew.
MOVED = translation((0.25, -0.125, 0.0)) @ yaw(np.pi / 2) @ scaling(0.5)


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


@pytest.fixture(scope="module")
def published():
    """An encoder of twelve blocks, of which reference mode counts the last."""
    return tiny_encoder(layers=12)


@pytest.fixture(scope="module")
def network():
    return tiny_network(SemAbs3D)


@pytest.fixture(scope="module")
def answer(encoder, network):
    return complete(tiny_scene(), encoder, network, QUICK, cutoff=EVERYWHERE)


def bytes_of(answer):
    arrays = [answer.relevancies, answer.scene_points_m]
    for found in answer.found:
        arrays += [found.points_m, found.score]
        arrays += [found.mesh.vertices_m, found.mesh.faces] if found.mesh else []
    return b"".join(array.tobytes() for array in arrays)


def test_every_label_is_reported_in_the_order_asked(answer):
    assert tuple(found.text for found in answer.found) == LABELS
    assert answer.kind is AnswerKind.COMPLETION
    assert len({found.colour for found in answer.found}) == len(LABELS)
    for found in answer.found:
        assert len(found.points_m) == len(found.score)
        assert found.empty == (found.mesh is None)
    assert not answer.found[0].empty or not answer.found[1].empty


def test_each_place_has_one_label(answer):
    points = np.concatenate([found.points_m for found in answer.found])
    assert len(np.unique(points.round(4), axis=0)) == len(points)


def test_the_observed_cloud_is_the_scene_s_own(answer):
    scene = tiny_scene()
    np.testing.assert_array_equal(answer.scene_points_m, valid_points(scene.view))
    seen = scene.view.depth_m.reshape(-1) > 0
    np.testing.assert_array_equal(answer.scene_rgb, scene.view.rgb.reshape(-1, 3)[seen])


def assert_overlays(answer, scene):
    """Answers stand in the box, and within a step of every point that was seen in it."""
    places = np.concatenate([found.points_m for found in answer.found])
    in_box = apply(scene.box_from_world, places)
    assert (in_box >= BOX_LOWER - 1e-5).all() and (in_box <= BOX_UPPER + 1e-5).all()
    seen = answer.scene_points_m
    away, _ = KDTree(places).query(seen)
    assert away.max() < 1.8 * answer.voxel_size_m
    for found in answer.found:
        if found.mesh is not None:
            corners = found.points_m.min(0), found.points_m.max(0)
            surface = found.mesh.vertices_m.min(0), found.mesh.vertices_m.max(0)
            np.testing.assert_allclose(surface, corners, atol=answer.voxel_size_m)


def test_answers_overlay_the_cloud(answer):
    assert_overlays(answer, tiny_scene())
    assert answer.voxel_size_m == pytest.approx(STEP_M)
    np.testing.assert_allclose(answer.forward, [1, 0, 0])


def test_moving_and_scaling_the_scene_moves_and_scales_the_answer(encoder, network, answer):
    scene = moved(tiny_scene(), MOVED)
    there = complete(scene, encoder, network, QUICK, cutoff=EVERYWHERE)
    assert_overlays(there, scene)
    assert there.voxel_size_m == pytest.approx(2 * STEP_M)
    np.testing.assert_allclose(there.forward, [0, -1, 0], atol=1e-9)
    for here, found in zip(answer.found, there.found, strict=True):
        expected = apply(invert(MOVED), here.points_m)
        assert abs(len(expected) - len(found.points_m)) <= 0.01 * len(expected)
        away, _ = KDTree(found.points_m).query(expected)
        assert (away < 1e-4).mean() > 0.99


def test_the_same_seed_gives_the_same_bytes(encoder, network, answer):
    again = complete(tiny_scene(), encoder, network, QUICK, cutoff=EVERYWHERE)
    assert bytes_of(again) == bytes_of(answer)


def test_another_seed_draws_other_points(encoder, network, answer):
    """The view has more points in the box than the network takes."""
    other = complete(tiny_scene(), encoder, network, replace(QUICK, seed=1), cutoff=EVERYWHERE)
    assert bytes_of(other) != bytes_of(answer)


def test_a_huge_cutoff_leaves_every_label_empty(encoder, network):
    answer = complete(tiny_scene(), encoder, network, QUICK, cutoff=1e9)
    assert tuple(found.text for found in answer.found) == LABELS
    for found in answer.found:
        assert found.empty and found.mesh is None
        assert found.points_m.shape == (0, 3) and found.score.shape == (0,)


@pytest.mark.parametrize(
    ("pretrained", "weights", "meaningless"),
    [
        ("local", "x.pth", False),
        ("untrained", "x.pth", True),
        ("local", "untrained", True),
    ],
)
def test_random_weights_are_stamped_meaningless(pretrained, weights, meaningless):
    encoder, network = tiny_encoder(pretrained=pretrained), tiny_network(SemAbs3D, weights=weights)
    answer = complete(tiny_scene(), encoder, network, replace(QUICK, grid_size=6))
    assert answer.meaningless is meaningless


def test_what_made_the_answer_is_written_down(answer):
    said = answer.provenance
    assert said["encoder"]["name"] == "tiny"
    assert said["network"]["class"] == "SemAbs3D"
    assert (said["preset"], said["seed"], said["compat"]) == ("chefer_et_al", 0, None)
    assert "wall" in said["background_labels"]


def test_without_a_preset_the_network_s_own_is_used(encoder):
    network = tiny_network(SemAbs3D, saliency_config="fast")
    answer = complete(tiny_scene(), encoder, network, replace(QUICK, preset=None, grid_size=6))
    assert answer.provenance["preset"] == "fast"


def test_one_label_alone_is_answered(encoder, network):
    alone = complete(tiny_scene(labels=("mug",)), encoder, network, QUICK, cutoff=EVERYWHERE)
    assert alone.relevancies.any()
    assert not alone.found[0].empty


def test_the_baseline_that_reads_colour(encoder):
    network = tiny_network(SemanticAwareOVSSC)
    answer = complete(tiny_scene(), encoder, network, QUICK, cutoff=EVERYWHERE)
    assert_overlays(answer, tiny_scene())


class TestReferenceMode:
    def test_runs_and_depends_on_the_seed(self, published, network):
        first, again, other = (
            complete(tiny_scene(), published, network, replace(REFERENCE, seed=seed))
            for seed in (0, 0, 1)
        )
        assert bytes_of(first) == bytes_of(again) != bytes_of(other)
        assert first.provenance["background_labels"] == []

    def test_the_mean_runs_over_everything_the_scene_names(self, published, network):
        answer = complete(tiny_scene(), published, network, REFERENCE)
        assert answer.relevancy_labels == LABELS  # the descriptions name nothing else
        np.testing.assert_allclose(answer.relevancies.sum(0), 0, atol=1e-5)

    def test_is_kept_for_the_published_network_only(self, published):
        with (
            count_crops(published) as crops,
            pytest.raises(WeightsError, match=r"kept for SemAbs3D.*SemanticAwareOVSSC"),
        ):
            complete(tiny_scene(), published, tiny_network(SemanticAwareOVSSC), REFERENCE)
        assert not crops  # told before the long work


def test_text_features_of_another_size_are_refused_before_the_long_work():
    encoder = tiny_encoder(embed_dim=32)
    with count_crops(encoder) as crops, pytest.raises(EncoderError, match=r"512 numbers.*got 32"):
        complete(tiny_scene(), encoder, tiny_network(SemanticAwareOVSSC), QUICK)
    assert not crops
    complete(tiny_scene(), encoder, tiny_network(SemAbs3D), replace(QUICK, grid_size=6))


@pytest.mark.parametrize("cutoff", [float("nan"), float("inf")])
def test_a_cutoff_is_a_number(encoder, network, cutoff):
    with pytest.raises(InputError, match="cutoff"):
        complete(tiny_scene(), encoder, network, QUICK, cutoff=cutoff)


def test_no_labels_are_refused(encoder, network):
    with pytest.raises(LabelError, match="no labels to complete") as refused:
        complete(tiny_scene(labels=()), encoder, network, QUICK)
    assert refused.value.where == "tiny room"


@pytest.mark.parametrize("settings", [QUICK, REFERENCE])
def test_a_view_outside_the_box_is_refused(encoder, network, settings):
    far = tiny_scene(box_from_world=translation((100, 0, 0)))
    with pytest.raises(SceneError, match="no point of this view lies in the networks' box"):
        complete(far, encoder, network, settings)


def test_it_is_cancelled_between_labels(encoder, network):
    class Stopped(Silent):
        stage, done = "", 0

        def begin(self, stage, total):
            self.stage = stage

        def advance(self, steps=1):
            if self.stage == "completing":
                self.done += 1
                raise CancelledError

    stopped = Stopped()
    with pytest.raises(CancelledError):
        complete(tiny_scene(), encoder, network, QUICK, progress=stopped)
    assert stopped.done == 1
