"""Lexel's cache is where platformdirs says, on every system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from addon.places import cache_folder
from lexel.encoders.weights import cache_folder as cores


@pytest.mark.parametrize("xdg", ["", "/somewhere/cache", "not/absolute"])
@pytest.mark.parametrize(("platform", "kind"), [("linux", Unix), ("darwin", MacOS)])
def test_the_folder_is_platformdirs(monkeypatch, platform, kind, xdg):
    monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    expected = Path(kind("lexel", appauthor=False).user_cache_dir) / "weights"
    assert cache_folder(os.environ, platform) == expected


def test_windows_has_it_under_local_app_data():
    home = Path("C:/Users/kim")
    expected = home / "AppData" / "Local" / "lexel" / "Cache" / "weights"
    assert cache_folder({}, "win32", home) == expected
    local = {"LOCALAPPDATA": "D:/Local"}
    assert cache_folder(local, "win32", home) == Path("D:/Local/lexel/Cache/weights")


def test_both_agree_here(monkeypatch, tmp_path):
    monkeypatch.delenv("LEXEL_CACHE", raising=False)
    assert cache_folder() == cores()
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path))
    assert cache_folder() == cores() == tmp_path
