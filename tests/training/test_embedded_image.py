"""The image tower of the embedded encoder: what it is shown, and that it learns to name it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

from lexel.errors import InputError
from lexel.progress import Silent
from lexel.synthetic.dataset import Plan, build_dataset
from lexel.training.embedded.image import meet
from lexel.training.embedded.pictures import (
    Pictures,
    by_class,
    draw_crops,
    read_pictures,
    shares,
    thing_names,
)

THINGS = thing_names()
PATCHES = 4


def two_halves() -> Pictures:
    """A red globe fills the left, a blue book the right of every photograph."""
    rgb = np.zeros((2, 48, 64, 3), np.uint8)
    rgb[:, :, :32, 0] = rgb[:, :, 32:, 2] = 200
    instance = np.ones((2, 48, 64), np.uint8)
    instance[:, :, 32:] = 2
    things = np.full((2, 256), -1, np.int16)
    things[:, 1], things[:, 2] = THINGS.index(("globe", "red")), THINGS.index(("book", "blue"))
    return Pictures(rgb, instance, things)


def test_crops_show_what_they_are_said_to_show() -> None:
    crops = draw_crops(two_halves(), 50, 32, PATCHES, np.random.default_rng(0))
    red = crops.images[..., 0] > crops.images[..., 2]
    said = crops.things == THINGS.index(("globe", "red"))
    # The pixel in the middle of each place, away from the blurred border.
    seen = red[:, 1::2, 1::2][:, : said.shape[1], : said.shape[2]]
    assert (seen == said).mean() > 0.95
    assert said.any() and not said.all()


def test_shares_count_places_and_sum_to_one() -> None:
    things = np.full((1, 16, 16), -1, np.int16)
    things[0, :4, :4] = 5  # all of the first patch
    things[0, :2, 4:8] = 7  # half of the second
    patch, whole = shares(things, PATCHES, len(THINGS))
    assert patch[0, 0, 5] == 1
    assert patch[0, 1, 7] == 0.5 and patch[0, 1, -1] == 0.5
    torch.testing.assert_close(patch.sum(-1), torch.ones(1, 16))
    assert whole[0, 5] > whole[0, 7] > 0 and whole[0, -1] == 0
    torch.testing.assert_close(by_class(whole).sum(-1), torch.ones(1))


def test_an_empty_crop_shows_the_room() -> None:
    _, whole = shares(np.full((1, 16, 16), -1, np.int16), PATCHES, len(THINGS))
    assert whole[0, -1] == 1


def test_pictures_are_read_from_a_dataset(tmp_path) -> None:
    build_dataset(Plan("captions", 1, 1), tmp_path / "d", workers=1, progress=Silent())
    pictures = read_pictures(tmp_path / "d")
    ids = np.unique(pictures.instance[0])
    assert pictures.rgb.shape == (1, 192, 256, 3)
    assert (pictures.things[0, ids[ids > 0]] >= 0).all()
    assert pictures.things[0, 0] == -1


def test_an_unfinished_dataset_is_refused(tmp_path) -> None:
    with pytest.raises(InputError, match="lexel world build"):
        read_pictures(tmp_path)


def small_model() -> CLIP:
    torch.manual_seed(0)
    vision = CLIPVisionCfg(layers=1, width=32, head_width=32, patch_size=8, image_size=32)
    text = CLIPTextCfg(context_length=32, width=32, heads=2, layers=1)
    model = CLIP(32, vision, text).eval()
    model.token_embedding.weight.data.normal_()  # words that differ, as after distillation
    for block in model.transformer.resblocks:
        block.attn.out_proj.weight.data.normal_()
    return model


def taught(model: CLIP, checkpoint: Path, steps: int) -> Iterator[dict[str, float]]:
    return meet(
        model,
        open_clip.SimpleTokenizer(context_length=32),
        two_halves(),
        steps=steps,
        batch=16,
        seed=0,
        progress=Silent(),
        checkpoint=checkpoint,
        save_every=10,
    )


def test_the_tower_learns_to_name_and_the_words_stay(tmp_path) -> None:
    model = small_model()
    before = model.text_projection.detach().clone()
    log = list(taught(model, tmp_path / "state", 150))
    assert log[-1]["right"] > 0.9 > log[0]["right"]
    assert torch.equal(model.text_projection, before)


def test_a_stopped_lesson_goes_on_to_the_same_weights(tmp_path) -> None:
    whole, stopped, again = small_model(), small_model(), small_model()
    list(taught(whole, tmp_path / "whole", 60))
    next(rows := taught(stopped, tmp_path / "parts", 60))
    next(rows)  # step 50: the last checkpoint is of step 50
    rows.close()
    list(taught(again, tmp_path / "parts", 60))
    for (name, a), b in zip(whole.named_parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b), name
