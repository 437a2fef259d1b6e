"""Features are read a few rows at a time; what is no such file is told and takes no memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.errors import SceneError
from lexel.io.feature_files import open_features

FEATURES = np.arange(24, dtype=np.float32).reshape(6, 4)


def npy_bytes(array: np.ndarray, **header: Any) -> bytes:
    """An .npy file; `header` replaces what its head says."""
    stream = io.BytesIO()
    told = {**np.lib.format.header_data_from_array_1_0(array), **header}
    np.lib.format.write_array_header_1_0(stream, told)
    return stream.getvalue() + array.tobytes(order="A")


@given(
    hnp.arrays(
        st.sampled_from([np.float16, np.float32, np.float64, ">f4"]),
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
        elements=st.floats(-100, 100, width=16),
    ),
    st.sampled_from(["npy", "npz", "compressed"]),
    st.booleans(),
)
@settings(max_examples=40)
def test_any_rows_of_any_file(
    tmp_path_factory: pytest.TempPathFactory, array: np.ndarray, kind: str, fortran: bool
) -> None:
    array = np.asfortranarray(array) if fortran else array
    path = tmp_path_factory.mktemp("f") / ("a.npy" if kind == "npy" else "a.npz")
    {"npy": np.save, "npz": np.savez, "compressed": np.savez_compressed}[kind](path, array)
    with open_features(path) as features:
        assert features.shape == array.shape
        assert np.array_equal(features[:], array)
        assert np.array_equal(features[1:3], array[1:3])
        backwards = np.arange(len(array))[::-1]
        assert np.array_equal(features[backwards], array[backwards])


def test_what_was_unpacked_is_cleared_away(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", FEATURES)
    with open_features(tmp_path / "a.npz") as features:
        unpacked = features.path
        assert unpacked.is_file()
    assert not unpacked.exists()


def test_memory_holds_what_was_asked_for(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((100_000, 64), np.float32))
    tracemalloc.start()
    with open_features(tmp_path / "a.npy") as features:
        features[5:1000]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20  # the file has 25 MB


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "has no readable header"),
        (b"\x93NUMPY", "has no readable header"),
        (npy_bytes(FEATURES)[:-1], "6, 4"),
        (npy_bytes(FEATURES) + b"\0", "is damaged"),
        (npy_bytes(FEATURES, shape=(10**12, 512)), "is damaged"),
        (npy_bytes(FEATURES, shape=(-1, 4)), "has no readable header"),
        (npy_bytes(FEATURES.astype(np.int32)), "of type int32"),
        (npy_bytes(FEATURES.astype(np.complex64)), "should hold numbers"),
        (npy_bytes(FEATURES, descr="|O"), "should hold numbers"),
        (npy_bytes(FEATURES.ravel()), "should hold one row of numbers for each point"),
        (npy_bytes(FEATURES[:0]), "0 x 4"),
    ],
)
@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_damage_is_told(tmp_path: Path, data: bytes, told: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".npy":
        path.write_bytes(data)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("arr_0.npy", data)
        told = {"6, 4": "another size", "is damaged": ""}.get(told, told)
    tracemalloc.start()
    with pytest.raises(SceneError) as caught, open_features(path):
        pass
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()
    assert str(path) in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("name", "told"),
    [("a.txt", "no file of features"), ("a.pt", r"Save them as \.npy"), ("b.npy", "not exist")],
)
def test_other_files_are_no_features(tmp_path: Path, name: str, told: str) -> None:
    if not name.startswith("b"):
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(SceneError, match=told), open_features(tmp_path / name):
        pass


def test_a_zip_with_several_arrays_or_none(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=FEATURES, b=FEATURES)
    (tmp_path / "bad.npz").write_bytes(b"PK no zip")
    for name, told in (("two.npz", "one array (got a, b)"), ("bad.npz", "is damaged")):
        with pytest.raises(SceneError) as caught, open_features(tmp_path / name):
            pass
        assert told in str(caught.value)
