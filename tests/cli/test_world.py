"""`lexel world`, as people type it."""

import json

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
