"""safetensors files come back as they were written; headers that lie are found before mapping."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lexel.errors import SceneError
from lexel.io.tensor_files import map_tensor, read_places, save_tensors

DTYPES = [np.float16, np.float32, np.uint8, np.int32, np.int64]
ARRAYS = hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=1, max_dims=3, min_side=0))


@given(st.dictionaries(st.text(min_size=1).filter(lambda s: s != "__metadata__"), ARRAYS))
@settings(max_examples=40)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, tensors: dict[str, Any]) -> None:
    path = save_tensors(tmp_path_factory.mktemp("t") / "a.safetensors", tensors)
    places = read_places(path)
    assert set(places) == set(tensors)
    for name, tensor in tensors.items():
        found = map_tensor(path, places[name])
        assert found.dtype == tensor.dtype and found.shape == tensor.shape
        assert found.tobytes() == tensor.tobytes()


@given(st.dictionaries(st.text(), ARRAYS))
@settings(max_examples=100)
def test_the_bytes_are_those_of_the_safetensors_package(
    tmp_path_factory: pytest.TempPathFactory, tensors: dict[str, Any]
) -> None:
    from safetensors.numpy import save

    tensors.pop("__metadata__", None)
    path = save_tensors(tmp_path_factory.mktemp("t") / "a.safetensors", tensors)
    assert path.read_bytes() == save(tensors)


def test_what_others_note_in_the_header_is_no_tensor(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path = tmp_path / "a.safetensors"
    save_file({"a": np.ones(3, np.float32)}, path, {"made by": "somebody"})
    assert set(read_places(path)) == {"a"}


def write(path: Path, header: Any, num_bytes: int = 16) -> Path:
    text = json.dumps(header).encode() if not isinstance(header, bytes) else header
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(num_bytes))
    return path


def entry(dtype: str, shape: Any, begin: Any, end: Any) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ([], "no list of tensors"),
        (b"{", "its header is no JSON"),
        (b"[" * 90_000, "its header is no JSON"),
        (b" " * (1 << 20) + b"{}", "one over 1 MB"),
        ({"a": 1}, "the type of 'a'"),
        ({"a": entry("BF16", [8], 0, 16)}, "the type of 'a'"),
        ({"a": entry("F32", ["4"], 0, 16)}, "no whole numbers"),
        ({"a": entry("F32", [-4], 0, 16)}, "no whole numbers"),
        ({"a": entry("F32", [True, 4], 0, 16)}, "no whole numbers"),
        ({"a": entry("F32", [4], 0, 1e1)}, "no whole numbers"),
        ({"a": {"dtype": "F32", "shape": [4]}}, "no whole numbers"),
        ({"a": entry("F32", [5], 0, 16)}, "promises [5] numbers, 20 bytes"),
        ({"a": entry("F32", [10**12], 0, 4 * 10**12)}, "its header promises"),
        ({"a": entry("F32", [2**40, 2**40], 0, 16)}, "promises"),
        ({"a": entry("F32", [3], 0, 12)}, "its header promises"),
        ({"a": entry("F32", [3], 4, 16)}, "do not lie end to end"),
        ({"a": entry("F32", [4], 0, 16), "b": entry("F32", [4], 0, 16)}, "end to end"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path: Path, header: Any, told: str) -> None:
    with pytest.raises(SceneError) as caught:
        read_places(write(tmp_path / "a.safetensors", header))
    assert str(tmp_path / "a.safetensors") in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("change", [lambda d: d[:5], lambda d: d[:20], lambda d: b""])
def test_files_cut_short(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = save_tensors(tmp_path / "a.safetensors", {"a": np.ones(4, np.float32)})
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(SceneError, match=r"a\.safetensors"):
        read_places(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"none\.safetensors"):
        read_places(tmp_path / "none.safetensors")
