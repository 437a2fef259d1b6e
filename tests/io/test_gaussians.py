"""3D Gaussians give the centres and base colours of those that can be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexel.errors import SceneError
from lexel.io import load_geometry
from lexel.scene import Severity
from tests.io import solids


def _load(folder: Path, *arguments: object, **names: object):
    (folder / "g.ply").write_bytes(solids.gaussians_ply(*arguments, **names))
    return load_geometry(folder / "g.ply")


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=20))
def test_faint_ones_are_left_out(
    tmp_path_factory: pytest.TempPathFactory, opacity: list[float]
) -> None:
    folder = tmp_path_factory.mktemp("gaussians")
    seen = 1 / (1 + np.exp(-np.float32(opacity))) >= 0.2
    if not seen.any():
        with pytest.raises(SceneError, match="no Gaussian of opacity"):
            _load(folder, opacity, np.zeros((len(opacity), 3)))
        return
    cloud = _load(folder, opacity, np.zeros((len(opacity), 3)))
    np.testing.assert_array_equal(cloud.points_m[:, 0], np.flatnonzero(seen))
    assert f"the {seen.sum():,} of {len(seen):,}" in " ".join(f.what for f in cloud.findings)


def test_base_colours(tmp_path: Path) -> None:
    f_dc = np.array([[0, 0.5 / 0.28209479, -0.5 / 0.28209479], [9, -9, np.nan]])
    cloud = _load(tmp_path, [5.0, 5.0], f_dc)
    assert cloud.kind == "3D Gaussians (.ply)"
    np.testing.assert_array_equal(cloud.rgb, [[128, 255, 0], [255, 0, 128]])


def test_neither_unit_nor_up_is_known_and_it_is_said(tmp_path: Path) -> None:
    cloud = _load(tmp_path, [5.0], np.zeros((1, 3)))
    warnings = [f.what for f in cloud.findings if f.severity is Severity.WARNING]
    assert any("arbitrary" in what for what in warnings)
    # -y is up, as COLMAP's first camera has it.
    np.testing.assert_allclose(cloud.world_from_source @ [0, -1, 0, 1], [0, 0, 1, 1])
    said = _load(tmp_path, [5.0], np.zeros((1, 3)), comments=("Vertical Axis: z",))
    np.testing.assert_allclose(said.world_from_source, np.eye(4))
