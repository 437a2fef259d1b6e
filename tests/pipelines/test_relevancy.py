"""An image and phrases in, maps out, in the company of the background labels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lexel.pipelines.relevancy import AskableImage, read_relevancies
from lexel.pipelines.settings import Settings
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.relevancy.extractor import prepare
from lexel.relevancy.presets import get_preset
from tests.relevancy.tiny_clip import count_crops, tiny_encoder

FAST, REFERENCE = Settings("fast"), Settings("fast", reference=True)
RGB = np.random.default_rng(0).integers(0, 256, (16, 20, 3), np.uint8)
# More than are explained at once, some of them background labels themselves.
MANY = [f"thing {i}" for i in range(9)] + ["sofa", "wall"]


@pytest.fixture(scope="module")
def encoder():
    return tiny_encoder()


@pytest.fixture(scope="module")
def published():
    """An encoder of twelve blocks, of which reference mode counts the last."""
    return tiny_encoder(layers=12)


def maps_of(encoder, phrases, settings=FAST):
    prepared = prepare(encoder, RGB, get_preset("fast"), reference=settings.reference)
    return prepared.relevancy(encoder.phrase_features(phrases, settings.templates))


def test_one_label_alone_is_told_from_the_background(encoder):
    read = read_relevancies(encoder, RGB, ["mug"], FAST)
    assert read.for_network("mug").any()
    everything = maps_of(encoder, ["mug", *BACKGROUND_LABELS])
    expected = 50 * (everything[0] - everything.mean(0))
    torch.testing.assert_close(read.for_network("mug"), expected, rtol=1e-3, atol=1e-5)


def test_in_reference_mode_the_mean_is_the_label_set_s_own(published):
    alone = read_relevancies(published, RGB, ["mug"], REFERENCE)
    assert not alone.for_network("mug").any()
    three = ["mug", "sofa", "lamp"]
    read = read_relevancies(published, RGB, three, REFERENCE)
    own = maps_of(published, three, REFERENCE)
    torch.testing.assert_close(read.contrasted(20), own - own.mean(0), rtol=1e-3, atol=1e-6)
    torch.testing.assert_close(read.contrasted(20).sum(0), torch.zeros(16, 20), rtol=0, atol=1e-5)


def test_an_answer_does_not_lean_on_what_else_was_asked(encoder):
    """Maps never do; with the background their mean moves little, and not at all by itself."""
    alone = read_relevancies(encoder, RGB, ["mug"], FAST)
    with_background = read_relevancies(encoder, RGB, ["mug", "wall", "floor"], FAST)
    torch.testing.assert_close(
        alone.for_network("mug"), with_background.for_network("mug"), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("settings", [FAST, REFERENCE])
def test_many_phrases_are_as_good_as_one(published, settings):
    read = read_relevancies(published, RGB, MANY, settings)
    torch.testing.assert_close(read.maps, maps_of(published, MANY, settings))
    assert read.text.shape == (len(MANY), 512)
    assert read.contrasted(20).shape == (len(MANY), 16, 20)


def test_phrases_asked_twice_are_one(published):
    twice = read_relevancies(published, RGB, ["mug", "sofa", "mug"], REFERENCE)
    once = read_relevancies(published, RGB, ["mug", "sofa"], REFERENCE)
    assert twice.phrases == once.phrases == ("mug", "sofa")
    assert torch.equal(twice.maps, once.maps)
    assert torch.equal(twice.mean, once.mean)


def test_the_encoder_runs_once_per_crop_however_many_phrases(encoder):
    with count_crops(encoder) as few:
        read_relevancies(encoder, RGB, ["mug"], FAST)
    with count_crops(encoder) as many:
        read_relevancies(encoder, RGB, MANY, FAST)
    assert few == many


def test_random_weights_say_that_they_mean_nothing():
    encoders = (tiny_encoder(pretrained=name) for name in ("untrained", "local"))
    stamps = [read_relevancies(e, RGB, ["mug"], FAST).meaningless for e in encoders]
    assert stamps == [True, False]


@pytest.mark.parametrize("longest", [20, 10, 7, 1])
def test_pictures_are_shrunk_by_averaging(encoder, longest):
    read = read_relevancies(encoder, RGB, ["mug", "sofa"], FAST)
    small = read.contrasted(longest)
    assert small.shape == (2, max(1, round(longest * 0.8)), longest)
    assert read.contrasted(1000).shape == (2, 16, 20)
    whole = read.maps - read.mean
    if longest in (20, 10):
        torch.testing.assert_close(small.mean((1, 2)), whole.mean((1, 2)), rtol=1e-3, atol=1e-6)


class TestAskableImage:
    @pytest.mark.parametrize("settings", [FAST, REFERENCE])
    @pytest.mark.parametrize("phrases", [["mug", "wall", "mug"], MANY])
    def test_answers_as_reading_anew(self, published, settings, phrases):
        asked = AskableImage(published, RGB, settings).ask(phrases)
        read = read_relevancies(published, RGB, phrases, settings)
        assert asked.phrases == read.phrases
        torch.testing.assert_close(asked.maps, read.maps)
        torch.testing.assert_close(asked.mean, read.mean)
        torch.testing.assert_close(asked.text, read.text)

    def test_never_runs_the_encoder_again(self, encoder):
        with count_crops(encoder) as batches:
            image = AskableImage(encoder, RGB, FAST)
            once = sum(batches)
            for phrase in ("mug", "sofa", "lamp"):
                image.ask([phrase])
            assert sum(batches) == once > 0
