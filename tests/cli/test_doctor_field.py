"""`lexel doctor FIELD.lexel`: what a field is, and whether everything in it is right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lexel.io.fields import save_field
from lexel.io.hashing import sha256_of
from tests.io.fields.damage import edit_json, edit_tensor
from tests.io.fields.samples import make_content, make_info, write_field


def test_a_table_for_people(lexel, nowhere):
    ran = lexel("doctor", write_field(nowhere))
    assert ran.code == 0
    for text in (
        "field of küche", "fuse 0.1.0", "ViT-B-32/openai, 16 numbers", "all-MiniLM-L6-v2",
        "12 bytes a point", "completion/chair, scores -3.00 to 4.00", "Every file is whole",
    ):  # fmt: skip
        assert text in ran.out
    assert ran.err == ""


def test_json_for_programs(lexel, nowhere):
    folder = write_field(nowhere)
    ran = lexel("doctor", folder, "--json")
    assert ran.code == 0
    told = ran.json
    assert (told["kind"], told["usable"], told["findings"]) == ("field", True, [])
    assert (told["num_points"], told["num_codes"], told["num_phrases"]) == (40, 6, 5)
    assert told["codebook_bytes"] == (folder / "codebook.safetensors").stat().st_size
    assert told["sha256"] == sha256_of(folder / "field.json")
    assert told["encoder"]["text_tower"]["file"] == "text.safetensors"
    assert told["layers"][0]["name"] == "completion/chair"


@pytest.mark.parametrize("flags", [[], ["--json"], ["--quiet"]])
def test_a_flipped_bit_is_found(lexel, nowhere, flags):
    """Even one that leaves every number a possible one: the sums know."""
    folder = write_field(nowhere)
    path = folder / "points.ply"
    data = bytearray(path.read_bytes())
    data[data.index(b"end_header\n") + 11 + 12] ^= 1  # the red of the first point
    path.write_bytes(data)
    ran = lexel("doctor", folder, *flags)
    assert ran.code == 2
    assert "points.ply: its content has changed: the sha256 is another" in ran.sentence
    assert ("sha256 is another" in ran.out) == ("--quiet" not in flags)


def test_every_fault_is_told_not_only_the_first(lexel, nowhere):
    folder = write_field(nowhere)
    (folder / "instances.json").unlink()
    picture = folder / "views" / "000001.jpg"
    size = picture.stat().st_size
    picture.write_bytes(b"")
    edit_json(folder / "field.json", lambda d: d.update(bounds=[[0, 0, 0], [9, 9, 9]]))
    (folder / "stray.txt").write_text("?")
    ran = lexel("doctor", folder, "--json")
    assert ran.code == 2
    told = [(f["severity"], f["what"]) for f in ran.json["findings"]]
    assert told[-1] == ("note", "belongs to no field: field.json does not list it")
    assert {what.partition(" (")[0] for severity, what in told if severity == "error"} == {
        "a listed file is missing",
        f"a listed file is of another size: it had {size} bytes",
        "'bounds' are not those of the points",
    }


def test_a_tensor_that_is_missing_is_told(lexel, nowhere):
    folder = write_field(nowhere)
    edit_tensor(folder, "codebook.safetensors", "agreement", lambda tensor: None)
    ran = lexel("doctor", folder)
    assert ran.code == 2
    assert "codebook.safetensors: 'agreement' is missing" in ran.sentence
    assert "field of küche" in ran.out


def test_untrained_weights_are_told(lexel, nowhere):
    info = make_info()
    info = replace(info, encoder=replace(info.encoder, pretrained="untrained"))
    ran = lexel("doctor", save_field(nowhere / "a.lexel", make_content(info=info)))
    assert ran.code == 0
    assert "MEANINGLESS" in ran.out
    assert b"MEANINGLESS" in (nowhere / "a.lexel" / "points.ply").read_bytes()[:500]


def test_results_are_no_field(lexel, nowhere):
    (nowhere / "room.lexel").mkdir()
    (nowhere / "room.lexel" / "result.json").write_text("{}")
    ran = lexel("doctor", nowhere / "room.lexel")
    assert ran.code == 2
    assert "results of complete or locate, no field" in ran.sentence
