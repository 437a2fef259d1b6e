"""The document of all results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lexel.errors import InputError
from lexel.evaluation.report import write_report

ROW = {"set": "rooms", "measure": "top1", "value": 25.44, "low": 22, "high": 28.9, "n": 845}


def sight(folder: Path, *rows: dict[str, object]) -> Path:
    file = folder / "sight.json"
    file.write_text(json.dumps({"reading": {"encoder": {"name": "small"}}, "rows": rows}))
    return file


def test_a_model_s_rows_stand_beside_chance_and_what_is_wanted(tmp_path: Path) -> None:
    file = sight(tmp_path, {**ROW, "chance": 1.3, "bar": 80.0}, {**ROW, "chance": 0, "bar": None})
    text = write_report([], [file])
    assert "## Image-text model `small`" in text
    assert "| rooms | top1 | 25.4 (22.0–28.9) | 1.3 | 80 | 845 |" in text
    assert "| 0.0 | – | 845 |" in text


def test_other_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no JSON of lexel eval sight"):
        write_report([], [sight(tmp_path, ROW)])
