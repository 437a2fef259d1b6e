"""`lexel pack`: points and features that others made become a field."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lexel.geometry.vectors import unit_rows
from lexel.io.clouds import vertex_table, write_ply
from lexel.io.fields import diagnose_field, open_field

NUM, DIM = 300, 512


@pytest.fixture
def points(nowhere: Path) -> Path:
    """Ten things of 30 points each."""
    rng = np.random.default_rng(0)
    xyz_m = rng.uniform(-2, 2, (NUM, 3)).astype(np.float32)
    rgb = rng.integers(0, 256, (NUM, 3), np.uint8)
    return write_ply(nowhere / "room.ply", vertex_table(xyz_m, rgb))


@pytest.fixture
def features(nowhere: Path) -> Path:
    things = np.random.default_rng(1).normal(size=(10, DIM))
    np.save(nowhere / "features.npy", np.repeat(things, 30, axis=0).astype(np.float16))
    return nowhere / "features.npy"


def test_a_field_is_made(lexel, nowhere, points, features):
    ran = lexel("pack", points, features, "--encoder", "ViT-B-32/openai", "--out", "room.lexel")
    assert ran.code == 0, ran.err
    assert "Wrote room.lexel" in ran.out
    assert "mean cosine, clip" in ran.out
    field = open_field(nowhere / "room.lexel")
    assert diagnose_field(nowhere / "room.lexel").findings == ()
    assert (field.num_points, field.num_codes) == (NUM, 10)
    shown = unit_rows(field.codebook.clip)[field.code]
    given = unit_rows(np.load(features))
    assert np.einsum("nd,nd->n", given, shown).min() > 0.999
    assert (field.info.encoder.name, field.info.encoder.pretrained) == ("ViT-B-32", "openai")
    assert field.info.encoder.dim == DIM
    assert field.info.builder["name"] == "pack"
    assert field.info.builder["parameters"]["closeness"]["clip"]["mean"] > 0.999
    assert field.instances == ()
    assert field.phrases is None


def test_json_and_every_option(lexel, nowhere, points, features):
    words = np.repeat(np.random.default_rng(2).normal(size=(10, 6)), 30, axis=0)
    np.savez_compressed(nowhere / "words.npz", words)
    ran = lexel(
        "pack", points, features, "--encoder", "ViT-B-32/openai", "--out", "room.lexel",
        "--sentence-features", "words.npz", "--sentence-encoder", "all-mpnet-base-v2",
        "--prompt", "a {}", "--prompt", "a photo of a {}.", "--fidelity", "0.9", "--seed", "3",
        "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.json["num_points"] == NUM
    assert ran.json["target_met"] is True
    assert ran.json["closeness"]["sentence"]["mean"] >= 0.9
    field = open_field(nowhere / "room.lexel")
    assert field.info.encoder.prompts == ("a {}", "a photo of a {}.")
    assert field.info.sentence_encoder is not None
    assert (field.info.sentence_encoder.name, field.info.sentence_encoder.dim) == (
        "all-mpnet-base-v2",
        6,
    )
    assert field.codebook.sentence is not None


def test_points_without_features_are_told(lexel, nowhere, points, features):
    rows = np.load(features)
    rows[::30] = 0
    np.save(features, rows)
    ran = lexel("pack", points, features, "--encoder", "ViT-B-32/openai", "--out", "room.lexel")
    assert ran.code == 0
    assert "10 of 300 points have no features" in ran.err
    confidence = open_field(nowhere / "room.lexel").points.confidence
    assert confidence is not None
    assert np.flatnonzero(confidence == 0).tolist() == list(range(0, NUM, 30))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"--encoder": "ViT-L-14/openai"}, "rows of 512 numbers, but those of ViT-L-14/openai"),
        ({"--encoder": "no-such-model"}, "knows no weights of this name"),
        ({"--out": "room"}, "ends in .lexel"),
        ({"--prompt": "no place"}, "exactly one {}"),
        ({"--sentence-features": "features.npy"}, "--sentence-encoder NAME"),
        ({"--fidelity": "2"}, "--fidelity"),
    ],
)
def test_wrong_options_are_told(lexel, nowhere, points, features, changes, told):
    options = {"--encoder": "ViT-B-32/openai", "--out": "room.lexel", **changes}
    before = sorted(nowhere.iterdir())
    ran = lexel("pack", points, features, *(word for pair in options.items() for word in pair))
    assert ran.code == 2
    assert told in ran.err
    assert sorted(nowhere.iterdir()) == before


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (np.zeros((NUM, DIM), np.float32), "has no features"),
        (np.full((NUM, DIM), np.nan, np.float32), "has no features"),
        (np.ones((NUM - 1, DIM), np.float32), "299 rows, but room.ply has 300 points"),
        (np.ones((NUM, 7), np.float32), "rows of 7 numbers"),
        (np.ones(NUM, np.float32), "one row of numbers for each point"),
        (np.ones((NUM, DIM), np.int32), "of type int32"),
    ],
)
def test_features_that_do_not_fit_are_told(lexel, nowhere, points, rows, told):
    np.save(nowhere / "features.npy", rows)
    ran = lexel(
        "pack", points, "features.npy", "--encoder", "ViT-B-32/openai", "--out", "room.lexel"
    )
    assert ran.code == 2
    assert "features.npy" in ran.sentence
    assert told in ran.sentence
    assert not (nowhere / "room.lexel").exists()
