"""The sidebar says what is asked, what came of it, and what to do where nothing did."""

from __future__ import annotations

import pytest


@pytest.mark.usefixtures("runtime")
def test_the_panel_shows_choices_answers_and_errors(blender, archive, field, tmp_path):
    told = blender.run("panels", tmp_path, archive=str(archive), field=str(field))
    assert told["empty"][:2] == ["# Ask", "[] None"]
    assert "Open a field to ask it" in told["empty"] and "# Threshold" not in told["empty"]

    asked = told["asked"]
    assert "[] mug; table" in asked
    assert "(mug)" in asked and "(table)*" in asked  # the second is shown
    assert all(said in asked for _, said in told["said"])
    for title in (
        "Negatives and Balance",
        "Threshold",
        "Look and Legend",
        "History",
        "This Scene",
        "A Scan",
    ):
        assert f"# {title}" in asked
    assert "[Visual – sentence] 0.0" in asked
    assert any(line.startswith("[Suggested: 0.") for line in asked)
    assert not any(line.startswith("!") for line in asked)

    assert any(line.startswith("!") for line in told["wrong"])
    assert any("127.0.0.1" in line for line in told["preferences"])
    assert told["programs"] == [str(tmp_path / "lexel.exe"), None, None]
    assert told["alone"]["is_error"] and "lexel serve" in told["alone"]["message"]
    assert "nowhere.lexel" in told["missing"]
