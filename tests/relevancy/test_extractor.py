"""An image is prepared once and asked often; the answer is that of reading it crop by crop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from lexel.errors import CancelledError
from lexel.progress import Silent
from lexel.relevancy.extractor import explain, jittered, prepare, prepare_crops
from lexel.relevancy.presets import get_preset
from lexel.relevancy.tiles import TileGrid, published_tile_grids, tile_grids
from tests.relevancy.tiny_clip import autograd_relevance, count_crops, tiny_encoder

TEMPLATES = ("a photo of a {}.",)


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


@pytest.fixture(scope="module")
def deep_encoder():
    """Of its twelve blocks reference mode counts the last."""
    return tiny_encoder(layers=12)


@pytest.fixture(scope="module")
def text(encoder):
    return encoder.phrase_features(["mug", "sofa"], TEMPLATES)


@pytest.fixture(scope="module")
def rgb():
    return np.random.default_rng(0).integers(0, 256, (24, 30, 3), np.uint8)


class Counting(Silent):
    def __init__(self):
        self.total, self.done = None, 0

    def begin(self, stage, total):
        self.total = total

    def advance(self, steps=1):
        self.done += steps


def crop_by_crop(encoder, images, grids, text, flip, first_block):
    """Every crop by itself, with autograd, put back with plain interpolation."""
    height, width, _ = images[0].shape
    whole = torch.zeros(len(text), height, width)
    for grid in grids:
        total, count = torch.zeros_like(whole), torch.full((height, width), 1e-5)
        for image in images:
            for row, column in grid.boxes():
                size = grid.size_px
                crop = image[row : row + size, column : column + size]
                tensor = encoder.preprocess([Image.fromarray(crop)])
                both = torch.cat([tensor, tensor.flip(-1)]) if flip else tensor
                maps = autograd_relevance(encoder.model.visual, both, text, first_block)
                maps = maps.unflatten(-1, (4, 4))
                small = (maps[:, 0] + maps[:, 1].flip(-1)) / 2 if flip else maps[:, 0]
                large = F.interpolate(small[None], (size, size), mode="bilinear")[0]
                total[:, row : row + size, column : column + size] += large
                count[row : row + size, column : column + size] += 1
        whole += total / count
    return whole / len(grids)


@pytest.mark.parametrize("flip", [True, False])
def test_maps_are_those_of_every_crop_by_itself(encoder, text, rgb, flip):
    grids = tile_grids(24, 30, get_preset("fast"))[:3]
    images = [rgb, rgb[::-1].copy()]
    got = prepare_crops(encoder, images, grids, flip=flip).relevancy(text)
    expected = crop_by_crop(encoder, images, grids, text, flip, first_block=1)
    torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-6)


def test_reference_mode_of_a_deep_tower_rolls_out(text, rgb):
    encoder = tiny_encoder(layers=13, seed=3)
    preset = get_preset("chefer_et_al")
    got = prepare(encoder, rgb, preset, reference=True).relevancy(text)
    grids = published_tile_grids(24, 30, preset)
    expected = crop_by_crop(encoder, [rgb], grids, text, flip=False, first_block=11)
    torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("name", ["ours", "fast", "chefer_et_al"])
def test_the_encoder_runs_once_per_crop_and_never_again(encoder, text, rgb, name):
    preset, progress = get_preset(name), Counting()
    crops = sum(len(grid.boxes()) for grid in tile_grids(24, 30, preset))
    expected = crops * (1 + preset.jittered_copies) * (1 + preset.flip)
    with count_crops(encoder) as batches:
        prepared = prepare(encoder, rgb, preset, progress=progress)
        assert sum(batches) == expected
        for phrase in text:
            prepared.relevancy(phrase[None])
        assert sum(batches) == expected
    assert (progress.total, progress.done) == (expected, expected)


@pytest.mark.parametrize("reference", [False, True])
@pytest.mark.parametrize("size", [(12, 16), (16, 12), (5, 1)])  # portraits lack a published scale
def test_asking_only_once_gives_the_same(encoder, deep_encoder, text, reference, size):
    encoder, preset = deep_encoder if reference else encoder, get_preset("fast")
    rgb = np.random.default_rng(2).integers(0, 256, (*size, 3), np.uint8)
    with count_crops(encoder) as batches:
        once = explain(encoder, rgb, text, preset, reference=reference)
        prepared = prepare(encoder, rgb, preset, reference=reference)
    assert batches[: len(batches) // 2] == batches[len(batches) // 2 :]
    torch.testing.assert_close(once.maps(), prepared.relevancy(text))


def test_the_mean_of_maps_is_the_map_of_the_mean(encoder, rgb):
    many = encoder.phrase_features(["mug", "sofa", "lamp"], TEMPLATES)
    maps = prepare(encoder, rgb, get_preset("fast")).explain(many)
    torch.testing.assert_close(maps.mean().maps()[0], maps.maps().mean(0))
    torch.testing.assert_close(maps[1:].join(maps[:1]).maps(), maps.maps()[[1, 2, 0]])
    assert len(maps) == 3


def test_phrases_do_not_touch_each_other(encoder, text, rgb):
    prepared = prepare(encoder, rgb, get_preset("fast"))
    together = prepared.relevancy(text)
    alone = torch.cat([prepared.relevancy(phrase[None]) for phrase in text])
    torch.testing.assert_close(together, alone)


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 2), (40, 17)])
def test_images_of_any_size_are_read(encoder, text, size):
    rgb = np.random.default_rng(1).integers(0, 256, (*size, 3), np.uint8)
    maps = prepare(encoder, rgb, get_preset("fast")).relevancy(text)
    assert maps.shape == (2, *size)
    assert maps.dtype == torch.float32
    assert torch.isfinite(maps).all() and (maps >= 0).all() and maps.any()


def test_no_crop_at_a_scale_counts_as_zero(encoder, text, rgb):
    """The published crop set of a portrait image has none of the image's height."""
    some = tile_grids(24, 30, get_preset("fast"))[1:2]
    none = TileGrid(99, (), (), torch.zeros(0, 0, dtype=torch.bool))
    alone = prepare_crops(encoder, [rgb], some, flip=True).relevancy(text)
    with_none = prepare_crops(encoder, [rgb], [*some, none], flip=True).relevancy(text)
    torch.testing.assert_close(with_none, alone / 2)


def test_the_same_seed_gives_the_same_maps(encoder, text, rgb):
    jitters = replace(get_preset("fast"), jittered_copies=2)
    first, again, other = (
        prepare(encoder, rgb, jitters, seed=seed).relevancy(text) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.allclose(first, other)


def test_without_recoloured_copies_the_seed_has_no_say(encoder, text, rgb):
    first, other = (
        prepare(encoder, rgb, get_preset("fast"), seed=seed).relevancy(text) for seed in (1, 2)
    )
    assert torch.equal(first, other)


def test_reading_can_be_cancelled(encoder, rgb):
    class Stopped(Silent):
        def advance(self, steps=1):
            raise CancelledError

    with count_crops(encoder) as batches, pytest.raises(CancelledError):
        prepare(encoder, rgb, get_preset("ours"), progress=Stopped())
    assert len(batches) == 1


class TestJitter:
    def test_is_the_same_for_the_same_seed(self, rgb):
        first, again, other = (np.stack(jittered(rgb, 3, seed)) for seed in (5, 5, 6))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_every_copy_is_another_image_of_the_same_size(self, rgb):
        copies = [rgb, *jittered(rgb, 4, 0)]
        assert {(copy.shape, copy.dtype) for copy in copies} == {(rgb.shape, rgb.dtype)}
        assert len({copy.tobytes() for copy in copies}) == 5

    def test_leaves_torch_s_own_random_numbers_alone(self, rgb):
        torch.manual_seed(3)
        expected = torch.rand(4)
        torch.manual_seed(3)
        jittered(rgb, 2, 7)
        assert torch.equal(torch.rand(4), expected)
