"""Clouds come back as they were written, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io.clouds import (
    Vertices,
    map_ply,
    points_of,
    read_column,
    read_ply,
    vertex_table,
    write_ply,
)
from tests.io.samples import colours_of

OPTIONAL = {
    "code": np.int32,
    "instance": np.int32,
    "origin": np.uint8,
    "confidence": np.float32,
    "score": np.float32,
}


def make_table(num_points: int, columns: set[str], seed: int = 0) -> Vertices:
    rng = np.random.default_rng(seed)
    extra = {name: rng.integers(0, 200, num_points).astype(OPTIONAL[name]) for name in columns}
    points_m = rng.normal(size=(num_points, 3)).astype(np.float32)
    rgb = rng.integers(0, 256, (num_points, 3), np.uint8)
    return vertex_table(points_m, rgb, **extra)


@given(st.integers(0, 40), st.sets(st.sampled_from(sorted(OPTIONAL))), st.integers(0, 9))
@settings(max_examples=30)
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, n: int, names: set[str], seed: int):
    table = make_table(n, names, seed)
    path = tmp_path_factory.mktemp("cloud") / "a.ply"
    write_ply(path, table, ["label: two\nlines ✓"])
    for read in (read_ply, map_ply):
        again = read(path)
        assert again.dtype == table.dtype
        assert np.array_equal(again, table)
    for name in table.dtype.names or ():
        assert np.array_equal(read_column(path, name), table[name])


def test_a_column_of_very_many_points_is_read_in_pieces(tmp_path: Path) -> None:
    table = make_table(300_000, {"code"})
    path = write_ply(tmp_path / "a.ply", table)
    assert np.array_equal(read_column(path, "code"), table["code"])


def test_a_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="has no column 'code'"):
        read_column(write_ply(tmp_path / "a.ply", make_table(3, set())), "code")


def test_other_programs_read_it(tmp_path: Path) -> None:
    import open3d
    import trimesh

    table = make_table(50, {"origin", "score"})
    path = write_ply(tmp_path / "a.ply", table, ["label: chair"])
    cloud = open3d.t.io.read_point_cloud(str(path))
    assert np.array_equal(cloud.point.positions.numpy(), points_of(table))
    assert np.array_equal(cloud.point.colors.numpy(), colours_of(table))
    assert np.array_equal(cloud.point["score"].numpy().ravel(), table["score"])
    other = trimesh.load(path)
    assert np.allclose(other.vertices, points_of(table))
    assert np.array_equal(np.asarray(other.colors)[:, :3], colours_of(table))


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_cloud_is_refused_or_harmless(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("bad") / "a.ply"
    write_ply(path, make_table(5, {"score"}))
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        table = read_ply(path)
    except SceneError as error:
        assert str(path) in str(error)
    else:
        assert np.isfinite(points_of(table)).all()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"vertex 5", b"vertex 999999999"),
        lambda text: text.replace(b"vertex 5", b"vertex -5"),
        lambda text: text.replace(b"binary_little_endian", b"ascii"),
        lambda text: text.replace(b"float z", b"double z"),
        lambda text: text.replace(b"property float y\n", b""),
        lambda text: text.replace(b"ply\n", b"ply\ncomment " + b"x" * 70_000 + b"\n", 1),
        lambda text: text + b"x",
        lambda text: b"",
    ],
)
def test_headers_that_lie_are_refused(tmp_path: Path, change) -> None:
    path = write_ply(tmp_path / "a.ply", make_table(5, set()))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(SceneError):
        read_ply(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match=r"nothing\.ply"):
        read_ply(tmp_path / "nothing.ply")
