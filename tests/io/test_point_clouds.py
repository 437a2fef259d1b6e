"""`.pcd` and `.xyz`: what columns mean, packing, and damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io import load_geometry
from lexel.io.lzf import decompress_lzf
from tests.io import solids


def write(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


# LZF


def compress(data: bytes) -> bytes:
    """Greedy: the longest earlier match of three bytes or more, else a literal."""
    out, literal, at = bytearray(), bytearray(), 0

    def flush() -> None:
        for start in range(0, len(literal), 32):
            part = literal[start : start + 32]
            out.extend(bytes([len(part) - 1]) + part)
        literal.clear()

    while at < len(data):
        length, back = 0, 0
        for start in range(max(0, at - 8000), at):
            n = 0
            while at + n < len(data) and n < 264 and data[start + n] == data[at + n]:
                n += 1
            if n > length:
                length, back = n, at - start
        if length < 3:
            literal.append(data[at])
            at += 1
            continue
        flush()
        high, low = divmod(back - 1, 256)
        short = min(length - 2, 7)
        out.append(short << 5 | high)
        if short == 7:
            out.append(length - 9)
        out.append(low)
        at += length
    flush()
    return bytes(out)


@given(
    st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 12)), max_size=5).map(
        lambda parts: b"".join(part * times for part, times in parts)
    )
)
def test_lzf_round_trip(data: bytes) -> None:
    assert decompress_lzf(compress(data), len(data), "here") == data


@given(st.binary(max_size=80), st.integers(0, 100))
def test_lzf_of_anything_is_refused_or_of_the_right_length(data: bytes, size: int) -> None:
    try:
        assert len(decompress_lzf(data, size, "here")) == size
    except SceneError as error:
        assert "should unpack to" in str(error)


# .pcd


@pytest.mark.parametrize(("compressed", "text"), [(False, False), (True, False), (False, True)])
def test_what_open3d_writes(tmp_path: Path, compressed: bool, text: bool) -> None:
    import open3d

    rng = np.random.default_rng(0)
    cloud = open3d.t.geometry.PointCloud(rng.normal(size=(900, 3)).astype(np.float32))
    cloud.point.colors = rng.integers(0, 256, (900, 3), np.uint8)
    normals = rng.normal(size=(900, 3)).astype(np.float32)
    cloud.point.normals = normals
    path = tmp_path / "a.pcd"
    open3d.t.io.write_point_cloud(str(path), cloud, write_ascii=text, compressed=compressed)
    loaded = load_geometry(path)
    np.testing.assert_allclose(loaded.points_m, cloud.point.positions.numpy(), rtol=1e-6)
    np.testing.assert_array_equal(loaded.rgb, cloud.point.colors.numpy())
    expected = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    np.testing.assert_allclose(loaded.normals, expected, atol=1e-5)


def test_padding_and_columns_of_many(tmp_path: Path) -> None:
    header = b"FIELDS x y z _ _ histogram\nSIZE 4 4 4 1 1 4\nTYPE F F F U U F\n"
    header += b"COUNT 1 1 1 3 1 2\nPOINTS 2\nDATA binary\n"
    row = np.array([1, 2, 3], "<f4").tobytes() + bytes(4) + bytes(8)
    cloud = load_geometry(write(tmp_path, "a.pcd", header + row * 2))
    np.testing.assert_allclose(cloud.points_m, [[1, 2, 3]] * 2)
    assert cloud.rgb is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"POINTS 7", b"POINTS 999999999999", "999,999,999,999 points cannot stand in"),
        (b"POINTS 7", b"POINTS -7", "header that is not understood"),
        (b"POINTS 7", b"POINTS", "header that is not understood"),
        (b"SIZE 4", b"SIZE 3", "header that is not understood"),
        (b"SIZE 4 4", b"SIZE 4", "header that is not understood"),
        (b"TYPE F", b"TYPE X", "header that is not understood"),
        (b"COUNT 1", b"COUNT -1", "header that is not understood"),
        (b"FIELDS x y z", b"FIELDS x y w", "no columns x, y and z of one number"),
        (b"COUNT 1", b"COUNT 0", "no columns x, y and z of one number"),
        (b"DATA binary", b"DATA binary_compressed", "points need"),
        (b"DATA binary", b"DATA ascii", "is damaged"),
        (b"DATA binary", b"DATA gzip", "bytes of gzip"),
        (b"DATA", b"data", "no header of a .pcd"),
    ],
)
def test_damaged_pcd(tmp_path: Path, old: bytes, new: bytes, sentence: str) -> None:
    content = solids.room_pcd().replace(old, new, 1)
    with pytest.raises(SceneError) as caught:
        load_geometry(write(tmp_path, "a.pcd", content))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("data", [b"binary\n" + bytes(24), b"ascii\n1 2 3 4 5 6\n"])
def test_columns_of_many_are_no_positions(tmp_path: Path, data: bytes) -> None:
    header = b"FIELDS x y z _\nSIZE 4 4 4 4\nTYPE F F F F\nCOUNT 2 2 2 0\nPOINTS 1\nDATA "
    with pytest.raises(SceneError, match="x, y and z of one number each"):
        load_geometry(write(tmp_path, "a.pcd", header + data))


@pytest.mark.parametrize("value", [b"nan", b"-5", b"1e30"])
def test_colours_that_are_no_numbers_do_no_harm(tmp_path: Path, value: bytes) -> None:
    content = solids.room_pcd("ascii").replace(b" 16711680\n", b" " + value + b"\n")
    assert value in content
    assert len(load_geometry(write(tmp_path, "a.pcd", content)).rgb) == 7


# .xyz


@pytest.mark.parametrize(
    ("text", "rgb", "normal"),
    [
        ("1 2 3", None, None),
        ("1 2 3 0.7", None, None),
        ("1 2 3 255 128 0", (255, 128, 0), None),
        ("1 2 3 1.0 0.502 0", (255, 128, 0), None),
        ("1 2 3 0 0 -1", None, (0, 0, -1)),
        ("1 2 3 -900 5 9", None, None),
        ("1,2,3,77,255,128,0", (255, 128, 0), None),
        ("1;2;3;255;128;0;0;1;0", (255, 128, 0), (0, 1, 0)),
        ("1\n1 2 3", None, None),
        ("# x y z\n\n// more\n1\t2\t3", None, None),
        ("# much to say\n" * 500 + "1\n" + "# more\n" * 500 + "1,2,3", None, None),
    ],
)
def test_columns_by_their_number(tmp_path: Path, text: str, rgb: object, normal: object) -> None:
    cloud = load_geometry(write(tmp_path, "a.xyz", text.encode()))
    np.testing.assert_allclose(cloud.points_m, [[1, 2, 3]])
    for found, expected in ((cloud.rgb, rgb), (cloud.normals, normal)):
        if expected is None:
            assert found is None
        else:
            np.testing.assert_allclose(found, [expected])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"1 2", "should have 3, 4, 6, 7 or 9 columns"),
        (b"1 2 3\n1 2\n", "is not rows of numbers"),
        (b"a b c", "is not rows of numbers"),
        (b"# nothing\n", "holds no points"),
        (b"", "holds no points"),
        (b"7\n", "holds no points"),
        (b"\xff\xfe1", "cannot be read as text"),
        (b"nan nan nan", "holds no points"),
    ],
)
def test_damaged_xyz(tmp_path: Path, text: bytes, sentence: str) -> None:
    with pytest.raises(SceneError, match=sentence):
        load_geometry(write(tmp_path, "a.xyz", text))
