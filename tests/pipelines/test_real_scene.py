"""`lexel complete` and `lexel locate` on a real scan, with full-size networks, as users run them.

The networks are untrained: their answers mean nothing, but they are as large as real ones and
come by the same way.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open3d
import pytest
import trimesh

from lexel.geometry.transforms import apply
from lexel.io import load_scene
from lexel.io.clouds import points_of, read_ply
from lexel.io.placing import valid_points
from lexel.scene import Scene

# Noise has a surface around every voxel: hundreds of megabytes of it for each label. With this
# cutoff some 2 % of the places are left, and every label keeps some.
CUTOFF = "-0.08"
MOST_RESIDENT_BYTES = 4 << 30
STEP_M = 2 / 239  # of the lattice in the box

# The command, and what it had resident at most, where the system tells.
RUN = r"""
import atexit, pathlib, sys
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: status.exists() and print(status.read_text(), file=sys.stderr))
from lexel.cli import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Result:
    """What both commands left behind."""

    folder: Path
    summaries: dict[str, Any]
    peaks: dict[str, int | None]

    @property
    def listed(self) -> dict[str, dict[str, Any]]:
        listed: dict[str, dict[str, Any]] = json.loads(
            (self.folder / "labels/labels.json").read_text(encoding="utf-8")
        )
        return listed

    def entries(self, kind: str) -> dict[str, dict[str, Any]]:
        return {name: entry for name, entry in self.listed.items() if entry["kind"] == kind}


def _run(command: str, scene: Path, out: Path, *more: str) -> tuple[Any, int | None]:
    arguments = [command, str(scene), "--weights", "untrained", "--preset", "fast", "--no-film"]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments, "--out", str(out), "--json", *more],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "2"},
    )
    assert done.returncode == 0, done.stderr
    peak = re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    return json.loads(done.stdout), int(peak[1]) * 1024 if peak else None


@pytest.fixture(scope="module")
def path(shared_data: Path) -> Path:
    return shared_data / "semabs" / "arkit_vn_poster.pkl"


@pytest.fixture(scope="module")
def scene(path: Path) -> Scene:
    return load_scene(path)


@pytest.fixture(scope="module")
def result(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    out = tmp_path_factory.mktemp("real")
    ran = {
        "completion": _run("complete", path, out, "--cutoff", CUTOFF),
        "localisation": _run("locate", path, out),
    }
    summaries = {kind: summary for kind, (summary, _) in ran.items()}
    peaks = {kind: peak for kind, (_, peak) in ran.items()}
    yield Result(out / "arkit-vn-poster.lexel", summaries, peaks)
    shutil.rmtree(out, ignore_errors=True)


pytestmark = pytest.mark.timeout(900)


def bounds_of(points: Any) -> np.ndarray:
    array = np.asarray(points)
    return np.array([array.min(0), array.max(0)])


def assert_in_the_box(points: Any, scene: Scene) -> None:
    """World positions (N, 3) lie in the networks' box, but for half a step of surface."""
    in_box = apply(scene.box_from_world, np.asarray(points, np.float64))
    assert (in_box >= np.array([-1, -1, -0.1]) - STEP_M).all()
    assert (in_box <= np.array([1, 1, 1.9]) + STEP_M).all()


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool((np.maximum(a[0], b[0]) <= np.minimum(a[1], b[1])).all())


@pytest.mark.parametrize("kind", ["completion", "localisation"])
def test_it_stays_under_four_gigabytes(result: Result, kind: str) -> None:
    peak = result.peaks[kind]
    if peak is None:
        pytest.skip("this system does not tell a process's peak memory")
    assert peak < MOST_RESIDENT_BYTES, f"{peak / 1e9:.2f} GB"


def test_every_label_and_description_is_listed(result: Result, scene: Scene) -> None:
    assert len(scene.labels) == 14
    assert len(scene.descriptions) == 3
    listed = {kind: [e["text"] for e in result.entries(kind).values()] for kind in result.peaks}
    assert sorted(listed["completion"]) == sorted(scene.labels)
    assert sorted(listed["localisation"]) == sorted(map(str, scene.descriptions))


def test_results_are_stamped_meaningless(result: Result) -> None:
    assert all(summary["meaningless"] for summary in result.summaries.values())
    manifest = json.loads((result.folder / "result.json").read_text(encoding="utf-8"))
    assert manifest["meaningless"] is True


def test_the_scene_s_cloud_is_what_was_seen(result: Result, scene: Scene) -> None:
    file = result.folder / "scene.ply"
    expected = bounds_of(valid_points(scene.view))
    cloud = open3d.io.read_point_cloud(str(file))
    assert len(cloud.points) == (scene.view.depth_m > 0).sum()
    np.testing.assert_allclose(bounds_of(cloud.points), expected, atol=1e-5)
    np.testing.assert_allclose(trimesh.load(file).bounds, expected, atol=1e-5)


def test_points_lie_where_the_summary_says(result: Result) -> None:
    """One layer for each label that was found, and as many voxels as were counted."""
    points = points_of(read_ply(result.folder / "points.ply"))
    scene = points_of(read_ply(result.folder / "scene.ply"))
    counted = sum(
        label["voxels"] for summary in result.summaries.values() for label in summary["labels"]
    )
    assert len(points) == len(scene) + counted
    np.testing.assert_array_equal(points[: len(scene)], scene)


def test_each_label_is_a_mesh_or_listed_as_empty(result: Result, scene: Scene) -> None:
    around_scene = bounds_of(valid_points(scene.view))
    summaries = {label["text"]: label for label in result.summaries["completion"]["labels"]}
    found = 0
    for name, entry in result.entries("completion").items():
        file, summary = result.folder / f"labels/{name}.obj", summaries[entry["text"]]
        assert file.exists() is not entry["empty"], name
        assert (result.folder / f"layers/completion-{name}.safetensors").exists() is file.exists()
        assert summary["empty"] is entry["empty"] is (summary["voxels"] == 0)
        if entry["empty"]:
            continue
        found += 1
        ours = open3d.io.read_triangle_mesh(str(file))
        theirs = trimesh.load(file, process=False)
        assert len(ours.triangles) == len(theirs.faces) > 0
        bounds = bounds_of(ours.vertices)
        np.testing.assert_allclose(theirs.bounds, bounds, atol=1e-5)
        np.testing.assert_allclose(bounds, summary["bounds"], atol=STEP_M)
        assert_in_the_box(ours.vertices, scene)
        assert overlap(bounds, around_scene), name
    assert found > 0


def test_each_description_is_a_cloud(result: Result, scene: Scene) -> None:
    entries = result.entries("localisation")
    assert len(entries) == 3
    for name, entry in entries.items():
        assert not entry["empty"]
        file = result.folder / f"labels/{name}.ply"
        ours, theirs = open3d.io.read_point_cloud(str(file)), trimesh.load(file)
        assert len(ours.points) == len(theirs.vertices) > 0
        bounds = bounds_of(ours.points)
        np.testing.assert_allclose(theirs.bounds, bounds, atol=1e-5)
        assert_in_the_box(ours.points, scene)  # hidden things may be behind all that was seen
        score = read_ply(file)["score"]
        assert score.dtype == np.float32
        assert np.ptp(score) <= 0.15 + 1e-5
