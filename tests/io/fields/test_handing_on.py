"""A field as plain arrays and as open3d's cloud: the same numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lexel.io.fields import StoredField, open_field, save_field, to_open3d
from tests.io.fields.samples import make_content, write_field


@pytest.fixture
def field(tmp_path: Path) -> StoredField:
    return open_field(write_field(tmp_path))


def test_numpy_has_everything(field: StoredField) -> None:
    arrays = field.to_numpy()
    assert np.array_equal(arrays["xyz_m"], field.points.xyz_m)
    assert np.array_equal(arrays["code_part"], field.points.code_part)
    features = arrays["codebook_clip"][arrays["code"]]
    assert features.shape == (40, 16) and features.dtype == np.float32
    assert np.array_equal(features, field.codebook.clip.astype(np.float32)[field.code])
    assert np.array_equal(arrays["layer/completion/chair"], field.layer("completion/chair").score)
    sparse = arrays["layer/localisation/the mug"]
    assert np.flatnonzero(~np.isnan(sparse)).tolist() == [39] and sparse[39] == 0.5


def test_the_arrays_are_the_callers_own(field: StoredField) -> None:
    arrays = field.to_numpy()
    for name in ("xyz_m", "code", "codebook_clip", "codebook_count"):
        arrays[name][:] = 0
    assert field.points.xyz_m.any() and field.codebook.count.any()


def test_open3d_has_every_column(field: StoredField) -> None:
    cloud, arrays = to_open3d(field), field.to_numpy()
    assert np.array_equal(cloud.point.positions.numpy(), arrays["xyz_m"])
    assert np.array_equal(cloud.point.colors.numpy(), arrays["rgb"])
    for name in ("normals", "code", "code_whole", "instance", "origin", "confidence"):
        column = cloud.point[name].numpy()
        assert np.array_equal(column.squeeze(), arrays[name]) and column.dtype == arrays[name].dtype
    chair = cloud.point["completion/chair"].numpy().ravel()
    assert np.array_equal(chair, arrays["layer/completion/chair"])


def test_what_a_field_has_not_is_absent(tmp_path: Path) -> None:
    content = make_content()
    points = replace(content.points, normals=None, instance=None)
    bare = replace(content, points=points, layers=())
    field = open_field(save_field(tmp_path / "bare.lexel", bare))
    assert not {"normals", "instance"} & set(field.to_numpy())
    assert "normals" not in to_open3d(field).point


def test_open3d_reads_the_file_itself(field: StoredField) -> None:
    import open3d

    cloud = open3d.t.io.read_point_cloud(str(field.path / "points.ply"))
    assert np.array_equal(cloud.point["code"].numpy().ravel(), field.code)
