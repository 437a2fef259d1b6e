"""`field.json` is typed strictly; older formats are brought to today's, newer ones refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lexel.errors import SceneError
from lexel.io.fields import open_field
from lexel.io.fields.layout import FORMAT
from lexel.io.fields.migrations import MIGRATIONS, migrate
from tests.io.fields.damage import edit_json, fault_of_opening, without

VECTORS = "phrases.safetensors"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.update(format=2), "is of format 2, and this Lexel reads formats up to 1"),
        (lambda d: d.update(format="1"), "'format' should be the number"),
        (without("format"), "'format' should be the number"),
        (without("num_points"), "'num_points' is missing"),
        (lambda d: d.update(num_points=True), "'num_points' should be a whole number"),
        (lambda d: d.update(num_codes=65_537), "'num_codes' should be a whole number in 1..65536"),
        (lambda d: d.update(unit="mm"), "'unit' should be metre"),
        (lambda d: d.update(bounds=[[0, 0, 0]]), "'bounds' should be 2 x 3 numbers"),
        (lambda d: d.update(bounds=[[1, 0, 0], [0, 0, 0]]), "'bounds' should be the lower"),
        (lambda d: d.update(forward=[2, 0, 0]), "'forward' should be a unit vector"),
        (lambda d: d.update(forward=[float("nan"), 0, 0]), "'forward' should be 3 numbers"),
        (lambda d: d.update(world_from_source=4 * [4 * [0]]), "'world_from_source' should be"),
        (without("encoder", "dim"), "'encoder.dim' is missing"),
        (lambda d: d["encoder"].update(dim=0), "'encoder.dim' should be a whole number"),
        (lambda d: d["encoder"].update(prompts=[]), "'encoder.prompts' should name"),
        (lambda d: d["encoder"].update(text_tower="x"), "'encoder.text_tower' should be"),
        (lambda d: d.update(builder=[]), "'builder' should be an object"),
        (lambda d: d["scoring"].update(scale=0), "'scoring.scale' should be above 0"),
        (lambda d: d["scoring"].update(negatives=[1]), "'scoring.negatives' should be a list"),
        (lambda d: d["layers"][0].update(file="x"), "'files' does not list x"),
        (lambda d: d["layers"][0].update(range=[1, 0]), "'layers[0].range' should be"),
        (lambda d: d["layers"][0].update(tier=-1), "'layers[0].tier' should be"),
        (lambda d: d["layers"][1].update(name="completion/chair"), "names different"),
        (without("files", "points.ply"), "'files' does not list points.ply"),
        (without("files", VECTORS), f"'files' does not list {VECTORS}"),
        (without("files", "views/views.json"), "does not list views/views.json"),
        (lambda d: d["files"].update({"a": {}}), "'files.a.bytes' is missing"),
        (without("files", "points.ply", "sha256"), "'files.points.ply.sha256' is missing"),
        (lambda d: [], "holds no JSON object"),
    ],
)
def test_field_json(folder: Path, change: Callable, told: str) -> None:
    edit_json(folder / "field.json", change)
    assert told in fault_of_opening(folder, "field.json")


def test_a_listed_file_outside_is_refused(folder: Path) -> None:
    facts = {"bytes": 1, "sha256": ""}
    for name in ("../x", "/etc/passwd", "a\\b", "C:x", "a\0"):
        edit_json(folder / "field.json", lambda d, n=name: d["files"].update({n: facts}))
        with pytest.raises(SceneError, match="outside the folder"):
            open_field(folder)
        edit_json(folder / "field.json", without("files", name))


@pytest.mark.parametrize(
    "name",
    [
        "points.ply", "../victim.safetensors", "layers/../a.safetensors", "layers/b/a.safetensors",
        "layers\\a.safetensors", "layers/C:a.safetensors", "layers/.safetensors", "layers/a.txt",
    ],
)  # fmt: skip
def test_a_layer_lies_among_the_layers(folder: Path, name: str) -> None:
    def change(data: dict[str, Any]) -> None:
        data["files"].setdefault(name, {"bytes": 1, "sha256": ""})
        data["layers"][0]["file"] = name

    edit_json(folder / "field.json", change)
    told = fault_of_opening(folder, "field.json")
    assert "'layers[0].file' should be layers/NAME.safetensors" in told


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b"\xff", b"1e999"])
def test_field_json_that_is_no_json(folder: Path, data: bytes) -> None:
    (folder / "field.json").write_bytes(data)
    fault_of_opening(folder, "field.json")


def test_no_field_at_all(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="does not exist"):
        open_field(tmp_path / "none.lexel")
    (folder / "field.json").unlink()
    with pytest.raises(SceneError, match=r"has no field\.json"):
        open_field(folder)
    (folder / "result.json").write_text("{}")
    with pytest.raises(SceneError, match="results of complete or locate"):
        open_field(folder)


def test_steps_lead_from_any_older_format_to_todays(tmp_path: Path) -> None:
    def step(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "format": data["format"] + 1, "steps": [*data["steps"], data["format"]]}

    steps = {1: step, 2: step}
    told = migrate({"format": 1, "steps": []}, tmp_path, steps=steps, target=3)
    assert told == {"format": 3, "steps": [1, 2]}
    assert migrate(told, tmp_path, steps=steps, target=3) == told
    with pytest.raises(SceneError, match="is of format 4"):
        migrate({"format": 4}, tmp_path, steps=steps, target=3)


def test_every_older_format_has_its_step() -> None:
    assert set(MIGRATIONS) == set(range(1, FORMAT))
