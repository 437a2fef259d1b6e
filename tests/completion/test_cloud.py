"""Which points a network reads."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.completion.cloud import draw_points, network_cloud, view_in_box
from lexel.completion.vool import kept
from lexel.geometry.transforms import scaling, translation, yaw
from tests.completion.small import random_cloud, small_config
from tests.pipelines.tiny import moved, tiny_scene

CONFIG = small_config()
CLOUD = random_cloud(CONFIG, points=120)
seeds = st.integers(0, 2**32 - 1)


@given(st.integers(1, 200), seeds)
def test_points_are_drawn_without_repeats_and_alike_for_a_seed(number, seed):
    drawn, again = draw_points(CLOUD, number, seed), draw_points(CLOUD, number, seed)
    assert torch.equal(drawn.pixel, again.pixel)
    assert len(drawn) == min(number, 120)
    assert len(set(drawn.pixel.tolist())) == len(drawn)
    rows = {pixel: i for i, pixel in enumerate(CLOUD.pixel.tolist())}
    source = torch.tensor([rows[pixel] for pixel in drawn.pixel.tolist()])
    assert torch.equal(drawn.xyz, CLOUD.xyz[source])
    assert torch.equal(drawn.rgb, CLOUD.rgb[source])


def test_another_seed_draws_other_points():
    assert not torch.equal(draw_points(CLOUD, 60, 1).pixel, draw_points(CLOUD, 60, 2).pixel)


def test_points_lie_in_the_box_and_carry_their_pixel_s_colour():
    scene = tiny_scene()
    cloud = network_cloud(view_in_box(scene), CONFIG)
    low, high = torch.tensor(CONFIG.scene_bounds)
    assert ((cloud.xyz >= low) & (cloud.xyz <= high)).all()
    colours = scene.view.rgb.reshape(-1, 3)[cloud.pixel.numpy()] / 255
    np.testing.assert_allclose(cloud.rgb.numpy(), colours, atol=1e-6)
    relevancy = torch.arange(32 * 40.0).view(32, 40)
    assert torch.equal(cloud.relevancy(relevancy)[:, 0], cloud.pixel.float())


def test_pixels_without_depth_are_points_in_reference_mode_only():
    view = view_in_box(tiny_scene())
    assert (view.depth_m == 0).any()
    here, published = (network_cloud(view, CONFIG, reference=r) for r in (False, True))
    without = view.depth_m.reshape(-1)[published.pixel.numpy()] == 0
    assert without.any()
    assert torch.equal(here.pixel, published.pixel[torch.from_numpy(~without)])
    camera = torch.from_numpy(view.world_from_camera[:3, 3]).float()
    assert torch.allclose(published.xyz[torch.from_numpy(without)], camera)


def test_the_box_sees_the_same_points_wherever_the_scene_stands():
    scene = tiny_scene()
    box_from_world = translation((0.1, -0.2, 0.0)) @ yaw(0.7) @ scaling(0.5)
    here = network_cloud(view_in_box(scene), CONFIG)
    there = network_cloud(view_in_box(moved(scene, box_from_world)), CONFIG)
    assert torch.equal(here.pixel, there.pixel)
    torch.testing.assert_close(here.xyz, there.xyz, rtol=0, atol=1e-5)


@given(st.lists(st.integers(-300, 300).map(lambda n: n / 100), min_size=1))
def test_places_near_the_highest_logit_are_the_answer(logits):
    answer = kept(torch.tensor(logits))
    assert answer[int(np.argmax(logits))]
    for logit, stays in zip(logits, answer.tolist(), strict=True):
        distance = max(logits) - logit
        assert stays == (distance < 0.15) or abs(distance - 0.15) < 1e-5
