"""A field comes back as it was handed over, whatever it has and has not."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.io.fields import StoredField, load_view, open_field, save_field
from lexel.io.hashing import sha256_of
from tests.io.fields.samples import make_content, write_field

OPTIONAL_COLUMNS = ("normals", "code_part", "code_whole", "instance", "origin", "confidence")


def same(a: Any, b: Any) -> bool:
    """Equality of values that hold arrays: type, shape and numbers."""
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a))
    if isinstance(a, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def test_everything_comes_back(tmp_path: Path) -> None:
    content = make_content()
    field = open_field(save_field(tmp_path / "room.lexel", content))
    for name in ("info", "points", "codebook", "instances", "phrases", "evidence"):
        assert same(getattr(field, name), getattr(content, name)), name
    assert same(field.layers, tuple(note for note, _ in content.layers))
    for note, layer in content.layers:
        assert same(field.layer(note.name), layer)
    assert np.array_equal(field.code, content.points.code)
    assert (field.num_points, field.num_codes) == (40, 6)
    assert np.array_equal(field.bounds[0], content.points.xyz_m.min(axis=0))
    assert np.array_equal(field.bounds[1], content.points.xyz_m.max(axis=0))


def test_views_come_back(tmp_path: Path) -> None:
    field = open_field(write_field(tmp_path))
    assert field.num_views == 2
    view, original = load_view(field.path, field.views[1]), make_content().views[1]
    assert view.rgb.shape == original.rgb.shape
    assert np.abs(view.rgb.astype(int) - original.rgb).max() <= 3  # JPEG
    assert np.array_equal(view.intrinsics, original.intrinsics)


@given(
    st.integers(1, 30),
    st.integers(2, 9),
    st.sets(st.sampled_from(OPTIONAL_COLUMNS)),
    st.sets(st.sampled_from(("phrases", "evidence", "layers", "sentence"))),
    st.integers(0, 99),
)
@settings(max_examples=30)
def test_whatever_is_left_out_is_absent(
    tmp_path_factory: pytest.TempPathFactory,
    num_points: int,
    num_codes: int,
    columns: set[str],
    parts: set[str],
    seed: int,
) -> None:
    content = make_content(num_points, num_codes, seed)
    points = replace(content.points, **dict.fromkeys(columns))
    content = replace(content, points=points, **dict.fromkeys(parts & {"phrases", "evidence"}))
    if "sentence" in parts:
        info = replace(content.info, sentence_encoder=None)
        phrases = content.phrases and replace(content.phrases, sentence=None)
        codebook = replace(content.codebook, sentence=None)
        content = replace(content, info=info, phrases=phrases, codebook=codebook)
    if "layers" in parts:
        content = replace(content, layers=())
    field = open_field(save_field(tmp_path_factory.mktemp("f") / "a.lexel", content))
    for name in ("info", "points", "codebook", "instances", "phrases", "evidence"):
        assert same(getattr(field, name), getattr(content, name)), name
    assert len(field.layers) == len(content.layers)


def test_field_json_lists_every_other_file_with_its_sum(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    files = json.loads((folder / "field.json").read_text("utf-8"))["files"]
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(files) == found - {"field.json"}
    for name, facts in files.items():
        assert facts["sha256"] == sha256_of(folder / name)
        assert facts["bytes"] == (folder / name).stat().st_size


def test_the_bytes_are_those_of_the_formats_page(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    folder = write_field(tmp_path)
    head = (folder / "points.ply").read_bytes().partition(b"end_header\n")[0].decode()
    properties = [line.removeprefix("property ") for line in head.split("\n") if "prop" in line]
    assert properties == [
        "float x", "float y", "float z", "uchar red", "uchar green", "uchar blue",
        "float nx", "float ny", "float nz", "int code", "int code_part", "int code_whole",
        "int instance", "uchar origin", "float confidence",
    ]  # fmt: skip
    kinds = {n: t.dtype.str[1:] for n, t in load_file(folder / "codebook.safetensors").items()}
    assert kinds == {
        "clip": "f2", "sentence": "f2", "modality": "u1", "count": "i4", "agreement": "f4",
        "background": "f4",
    }  # fmt: skip
    assert (folder / "layers" / "completion-chair.safetensors").is_file()


def test_the_codebook_stays_on_disk(tmp_path: Path) -> None:
    field = open_field(write_field(tmp_path))
    for array in (field.codebook.clip, field.points.xyz_m, field.points.confidence):
        assert _is_mapped(array)
        assert not array.flags.writeable


def test_opening_reads_headers_alone(tmp_path: Path) -> None:
    """Numbers that are wrong do not keep a field from opening; using them does."""
    folder = write_field(tmp_path)
    for name in ("points.ply", "codebook.safetensors"):
        path = folder / name
        path.write_bytes(path.read_bytes()[:-64] + b"\xff" * 64)
    assert isinstance(open_field(folder), StoredField)


def _is_mapped(array: np.ndarray) -> bool:
    base: Any = array
    while isinstance(base, np.ndarray):
        if isinstance(base, np.memmap):
            return True
        base = base.base
    return False
