"""`lexel train clip` and `lexel eval clip`, as people type them."""

from __future__ import annotations

import json

import pytest

from tests.training.pictures import write_pictures, write_tiny_config

RATES = ["--image-lr", "3e-4", "--text-lr", "3e-4", "--head-lr", "3e-4"]
WEIGHTS = "open_clip_model.safetensors"


@pytest.fixture
def pictures(nowhere):
    captions, images, classes = write_pictures(nowhere)
    write_tiny_config(nowhere)
    return [captions, "--images", images], classes


def test_trains_and_measures(lexel, pictures, nowhere):
    data, classes = pictures
    measure = ["eval", "clip", *data, "--encoder", "model", "--split", "validation"]
    train = ["train", "clip", *data, "--model", "tiny.json", "--batch", "16", *RATES]
    ran = lexel(*train, "--out", "model", "--epochs", "8", "--device", "cpu")
    assert ran.code == 0, ran.err
    assert "Wrote model (epoch" in ran.out
    assert "Epoch 8: training" in ran.err
    ran = lexel(*measure, "--classes", classes, "--prompt", "the {}", "--out", "r.json", "--json")
    assert ran.code == 0, ran.err
    assert json.loads((nowhere / "r.json").read_text()) == ran.json
    assert ran.json["encoder"] == "model"
    for way in ("image_to_text", "text_to_image"):
        found = ran.json[way]
        assert found["recall"]["1"] > 2 * found["chance"]["1"]
        assert found["recall"]["1"] <= found["recall"]["5"] <= found["recall"]["10"]
    assert ran.json["image_to_text"]["queries"] == 10
    assert ran.json["zero_shot"]["top1"] > 2 / 6
    by_file = [*measure, "--encoder", f"model/{WEIGHTS}", "--json"]
    assert lexel(*by_file).json["image_to_text"] == ran.json["image_to_text"]
    ran = lexel(*measure, "--classes", classes, "--prompt", "the {}")
    assert "recall@10" in ran.out
    assert "Zero-shot over 6 classes, 48 images" in ran.out

    before = (nowhere / "model" / WEIGHTS).read_bytes()
    ran = lexel(*train, "--out", "model", "--epochs", "8", "--json")
    assert ran.json["epochs"] == 8
    assert ran.err == ""
    assert (nowhere / "model" / WEIGHTS).read_bytes() == before


def test_any_encoder_is_measured(lexel, pictures, made):
    data, _ = pictures
    ran = lexel("eval", "clip", *data, "--encoder", made / "encoder.safetensors", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["image_to_text"]["queries"] == 48
    assert ran.json["image_to_text"]["answers"] == 12
    assert "zero_shot" not in ran.json


@pytest.mark.parametrize("command", ["train", "eval"])
def test_a_bad_row_is_named(lexel, pictures, nowhere, command):
    (captions, *images), _ = pictures
    captions.write_text(captions.read_text() + "../away.png,a red circle\n")
    before = sorted(path.name for path in nowhere.iterdir())
    more = ["--model", "tiny.json", "--out", "model"] if command == "train" else []
    ran = lexel(command, "clip", captions, *images, *more)
    assert ran.code == 2
    assert "captions.csv, row 97 (line 98)" in ran.sentence
    assert sorted(path.name for path in nowhere.iterdir()) == before


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        ("train", ["--model", "ViT-Z"], "no such model"),
        ("train", ["--image-tower", "nonsense"], "no such image tower"),
        ("train", ["--precision", "int3"], "no such precision"),
        ("train", ["--validation", "2"], "between 0 and 1"),
        ("train", ["--head-lr", "inf"], "rates"),
        ("eval", ["--split", "half"], "no such split"),
        ("eval", ["--encoder", "nobody"], "nobody"),
        ("eval", [], "lexel weights get ViT-B-32/openai"),
    ],
)
def test_what_is_refused(lexel, pictures, nowhere, command, options, sentence):
    data, _ = pictures
    more = ["--model", "tiny.json", "--out", "out"] if command == "train" else []
    ran = lexel(command, "clip", *data, *more, *options)
    assert ran.code == 2
    assert sentence in ran.sentence
    assert not (nowhere / "out").exists()


def test_a_damaged_image_is_named(lexel, pictures, nowhere):
    data, _ = pictures
    (nowhere / "images" / "red_circle_0.png").write_bytes(b"no image")
    ran = lexel("train", "clip", *data, "--model", "tiny.json", "--out", "out", "-q")
    assert ran.code == 2
    assert "red_circle_0.png" in ran.sentence
