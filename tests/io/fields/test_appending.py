"""Layers are added beside the old files, and `field.json` is swapped last."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import InputError, SceneError
from lexel.io.fields import add_layers, diagnose_field, open_field
from lexel.io.hashing import file_facts
from lexel.io.layers import Layer
from lexel.scene import LayerNote
from tests.io.fields.damage import edit_json
from tests.io.fields.samples import POINTS, write_field

TEXTS = st.text(min_size=1, max_size=80)


def make_layer(value: float, name: str = "relevancy/mug") -> tuple[LayerNote, Layer]:
    layer = Layer(np.full(POINTS, value, np.float32))
    return LayerNote(name, 2, "mug", None, layer.range), layer


def test_a_layer_is_added(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    old = open_field(folder)
    new = add_layers(folder, [make_layer(0.5)])
    assert [note.name for note in new.layers] == [*(n.name for n in old.layers), "relevancy/mug"]
    assert new.layer("relevancy/mug").score[3] == 0.5
    assert new.sha256 != old.sha256
    assert diagnose_field(folder).findings == ()


def test_who_has_the_field_open_keeps_it(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    old = open_field(folder)
    clip = old.codebook.clip
    add_layers(folder, [make_layer(0.5)])
    assert len(old.layers) == 2
    assert old.layer("completion/chair").range == (-3, 4)
    assert np.isfinite(clip.astype(np.float32)).all()


def test_a_layer_of_the_same_name_is_replaced(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    add_layers(folder, [make_layer(0.5)])
    field = add_layers(folder, [make_layer(0.75)])
    assert field.layer("relevancy/mug").range == (0.75, 0.75)
    assert len(field.layers) == 3
    assert len(list((folder / "layers").iterdir())) == 3


def test_who_has_a_replaced_layer_open_must_open_the_field_anew(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    old = add_layers(folder, [make_layer(0.5)])
    new = add_layers(folder, [make_layer(0.75)])
    with pytest.raises(SceneError, match=r"relevancy-mug\.safetensors: the file cannot be read"):
        old.layer("relevancy/mug")
    assert new.layer("relevancy/mug").range == (0.75, 0.75)


@pytest.mark.parametrize("name", ["../victim.txt", "points.ply"])
def test_replacing_a_layer_removes_no_other_file(tmp_path: Path, name: str) -> None:
    folder = write_field(tmp_path)
    (tmp_path / "victim.txt").write_text("mine")

    def change(data: dict[str, Any]) -> None:
        data["layers"][0]["file"] = name
        data["files"][name] = file_facts(folder / name)

    edit_json(folder / "field.json", change)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SceneError, match=r"field\.json"):
        add_layers(folder, [make_layer(1, "completion/chair")])
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_of_two_layers_stays_while_one_of_them_does(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    chair = "layers/completion-chair.safetensors"
    edit_json(folder / "field.json", lambda d: d["layers"][1].update(file=chair, range=[-3.0, 4.0]))
    field = add_layers(folder, [make_layer(1, "completion/chair")])
    assert field.layer("completion/chair").range == (1, 1)
    assert field.layer("localisation/the mug").range == (-3, 4)


def test_layers_are_on_disk_before_field_json_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, flushed, fsync = write_field(tmp_path), [], os.fsync

    def record(descriptor: int) -> None:
        fsync(descriptor)
        flushed.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", record)
    add_layers(folder, [make_layer(0.5)])
    files = (folder / "layers" / "relevancy-mug.safetensors", folder / "field.json")
    assert flushed == [file.stat().st_ino for file in files]


def test_a_damaged_field_is_refused_and_nothing_written(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    (folder / "instances.json").unlink()
    before = sorted(folder.rglob("*"))
    with pytest.raises(SceneError, match=r"instances\.json"):
        add_layers(folder, [make_layer(1)])
    assert sorted(folder.rglob("*")) == before


def test_an_unknown_layer_is_told_with_those_there_are(tmp_path: Path) -> None:
    field = open_field(write_field(tmp_path))
    with pytest.raises(SceneError, match=r"no such layer .*completion/chair"):
        field.layer("completion/table")


@given(st.lists(TEXTS, min_size=1, max_size=5, unique=True))
@settings(max_examples=15)
def test_any_text_may_name_a_layer(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = write_field(tmp_path_factory.mktemp("f"))
    for i, text in enumerate(texts):
        add_layers(folder, [make_layer(i, text)])
    field = open_field(folder)
    for i, text in enumerate(texts):
        assert field.layer(text).range == (i, i)
    assert {p.parent for p in folder.rglob("*.safetensors")} <= {
        folder, folder / "layers", folder / "views",
    }  # fmt: skip


def test_keys_that_others_wrote_stay(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    edit_json(folder / "field.json", lambda d: d.update(provenance={"camera": "iPad"}))
    add_layers(folder, [make_layer(1)])
    assert json.loads((folder / "field.json").read_text("utf-8"))["provenance"] == {
        "camera": "iPad"
    }


def test_a_layer_that_does_not_fit_is_refused_and_nothing_written(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    before = sorted(folder.rglob("*"))
    note, layer = make_layer(1)
    with pytest.raises(SceneError, match=r"relevancy-mug\.safetensors"):
        add_layers(folder, [(note, Layer(layer.score[1:]))])
    with pytest.raises(SceneError, match="tier' should be a whole number"):
        add_layers(folder, [(dataclasses.replace(note, tier=12), layer)])
    with pytest.raises(InputError, match="does not exist"):
        add_layers(tmp_path / "none.lexel", [make_layer(1)])
    assert sorted(folder.rglob("*")) == before


KILLED = """
import os, sys
from lexel.io.fields import add_layers
from lexel.progress import Silent
from tests.io.fields.test_appending import make_layer

class Killed(Silent):
    def advance(self, steps=1):
        os._exit(9)

add_layers(sys.argv[1], [make_layer(1)], Killed())
"""


def test_a_killed_append_leaves_the_field_as_it_was(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    before = open_field(folder).sha256
    command = [sys.executable, "-c", KILLED, str(folder)]
    assert subprocess.run(command, check=False, timeout=120).returncode == 9
    assert open_field(folder).sha256 == before
    assert [f.what for f in diagnose_field(folder).findings] == [
        "belongs to no field: field.json does not list it"
    ]
    assert add_layers(folder, [make_layer(2)]).layer("relevancy/mug").range == (2, 2)
