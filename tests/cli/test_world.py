"""`lexel world`, as people type it."""

import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from lexel.cli.app import app

run = CliRunner().invoke


def test_builds_a_dataset(tmp_path):
    out = tmp_path / "rooms"
    arguments = ["world", "build", "validation", "--rooms", "1", "--views", "1", "--workers", "1"]
    result = run(app, [*arguments, "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "1 views of 1 rooms" in result.output
    assert json.loads((out / "index.json").read_text())["split"] == "validation"


def test_photographs_a_dataset_again_as_another_sensor_and_renderer_would(tmp_path):
    pytest.importorskip("bpy", reason="the extra `render` is not installed")
    rooms, out = tmp_path / "rooms", tmp_path / "cycles"
    arguments = ["--rooms", "1", "--views", "1", "--workers", "1", "--sensor", "structured-light"]
    result = run(app, ["world", "build", "validation", *arguments, "--out", str(rooms)])
    assert result.exit_code == 0, result.output
    result = run(app, ["world", "cycles", str(rooms), "--samples", "1", "--out", str(out)])
    assert result.exit_code == 0 and "1 views" in result.output, result.output
    index = json.loads((out / "index.json").read_text())
    assert index["sensor"] == "structured-light" and index["split"] == "validation_cycles"


def test_shows_the_world(tmp_path):
    result = run(
        app, ["world", "pictures", "--rooms", "2", "--each", "1", "--quiet", "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    assert result.output == ""
    with Image.open(tmp_path / "classes.png") as sheet:
        assert sheet.height > sheet.width
        assert len(sheet.getcolors(1 << 24)) > 1000
    with Image.open(tmp_path / "rooms.png") as sheet:
        assert sheet.size[1] < 256


def test_writes_scans_to_measure_fields_on(tmp_path):
    result = run(app, ["world", "scans", "--rooms", "1", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    frames = sorted(path.name for path in (tmp_path / "00").glob("*.color.jpg"))
    assert len(frames) == 24
    told = json.loads((tmp_path / "00" / "truth" / "truth.json").read_text())
    assert told["room"].endswith("2000301")
