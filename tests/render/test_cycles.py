"""The world as Blender's Cycles sees it: the same place, other pixels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lexel.errors import CancelledError, InputError
from lexel.geometry.cameras import look_at, project
from lexel.geometry.transforms import invert
from lexel.io.room_shards import load_room_views
from lexel.progress import Silent
from lexel.render.blender import import_bpy, place_camera
from lexel.render.cycles_dataset import CyclesSettings, photograph_again
from lexel.render.cycles_room import CyclesStudio
from lexel.synthetic.dataset import Plan, build_dataset, save_shard
from lexel.synthetic.furnish import furnish
from lexel.synthetic.render import Studio
from lexel.synthetic.room import Finish, Light, Room

pytest.importorskip("bpy", reason="the extra `render` is not installed")

QUICK = CyclesSettings(samples=1)
SIZE = (64, 48)
K = np.array([[60.0, 0, 35], [0, 60, 20], [0, 0, 1]])  # its principal point off the centre
POSE = look_at(np.array([1.2, -1.3, 1.6]), np.array([-0.2, 0.3, 0.4]))


def test_the_camera_is_ours() -> None:
    from bpy_extras.object_utils import world_to_camera_view
    from mathutils import Vector

    bpy = import_bpy()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    place_camera(bpy, K, POSE, SIZE)
    bpy.context.view_layer.update()
    points = np.random.default_rng(0).uniform(-1, 1, (20, 3))
    camera_from_world = invert(POSE)
    expected = project(points @ camera_from_world[:3, :3].T + camera_from_world[:3, 3], K)
    scene = bpy.context.scene
    seen = np.array([world_to_camera_view(scene, scene.camera, Vector(p)) for p in points])
    np.testing.assert_allclose(seen[:, 0] * SIZE[0], expected[:, 0], atol=1e-2)
    np.testing.assert_allclose((1 - seen[:, 1]) * SIZE[1], expected[:, 1], atol=1e-2)
    np.testing.assert_allclose(seen[:, 2], expected[:, 2], atol=1e-4)


def test_it_is_the_same_room(capfd: pytest.CaptureFixture[str]) -> None:
    studio = Studio(furnish(3))
    cast = studio.photograph(K, POSE, SIZE).rgb
    cycles = CyclesStudio(studio, samples=4, threads=1)
    seen = cycles.photograph(K, POSE, SIZE)
    assert seen.shape == cast.shape and seen.dtype == np.uint8
    assert _alike(seen, cast) > 0.85
    assert _alike(seen[:, ::-1], cast) < 0.7 and _alike(seen[::-1], cast) < 0.7
    assert 0.6 < seen.mean() / cast.mean() < 1.6
    np.testing.assert_array_equal(seen, cycles.photograph(K, POSE, SIZE))
    assert capfd.readouterr().out == "", "the work never prints, nor does Blender"


def _alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_patterns_lie_where_the_ray_caster_has_them() -> None:
    """On a floor of checks, under light from above only, bright fields are the same."""
    checks, plain = Finish((0.5, 0.5, 0.5), "checked"), Finish((0.5, 0.5, 0.5), "paint")
    light = Light((0, 0, 3.9), (0.0, 0.0, 1.0), (0.1,) * 3, (0.5,) * 3, (0.2,) * 3)
    studio = Studio(Room("empty", "studio", (6, 6, 4), (), plain, checks, light))
    pose = look_at(np.array([0.0, 0.1, 0.6]), np.array([0.0, 0.11, 0.0]))
    seen = CyclesStudio(studio, samples=4, threads=1).photograph(K, pose, SIZE).mean(-1)
    factor = studio.patterns(K, pose, SIZE, 4).reshape(48, 4, 64, 4).mean((1, 3))
    assert np.corrcoef(seen.ravel(), factor.ravel())[0, 1] > 0.9


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rooms") / "rooms"
    build_dataset(Plan("unseen_instances", 5, 1), out, workers=1, progress=Silent())
    return out


class CancelAt(Silent):
    """Cancels when so many views are done."""

    def __init__(self, views: int) -> None:
        self._left = views

    def advance(self, steps: int = 1) -> None:
        self._left -= steps
        if not self._left:
            raise CancelledError


def test_a_dataset_keeps_all_but_its_pixels_and_goes_on_where_it_stopped(
    built: Path, tmp_path: Path
) -> None:
    out = tmp_path / "cycles"
    with pytest.raises(CancelledError):
        photograph_again(built, out, QUICK, CancelAt(5))
    assert (out / "shard-00000.npz").exists() and not (out / "index.json").exists()
    before = (out / "shard-00000.npz").stat().st_mtime_ns
    assert photograph_again(built, out, QUICK, Silent()) == 5
    assert (out / "shard-00000.npz").stat().st_mtime_ns == before
    for name in ("shard-00000.npz", "shard-00001.npz"):
        with np.load(built / name) as old, np.load(out / name) as new:
            assert set(old.files) == set(new.files)
            assert (old["rgb"] != new["rgb"]).mean() > 0.5
            for key in set(old.files) - {"rgb"}:
                np.testing.assert_array_equal(old[key], new[key])
    index = json.loads((out / "index.json").read_text())
    assert index["split"] == "unseen_instances_cycles" and "Cycles" in index["renderer"]["name"]
    assert len(load_room_views(out, colour=True).views) == 5
    with pytest.raises(InputError, match="another plan"):
        photograph_again(built, out, CyclesSettings(samples=2), Silent())
    with pytest.raises(InputError, match="not built by lexel world build"):
        photograph_again(out, tmp_path / "twice", QUICK, Silent())


def test_a_dataset_of_another_world_is_refused(built: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "index.json").write_bytes((built / "index.json").read_bytes())
    with np.load(built / "shard-00000.npz") as arrays:
        changed = dict(arrays)
    changed["instance"] = np.roll(changed["instance"], 100, axis=2)
    save_shard(other / "shard-00000.npz", changed)
    with pytest.raises(InputError, match=r"furnishes that room otherwise.*lexel world build"):
        photograph_again(other, tmp_path / "out", QUICK, Silent())
