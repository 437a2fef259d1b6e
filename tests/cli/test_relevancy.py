"""`lexel relevancy`: maps of any photograph."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import everything


@pytest.fixture
def photo(nowhere):
    rgb = np.random.default_rng(0).integers(0, 256, (30, 44, 3), np.uint8)
    Image.fromarray(rgb).save(nowhere / "photo.png")
    return nowhere / "photo.png"


@pytest.fixture
def run(lexel, made):
    def relevancy(image, labels, *more):
        encoder = made / "encoder.safetensors"
        return lexel(
            "relevancy", image, "--labels", labels, "--encoder", encoder, "--preset", "fast", *more
        )

    return relevancy


def test_maps_and_a_picture_are_written(run, photo):
    ran = run(photo, "mug; a; mug ;plant in a pot", "--out", "maps")
    assert ran.code == 0, ran.err
    with np.load("maps/relevancies.npz", allow_pickle=False) as file:
        assert file["labels"].tolist() == ["mug", "a", "plant in a pot"]
        assert file["relevancies"].shape == (3, 30, 44)
        assert file["relevancies"].dtype == file["mean"].dtype == np.float32
        assert (file["relevancies"] >= 0).all() and file["relevancies"].any()
    with Image.open("maps/relevancies.png") as picture:
        picture.load()
        assert min(picture.size) > 30
    assert "plant in a pot" in ran.out
    assert "Wrote" in ran.out


def test_json_names_the_files(run, photo):
    ran = run(photo, "mug", "--out", "maps", "--json")
    assert ran.json["files"] == ["maps/relevancies.npz", "maps/relevancies.png"]
    assert ran.json["highest"]["mug"] > 0
    assert ran.json["provenance"]["meaningless"] is False
    assert ran.err == ""


def test_a_scene_s_own_image_serves_too(run, made):
    assert run(made / "room", "mug").code == 0
    with np.load("out/relevancies.npz") as file:
        assert file["relevancies"].shape == (1, 32, 40)


def test_prompts_are_taken_together(run, photo):
    prompts = ["--prompt", "a {}", "--prompt", "the {} there"]
    assert run(photo, "mug", *prompts, "--out", "both").code == 0
    for i in (0, 2):
        assert run(photo, "mug", *prompts[i : i + 2], "--out", str(i)).code == 0
    both, first, second = (np.load(f"{p}/relevancies.npz")["relevancies"] for p in ("both", 0, 2))
    assert not np.allclose(both, first) and not np.allclose(first, second)


@pytest.mark.parametrize(
    ("labels", "more", "sentence"),
    [
        ("", [], "there are no labels"),
        (" ; ", [], "there are no labels"),
        pytest.param("x" * 10_000, [], "10,000 characters", id="long"),
        ("mug", ["--preset", "slow"], "no such relevancy preset (got slow). Choose one of: ours"),
        ("mug", ["--compat", "exact"], "--compat knows one way (got exact)"),
        ("mug", ["--prompt", "no place"], "exactly one {}"),
        ("mug", ["--encoder", "ViT-Z-99/untrained"], "no such architecture"),
        ("mug", ["--encoder", "missing.safetensors"], "no such file"),
        ("mug", ["--device", "abacus"], "cannot be used (got abacus)"),
        ("mug", ["--compat", "reference"], "2 blocks"),
    ],
    ids=str,
)
def test_wrong_input_is_a_sentence_and_exit_code_2(run, photo, nowhere, labels, more, sentence):
    before = everything(nowhere)
    ran = run(photo, labels, *more)
    assert ran.code == 2
    assert sentence in ran.err
    assert ran.sentence.startswith("lexel: ")
    assert everything(nowhere) == before


def test_a_photograph_that_is_none(run, nowhere):
    (nowhere / "photo.jpg").write_bytes(b"not a picture")
    ran = run(nowhere / "photo.jpg", "mug")
    assert ran.code == 2
    assert "photo.jpg" in ran.err
    assert everything(nowhere) == ["photo.jpg"]
