"""A pickle is read as data: what numpy and Python write comes back, everything else is refused."""

from __future__ import annotations

import argparse
import collections
import io
import os
import pickle
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.errors import InputError, SceneError, WeightsError
from lexel.io import load_namespace, load_plain

_keys = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none())
_leaves = st.one_of(
    _keys,
    st.floats(allow_nan=False),
    st.binary(max_size=20),
    st.sets(st.integers(), max_size=3),
)
plain = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(_keys, inner, max_size=4),
    ),
    max_leaves=12,
)
protocols = st.integers(0, pickle.HIGHEST_PROTOCOL)
arrays = hnp.arrays(
    st.one_of(hnp.scalar_dtypes(), hnp.unicode_string_dtypes(max_len=4)).filter(
        lambda d: d.kind in "biufcU" and d.itemsize <= 16
    ),
    hnp.array_shapes(max_dims=3, max_side=4, min_side=0),
)


class RunsACommand:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> Any:
        return os.system, (self.command,)


@given(plain, protocols)
@settings(max_examples=60)
def test_plain_values_come_back(value: Any, protocol: int) -> None:
    assert load_plain(io.BytesIO(pickle.dumps(value, protocol))) == value


@given(arrays, protocols, st.booleans())
@settings(max_examples=60)
def test_arrays_come_back(array: np.ndarray, protocol: int, fortran: bool) -> None:
    array = np.asfortranarray(array) if fortran else array
    read = load_plain(io.BytesIO(pickle.dumps({"a": array, "again": array}, protocol)))
    np.testing.assert_array_equal(read["a"], array)
    np.testing.assert_array_equal(read["again"], array)
    assert read["a"].dtype == array.dtype


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_settings_come_back_as_a_dict(tmp_path: Path, protocol: int) -> None:
    path = tmp_path / "args.pkl"
    path.write_bytes(pickle.dumps(argparse.Namespace(lr=0.1, shape=[128] * 3), protocol))
    assert load_namespace(path) == {"lr": 0.1, "shape": [128] * 3}
    with pytest.raises(SceneError, match=r"argparse\.Namespace|copy_?reg"):
        load_plain(path)


def test_published_settings(golden: Path) -> None:
    settings_ = load_namespace(golden / "fmaps8" / "ovssc" / "args.pkl", error=WeightsError)
    assert settings_["voxel_shape"] == [128, 128, 128]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_hostile_pickle_is_named_and_not_run(tmp_path: Path, protocol: int) -> None:
    victim, path = tmp_path / "victim", tmp_path / "hostile.pkl"
    scene = {"rgb": RunsACommand(f'echo > "{victim}"')}
    path.write_bytes(pickle.dumps(scene, protocol))
    with pytest.raises(SceneError, match=r"system.*Nothing was executed"):
        load_plain(path)
    assert not victim.exists()
    with pytest.raises(WeightsError):
        load_namespace(path, error=WeightsError)
    assert not victim.exists()


@pytest.mark.parametrize(
    "value",
    [
        np.array([{}], object),
        np.zeros(2, [("a", "f4")]),
        np.zeros(2, "M8[s]"),
        np.ma.zeros(3),
        collections.Counter("a"),
        range(3),
        print,
        Path("x"),
        {(1, 2): 3},
    ],
)
def test_what_is_not_plain_is_refused(value: Any) -> None:
    with pytest.raises(SceneError, match="not plain data"):
        load_plain(io.BytesIO(pickle.dumps(value)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no pickle",
        b"\x80\x04.",
        b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b".",  # bytes longer than the world
        b"\x80\x05\x96" + struct.pack("<Q", 2**62) + b".",
        b"\x80\x02Nr\xff\xff\xff\x7f.",  # memo entry two thousand million: fine, no array of them
        b"\x80\x02P1\n.",
        b"\x80\x02\x82\x01.",
        b"(" * 100_000 + b".",
        b"I" + b"9" * 10_000 + b"\n.",
    ],
)
def test_broken_and_greedy_pickles_end_in_a_sentence(content: bytes) -> None:
    try:
        assert load_plain(io.BytesIO(content)) is None
    except InputError as error:
        assert error.do


def test_an_array_larger_than_its_bytes_is_refused() -> None:
    content = pickle.dumps(np.zeros((3, 3)), 2).replace(b"K\x03K\x03", b"K\x03K\xff")
    with pytest.raises(SceneError, match="do not match its shape"):
        load_plain(io.BytesIO(content))


def test_a_nest_that_takes_for_ever_to_hash_is_refused() -> None:
    nest: Any = ()
    for _ in range(60):
        nest = (nest, nest)
    with pytest.raises(SceneError, match="as a key"):
        load_plain(
            io.BytesIO(pickle.dumps(nest)[:-1].replace(b"\x80\x04", b"\x80\x04}", 1) + b"Ns.")
        )


def _doubled(inner: Any, times: int) -> Any:
    for _ in range(times):
        inner = [inner, inner]
    return inner


def _nested(levels: int) -> Any:
    nest: Any = []
    for _ in range(levels):
        nest = [nest]
    return nest


def _endless() -> Any:
    loop: list[Any] = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize(
    "value",
    [
        _doubled(1, 30),
        {"rgb": _doubled((), 30)},
        _doubled(np.zeros(2**17), 12),
        [[[0] * 10_000] * 10_000] * 10_000,
        _nested(300),
        _endless(),
    ],
    ids=["doubled", "in a dict", "arrays", "wide", "deep", "endless"],
)
def test_values_that_take_for_ever_to_walk_through_are_refused_quickly(value: Any) -> None:
    start = time.perf_counter()
    with pytest.raises(SceneError, match=r"more values than|nested more than"):
        load_plain(io.BytesIO(pickle.dumps(value)))
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("suffix", [b"\x93.", b"cnumpy\ndtype\n"])
def test_an_endless_value_in_place_of_a_name_is_refused_quickly(suffix: bytes) -> None:
    nest = pickle.dumps(_doubled(1, 30), 2)[:-1]
    if suffix == b"\x93.":
        content = nest + nest[2:] + suffix  # STACK_GLOBAL of two nests
    else:
        content = b"\x80\x02" + suffix + nest[2:] + b"\x85R."  # dtype(nest)
    with pytest.raises(SceneError):
        load_plain(io.BytesIO(content))


def test_a_key_too_large_to_write_out_is_told() -> None:
    content = pickle.dumps({10**10_000: 1})
    assert load_plain(io.BytesIO(content)) == {10**10_000: 1}


@given(st.data())
@settings(max_examples=100)
def test_truncated_pickles_are_refused(data: st.DataObject) -> None:
    whole = pickle.dumps({"a": np.arange(5), "b": ["x", 1.5]})
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(SceneError):
        load_plain(io.BytesIO(whole[:cut]))
