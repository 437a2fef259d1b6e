"""Settings and recent files: whole, and never in the way."""

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.viewer.folders import Folders, user_folders
from lexel.viewer.recent import load_recent, remember_recent
from lexel.viewer.settings import ViewerSettings, load_settings, save_settings

CHANGED = ViewerSettings("light", "ViT-B-16/openai", "embedded", "cpu", "ours", False, 3840, True)


def test_they_survive(tmp_path):
    assert load_settings(tmp_path) == (ViewerSettings(), "")
    save_settings(tmp_path, CHANGED)
    assert load_settings(tmp_path) == (CHANGED, "")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([f.name for f in fields(ViewerSettings)]), json_values))
def test_whatever_a_file_says_settings_make_sense(tmp_path_factory, stored):
    folder = tmp_path_factory.mktemp("settings")
    (folder / "settings.json").write_text(json.dumps(stored))
    settings, _ = load_settings(folder)
    save_settings(folder, settings)
    assert load_settings(folder) == (settings, "")


def test_what_makes_no_sense_is_said(tmp_path):
    (tmp_path / "settings.json").write_text('{"theme": "pink", "restore": false, "new": 1}')
    settings, trouble = load_settings(tmp_path)
    assert settings == ViewerSettings(restore=False)
    assert "theme" in trouble and "new" not in trouble
    (tmp_path / "settings.json").write_text("{")
    settings, trouble = load_settings(tmp_path)
    assert settings == ViewerSettings() and "no JSON" in trouble


def test_recent_files_come_newest_first_once_and_only_if_there(tmp_path):
    files = [tmp_path / name for name in "abc"]
    for file in files:
        file.write_text("")
    paths = ()
    for file in (*files, files[0]):
        paths = remember_recent(tmp_path, file, paths)
    assert [path.name for path in load_recent(tmp_path)] == ["a", "c", "b"]
    files[2].unlink()
    assert [path.name for path in load_recent(tmp_path)] == ["a", "b"]
    (tmp_path / "recent.json").write_text("no list")
    assert load_recent(tmp_path) == ()


def test_results_lie_beside_their_source(tmp_path):
    folders = Folders(tmp_path / "c", tmp_path / "s", tmp_path / "d")
    (tmp_path / "scans").mkdir()
    assert folders.place_for(tmp_path / "scans" / "room.ply", "room.lexel") == (
        tmp_path / "scans" / "room.lexel"
    )


def test_where_nothing_may_be_written_they_lie_with_the_user_s_data(tmp_path, monkeypatch):
    folders = Folders(tmp_path / "c", tmp_path / "s", tmp_path / "d")
    source = tmp_path / "gone" / "room.ply"
    assert folders.place_for(source, "room.lexel") == tmp_path / "d" / "room" / "room.lexel"


@pytest.mark.parametrize("name", ["config", "state", "data"])
def test_the_user_s_folders_are_lexel_s(name):
    assert "lexel" in str(getattr(user_folders(), name)).lower()
