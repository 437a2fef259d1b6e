"""Multi-scale relevancy against the published extractor, run by run and stage by stage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from lexel.encoders.clip import ClipEncoder, encoder_from_tensors, make_encoder
from lexel.encoders.weights import load_tensors
from lexel.relevancy.closed_form import LastBlock
from lexel.relevancy.extractor import prepare_crops
from lexel.relevancy.tiles import published_tile_grid
from lexel.relevancy.tower import attend, embed

RUNS = (
    "chefer_landscape",
    "aug2_landscape",
    "ours_landscape_noaug",
    "ours_portrait_noaug_h",
    "ours_landscape_full",
    "multi_prompt",
)
Expected = Mapping[str, Any]


@pytest.fixture(scope="module")
def expected(golden: Path) -> Expected:
    with np.load(golden / "relevancy_tiny_clip.npz", allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def encoder(golden: Path) -> ClipEncoder:
    file = golden / "clip_tiny_seed1.pth"
    model = encoder_from_tensors(load_tensors(file), None, quick_gelu=True, where=file)
    return make_encoder(model, "tiny", "golden")


def labels_of(expected: Expected) -> list[str]:
    return [str(label) for label in expected["labels"]]


def text_of(encoder: ClipEncoder, expected: Expected, run: str) -> torch.Tensor:
    config = json.loads(str(expected[f"{run}/config"]))
    return encoder.phrase_features(labels_of(expected), config["prompts"])


@pytest.mark.parametrize("run", RUNS)
def test_maps_match(encoder: ClipEncoder, expected: Expected, run: str) -> None:
    config = json.loads(str(expected[f"{run}/config"]))
    height, width = expected[f"{run}/img"].shape[:2]
    grids = [
        published_tile_grid(height, width, scale["tile_size"], scale["stride"])
        for scale in config["cropping_augmentations"]
    ]
    prepared = prepare_crops(
        encoder,
        list(expected[f"{run}/images_used"]),
        grids,
        flip=config["horizontal_flipping"],
        reference=True,
    )
    got = prepared.relevancy(text_of(encoder, expected, run)).numpy()
    assert got == pytest.approx(expected[f"{run}/relevancy_fp32_accum"], abs=1e-5, rel=0)


@pytest.mark.parametrize("run", RUNS)
def test_text_features_match(encoder: ClipEncoder, expected: Expected, run: str) -> None:
    got = text_of(encoder, expected, run).numpy()
    assert got == pytest.approx(expected[f"{run}/text_features"], abs=1e-5, rel=0)


@pytest.mark.parametrize("run", RUNS)
def test_the_published_crop_set_is_cut(expected: Expected, run: str) -> None:
    config = json.loads(str(expected[f"{run}/config"]))
    height, width = expected[f"{run}/img"].shape[:2]
    boxes = [
        (row, column, scale["tile_size"])
        for scale in config["cropping_augmentations"]
        for row, column in published_tile_grid(
            height, width, scale["tile_size"], scale["stride"]
        ).boxes()
    ]
    images = len(expected[f"{run}/images_used"])
    assert boxes * images == [tuple(row) for row in expected[f"{run}/tile_y0x0size"].tolist()]


def test_tokens_match(encoder: ClipEncoder, expected: Expected) -> None:
    prompts = [f"a photograph of a {label} in a home." for label in labels_of(expected)]
    assert np.array_equal(encoder.tokenizer(prompts).numpy(), expected["stage/tokens"])


def test_stages_of_two_crops_match(encoder: ClipEncoder, expected: Expected) -> None:
    """Preprocessing, attention, gradient and patch relevancy of `chefer_landscape`'s crops."""
    run = "chefer_landscape"
    image = Image.fromarray(expected[f"{run}/img"])
    crops = [
        image.crop((x, y, x + size, y + size)) for y, x, size in expected[f"{run}/tile_y0x0size"]
    ]
    text = text_of(encoder, expected, run)
    tensor = encoder.preprocess(crops)
    assert tensor.numpy() == pytest.approx(expected["stage/preprocessed_tiles"], abs=1e-5, rel=0)

    visual = encoder.model.visual
    with torch.inference_mode():
        tokens = embed(visual, tensor)
        for block in visual.transformer.resblocks[:-1]:
            tokens = block(tokens)
        attention = attend(visual.transformer.resblocks[-1], tokens, class_only=False)
    probabilities = attention.probabilities().flatten(0, 1).numpy()
    stage = expected["stage/last_attn_probs_BHxTxT"]
    assert probabilities == pytest.approx(stage, abs=1e-5, rel=0)

    explainer = LastBlock(visual)
    kept = explainer.allocate(len(crops))
    explainer.capture(tensor, kept, 0)
    relevance = explainer.relevance(kept, text)
    side = expected["stage/tile_relevance_7x7"].shape[-1]
    got = relevance.unflatten(-1, (side, side)).numpy()
    assert got == pytest.approx(expected["stage/tile_relevance_7x7"], abs=1e-5, rel=0)
