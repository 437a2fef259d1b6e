"""What was asked is still there after saving, loading and undoing."""

from __future__ import annotations

import pytest


def test_a_question_survives_its_file_and_undo(blender, archive, field, tmp_path):
    told = blender.run("lasting", tmp_path, archive=str(archive), field=str(field))
    first = told["first"]
    assert max(first["scores"]) > 0.5
    assert told["loaded"]["text"] == "mug; table"
    for when in ("loaded", "again"):
        assert told[when]["scores"] == first["scores"], when
        assert told[when]["table"] == pytest.approx(first["table"]), when
    assert told["without"] == pytest.approx(first["table"])
    assert told["other"]["scores"] != first["scores"]
    assert told["undone"]["text"] == "floor"
    assert told["undone"]["scores"] == told["other"]["scores"]
    assert told["undone"]["table"] == pytest.approx(told["other"]["table"])
    assert not told["linked"]["is_error"]
    assert told["linked"]["scores"] == first["scores"]
    assert told["lost"]["is_error"] and "moved.lexel" in told["lost"]["message"]
    assert told["other_version"]["is_error"]
    assert "Open the field again" in told["other_version"]["message"]
