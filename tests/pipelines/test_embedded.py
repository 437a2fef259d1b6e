"""The weights inside the package answer in words, offline: the sample view, held to its truth."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import lexel
from lexel.encoders.clip import load_encoder
from lexel.io.samples import sample_scene
from lexel.scene import Answer, Found

VISIBLE, SYNONYM, HIDDEN = "safe", "trash can", "the hair dryer behind the globe"
NEAR_M = 0.45
_TRUTH = json.loads((sample_scene("view") / "truth" / "truth.json").read_text(encoding="utf-8"))


def thing(**wanted: Any) -> dict[str, Any]:
    """The one object of the view's truth with these facts."""
    (found,) = [o for o in _TRUTH["objects"] if all(o[k] == v for k, v in wanted.items())]
    return found


def away_m(found: Found, of: dict[str, Any]) -> float:
    """From the middle of what was found to the middle of a true thing."""
    return float(np.linalg.norm(np.median(found.points_m, 0) - of["centre"]))


@pytest.fixture(scope="module")
def completed() -> Answer:
    labels = [VISIBLE, SYNONYM, "chair", "office chair", "cardboard box", "bookcase", "desk"]
    return lexel.complete(sample_scene("view"), labels)


def test_a_synthetic_scene_is_asked_with_the_package_s_own_weights(completed: Answer) -> None:
    assert completed.provenance["encoder"]["name"] == "embedded"
    assert completed.provenance["network"]["weights"] == "ovssc.safetensors"
    assert not completed.meaningless


def test_a_visible_thing_is_completed_where_it_stands(completed: Answer) -> None:
    (safe,) = [f for f in completed.found if f.text == VISIBLE]
    assert away_m(safe, thing(id=7)) < NEAR_M


def test_a_word_that_no_picture_was_captioned_with_finds_its_thing(completed: Answer) -> None:
    (can,) = [f for f in completed.found if f.text == SYNONYM]
    assert away_m(can, thing(**{"class": "garbage can"})) < NEAR_M


def test_a_hidden_thing_gets_an_answer_from_the_package_s_network() -> None:
    # Where it lies is not found yet: these weights learned too little (docs/results.md).
    assert thing(id=18)["pixels"] == [0]
    answer = lexel.locate(sample_scene("view"), [HIDDEN])
    assert answer.provenance["network"]["weights"] == "vool.safetensors"
    assert not answer.found[0].empty


def test_the_package_s_encoder_is_small_and_whole() -> None:
    encoder = load_encoder("embedded")
    assert (encoder.identity.name, encoder.identity.pretrained) == ("embedded", "lexel")
    assert encoder.image_size_px == 112
    assert encoder.phrase_features(["kettle"], ["{}"]).shape == (1, encoder.identity.dim)
