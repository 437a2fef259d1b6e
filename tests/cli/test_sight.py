"""`lexel eval sight`, as people type it."""

import json

import pytest

from lexel.progress import Silent
from lexel.synthetic.dataset import Plan, build_dataset


def test_measures_an_encoder_on_rooms(lexel, made, nowhere):
    build_dataset(Plan("unseen_instances", 2, 1), nowhere / "rooms", workers=1, progress=Silent())
    asked = ("eval", "sight", "rooms", "--encoder", made / "encoder.safetensors", "--device", "cpu")
    ran = lexel(*asked, "--json", "--out", "sight.json")
    assert ran.code == 0, ran.err
    assert json.loads((nowhere / "sight.json").read_text()) == ran.json
    rows = {row["measure"]: row for row in ran.json["rows"]}
    assert list(rows) == ["top1", "synonym", "colour", "peak", "raw peak", "centre"]
    assert all(0 <= row["low"] <= row["value"] <= row["high"] <= 100 for row in rows.values())
    counted = {c["measure"] for c in ran.json["classes"]}
    assert counted == set(rows) and rows["top1"]["n"] >= rows["colour"]["n"] > 0
    assert ran.json["reading"]["encoder"]["name"] == "encoder.safetensors"
    table = lexel(*asked, "--quiet")
    assert table.code == 0 and "asked for" in table.out and not table.err


@pytest.mark.parametrize(
    ("dataset", "encoder", "told"),
    [
        ("nowhere", "ViT-B-32/untrained", "lexel world build"),
        (".", "no-such/encoder", "no-such"),
    ],
)
def test_what_is_wrong_is_told(lexel, dataset, encoder, told):
    ran = lexel("eval", "sight", dataset, "--encoder", encoder, "--device", "cpu")
    assert ran.code == 2 and told in ran.sentence
