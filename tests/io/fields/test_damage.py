"""Whatever is wrong with a file of a field: a sentence that names it, and no memory taken."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.recfunctions import drop_fields, rename_fields
from safetensors.numpy import load_file, save_file

from lexel.errors import InputError, SceneError
from lexel.io.fields import StoredField, diagnose_field, load_view, open_field
from tests.io.fields.damage import (
    check_doctor_finds,
    edit_bytes,
    edit_header,
    edit_json,
    edit_listed_json,
    edit_points,
    edit_table,
    edit_tensor,
    fault_of_opening,
    relist,
    without,
)
from tests.io.fields.samples import CODES

CHAIR = "layers/completion-chair.safetensors"
MUG = "layers/localisation-the-mug.safetensors"
BOOK, EVIDENCE = "codebook.safetensors", "views/evidence.safetensors"
PHRASES, VECTORS = "phrases.json", "phrases.safetensors"
FILES = (
    "points.ply", BOOK, "instances.json", PHRASES, VECTORS, "views/views.json", EVIDENCE,
    "views/000000.jpg", CHAIR, MUG,
)  # fmt: skip
TENSOR_FILES = (BOOK, VECTORS, EVIDENCE, CHAIR, MUG)
MEBIBYTE = 1 << 20


def use_everything(field: StoredField) -> None:
    for name in ("codebook", "code", "points", "instances", "phrases", "evidence"):
        getattr(field, name)
    for entry in field.views:
        load_view(field.path, entry)
    for note in field.layers:
        field.layer(note.name)


def fault_of_using(folder: Path, name: str) -> str:
    field = open_field(folder)
    with pytest.raises(SceneError) as caught:
        use_everything(field)
    assert str(folder / name) in str(caught.value)
    check_doctor_finds(folder, name)
    return str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert "is missing" in fault_of_opening(folder, name)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:-3])
    assert "another size" in fault_of_opening(folder, name)


@pytest.mark.parametrize("name", ["points.ply", *TENSOR_FILES])
@pytest.mark.parametrize("change", [lambda d: d[:-4], lambda d: d + b"\0", lambda d: b""])
def test_the_headers_find_it_too(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """When `field.json` lists the damaged file as it is."""
    edit_bytes(folder, name, change)
    fault_of_opening(folder, name)


@pytest.mark.parametrize("name", TENSOR_FILES)
def test_a_header_that_promises_the_world_takes_no_memory(folder: Path, name: str) -> None:
    def change(header: dict) -> None:
        for entry in header.values():
            if len(entry["shape"]):
                size = 4 * 10**12
                entry["shape"], entry["data_offsets"] = [10**12], [0, size]
                entry["dtype"] = "F32"

    edit_header(folder, name, change)
    check_takes_no_memory(folder, name)


def test_points_that_promise_the_world_take_no_memory(folder: Path) -> None:
    edit_bytes(folder, "points.ply", lambda d: d.replace(b"vertex 40\n", b"vertex 100000000000\n"))
    assert "need" in check_takes_no_memory(folder, "points.ply")


def test_a_field_that_promises_the_world_takes_no_memory(folder: Path) -> None:
    edit_json(folder / "field.json", lambda d: d.update(num_points=10**12))
    assert "'num_points' should be a whole number" in check_takes_no_memory(folder, "field.json")
    edit_json(folder / "field.json", lambda d: d.update(num_points=2**31 - 1))
    check_takes_no_memory(folder, "points.ply")


def check_takes_no_memory(folder: Path, name: str) -> str:
    tracemalloc.start()
    fault = fault_of_opening(folder, name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MEBIBYTE
    return fault


@pytest.mark.parametrize(
    ("key", "change", "told"),
    [
        ("clip", lambda t: t[:-1], "'clip' should be 6 x 16"),
        ("clip", lambda t: t[:, :-1], "'clip' should be 6 x 16"),
        ("clip", lambda t: t.astype(np.float32), "of type float16"),
        ("clip", lambda t: None, "'clip' is missing"),
        ("sentence", lambda t: None, "'sentence' is missing"),
        ("sentence", lambda t: t[:, :3], "'sentence' should be 6 x 8"),
        ("modality", lambda t: t.astype(np.int32), "of type uint8"),
        ("count", lambda t: t[:2], "'count' should be 6"),
        ("background", lambda t: t[:1], "'background' should be 2 x any"),
        ("agreement", lambda t: t.reshape(2, 3), "'agreement' should be 6"),
    ],
)
def test_shapes_of_the_codebook(folder: Path, key: str, change: Callable, told: str) -> None:
    edit_tensor(folder, BOOK, key, change)
    assert told in fault_of_opening(folder, BOOK)


@pytest.mark.parametrize(
    ("name", "key", "change", "told"),
    [
        (VECTORS, "clip", lambda t: t[:, :3], "'clip' should be any x 16"),
        (VECTORS, "sentence", lambda t: None, "'sentence' is missing"),
        (VECTORS, "clip", lambda t: None, "'clip' is missing"),
        (EVIDENCE, "weight", lambda t: None, "'weight' is missing"),
        (EVIDENCE, "offset", lambda t: t[:-1], "'offset' should be 7"),
        (EVIDENCE, "region", lambda t: t[:, :2], "'region' should be any x 4"),
        (CHAIR, "score", lambda t: t[:-1], "a full layer needs 40 scores"),
        (CHAIR, "score", lambda t: t.astype(np.float16), "'score' must be a list of float32"),
        (MUG, "index", lambda t: np.zeros(3, np.int32), "one per score"),
    ],
)
def test_shapes_of_other_tensors(
    folder: Path, name: str, key: str, change: Callable, told: str
) -> None:
    edit_tensor(folder, name, key, change)
    assert told in fault_of_opening(folder, name)


@pytest.mark.parametrize("name", [BOOK, VECTORS, EVIDENCE])
def test_a_tensor_that_has_no_place(folder: Path, name: str) -> None:
    save_file({**load_file(folder / name), "other": np.zeros(3, np.float32)}, folder / name)
    relist(folder, name)
    assert "'other' has no place in it" in fault_of_opening(folder, name)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: drop_fields(t, "code"), "its points have no column 'code'"),
        (lambda t: rename_fields(t, {"confidence": "score"}), "it has a column 'score'"),
        (lambda t: t[:-1], "it should hold 40 points (got 39)"),
    ],
)
def test_columns_of_points(folder: Path, change: Callable, told: str) -> None:
    edit_table(folder, change)
    assert told in fault_of_opening(folder, "points.ply")


def with_first(value: float) -> Callable[[np.ndarray], np.ndarray]:
    def change(tensor: np.ndarray) -> np.ndarray:
        tensor = tensor.copy()
        tensor.flat[0] = value
        return tensor

    return change


@pytest.mark.parametrize(
    ("name", "key", "change", "told"),
    [
        (BOOK, "clip", with_first(np.nan), "a row of 'clip' is no unit vector"),
        (BOOK, "clip", with_first(np.inf), "a row of 'clip' is no unit vector"),
        (BOOK, "clip", lambda t: 2 * t, "a row of 'clip' is no unit vector"),
        (BOOK, "clip", lambda t: 0 * t, "a row of 'clip' is no unit vector"),
        (BOOK, "sentence", with_first(np.nan), "a row of 'sentence'"),
        (BOOK, "sentence", lambda t: 2 * t, "a row of 'sentence'"),
        (BOOK, "modality", with_first(2), "'modality' is neither 0 nor 1"),
        (BOOK, "count", with_first(-1), "'count' is below 0"),
        (BOOK, "agreement", with_first(np.nan), "'agreement' is not in 0..1"),
        (BOOK, "agreement", with_first(1.5), "'agreement' is not in 0..1"),
        (BOOK, "background", with_first(np.nan), "'background' holds what is no cosine"),
        (BOOK, "background", with_first(7), "'background' holds what is no cosine"),
        (BOOK, "background", lambda t: t[:, ::-1], "the quantiles of 'background' fall"),
        (VECTORS, "clip", with_first(np.nan), "a row of 'clip' is no unit vector"),
        (VECTORS, "sentence", lambda t: 3 * t, "a row of 'sentence' is no unit vector"),
        (EVIDENCE, "offset", with_first(1), "'offset' does not rise from 0 to 2"),
        (EVIDENCE, "offset", lambda t: np.array([0, 2, 1, 2, 2, 2, 2]), "'offset' does not rise"),
        (EVIDENCE, "view", with_first(2), "a 'view' is not one of the 2 views"),
        (EVIDENCE, "view", with_first(-1), "a 'view' is not one of the 2 views"),
        (EVIDENCE, "region", lambda t: t + 5, "a 'region' is empty or leaves its view"),
        (EVIDENCE, "region", lambda t: t[:, ::-1], "a 'region' is empty or leaves its view"),
        (EVIDENCE, "weight", with_first(np.nan), "a 'weight' is no finite number"),
        (EVIDENCE, "weight", lambda t: t[:1], "its columns are of different lengths"),
        (CHAIR, "score", with_first(np.nan), "a score is no finite number"),
        (MUG, "score", with_first(np.inf), "a score is no finite number"),
        (MUG, "index", with_first(40), "an index is outside the 40 points"),
        (MUG, "index", with_first(-1), "an index is outside the 40 points"),
    ],
)
def test_values_of_tensors(folder: Path, name: str, key: str, change: Callable, told: str) -> None:
    edit_tensor(folder, name, key, change)
    assert told in fault_of_using(folder, name)


def test_one_row_more_than_there_are_phrases(folder: Path) -> None:
    edit_tensor(folder, VECTORS, "clip", lambda t: np.concatenate([t, t[:1]]))
    assert "'clip' should have 5 rows" in fault_of_using(folder, VECTORS)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("x", np.nan, "a position is no finite number"),
        ("z", np.inf, "a position is no finite number"),
        ("nx", np.nan, "a normal is no unit vector"),
        ("ny", 9, "a normal is no unit vector"),
        ("code", CODES, "a 'code' is not one of the 6 codes"),
        ("code", -1, "a 'code' is not one of the 6 codes"),
        ("code_part", CODES, "a 'code_part' is not one of the 6 codes"),
        ("code_whole", -2, "a 'code_whole' is not one of the 6 codes"),
        ("instance", -2, "an 'instance' is below -1"),
        ("origin", 2, "an 'origin' is neither 0 nor 1"),
        ("confidence", np.nan, "a 'confidence' is not in 0..1"),
        ("confidence", 1.1, "a 'confidence' is not in 0..1"),
    ],
)
def test_values_of_points(folder: Path, column: str, value: float, told: str) -> None:
    if column in "xyz":  # written as bytes: our own reader would refuse it
        edit_bytes(folder, "points.ply", partial(_set_first, "xyz".index(column), value))
    else:
        edit_points(folder, column, 7, value)
    assert told in fault_of_using(folder, "points.ply")


def _set_first(axis: int, value: float, data: bytes) -> bytes:
    start = data.index(b"end_header\n") + len(b"end_header\n") + 4 * axis
    return data[:start] + np.float32(value).tobytes() + data[start + 4 :]


def test_codes_alone_are_checked_too(folder: Path) -> None:
    edit_points(folder, "code", 3, CODES)
    with pytest.raises(SceneError, match=r"points\.ply: a 'code' is not one of the 6 codes"):
        open_field(folder).code  # noqa: B018


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("instances.json", lambda d: d[0].update(codes=[CODES]), "'[0].codes' should be"),
        ("instances.json", lambda d: d[0].update(codes=[]), "instance 0 has no codes"),
        ("instances.json", lambda d: d[0].update(count=0), "'[0].count' should be"),
        ("instances.json", lambda d: d[0].update(centre=[0, 0]), "'[0].centre' should be 3"),
        ("instances.json", lambda d: d[0].update(score="NaN"), "'[0].score' should be a number"),
        ("instances.json", lambda d: d[0].update(score=float("nan")), "'[0].score' should be"),
        ("instances.json", lambda d: d[1].update(id=0), "two instances have the same id"),
        ("instances.json", lambda d: d[0].update(aabb=[[1, 1, 1], [0, 0, 0]]), "turned over"),
        ("instances.json", lambda d: d[1]["obb"].update(axes=3 * [[1, 0, 0]]), "is no box"),
        ("instances.json", without(1, "obb"), "'[1].obb' is missing"),
        ("instances.json", lambda d: {"a": 1}, "holds no JSON list"),
        ("instances.json", lambda d: [1], "'[0]' should be an object"),
        (PHRASES, lambda d: {}, "holds no JSON list"),
        (PHRASES, lambda d: [*d[:-1], ""], "a phrase cannot be one"),
        (PHRASES, lambda d: [*d[:-1], 3], "a phrase cannot be one"),
        ("views/views.json", lambda d: d[0].update(K=[1]), "'[0].K' should be 3 x 3 numbers"),
        ("views/views.json", lambda d: d[0].update(size=[0, 1]), "'[0].size' should be"),
        ("views/views.json", lambda d: d[0].update(image="../../x"), "is not listed"),
        ("views/views.json", without(0, "image"), "'[0].image' is missing"),
    ],
)
def test_values_of_lists(folder: Path, name: str, change: Callable, told: str) -> None:
    edit_listed_json(folder, name, change)
    assert told in fault_of_using(folder, name)


def test_fewer_phrases_than_rows(folder: Path) -> None:
    edit_listed_json(folder, PHRASES, lambda d: d[:-1])
    assert "'clip' should have 4 rows" in fault_of_using(folder, VECTORS)


def test_pictures_that_are_none_or_of_another_size(folder: Path) -> None:
    image = "views/000001.jpg"
    edit_bytes(folder, image, lambda d: b"no picture")
    assert "cannot be read as an image" in fault_of_using(folder, image)
    shutil.copy(folder / "views/000000.jpg", folder / image)
    edit_bytes(folder, image, lambda d: d)
    edit_listed_json(folder, "views/views.json", lambda d: d[1].update(size=[80, 60]))
    edit_tensor(folder, EVIDENCE, "region", lambda t: t)
    assert "the image should be 80 x 60 pixels" in fault_of_using(folder, image)


@given(st.data())
@settings(max_examples=50)
def test_any_damage_is_told_or_harmless(
    whole: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Bytes changed anywhere, listed as they are: an `InputError`, or a field that can be used."""
    folder = tmp_path_factory.mktemp("bad") / "room.lexel"
    shutil.copytree(whole, folder)
    name = data.draw(st.sampled_from(FILES))
    raw = bytearray((folder / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    edit_bytes(folder, name, lambda _: bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    try:
        use_everything(open_field(folder))
    except InputError as error:
        assert str(folder) in str(error)
    diagnose_field(folder)
