"""Files that are read whole are read up to a size."""

from __future__ import annotations

from pathlib import Path

import pytest

from lexel.errors import SceneError
from lexel.io.json_files import parse_json_object
from lexel.io.whole_files import read_bytes


def test_a_file_as_large_as_it_may_be(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    assert read_bytes(tmp_path / "a", 4, "a word") == b"1234"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a", r"a: is too large for a word \(got 4 bytes\)\. Shorten it\."),
        ("none", "none: does not exist"),
        (".", "cannot be read"),
        ("\0", "cannot be read"),
    ],
)
def test_what_is_not_read(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "a").write_bytes(b"1234")
    limit = 3 if name == "a" else 1 << 20
    with pytest.raises(SceneError, match=sentence):
        read_bytes(tmp_path / name, limit, "a word", "Shorten it.")


def test_endless_json_is_not_taken_apart(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="its JSON is too large"):
        parse_json_object(b" " * ((64 << 20) + 1), tmp_path / "a.glb")
