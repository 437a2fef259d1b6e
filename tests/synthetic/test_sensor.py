"""A depth camera's noise, steps and holes, on surfaces whose exact depth is known."""

import json

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.progress import Silent
from lexel.synthetic.dataset import Plan, build_dataset
from lexel.synthetic.sensor import axial_noise_m, sense

K = np.array([[200.0, 0, 128], [0, 200, 96], [0, 0, 1]])
SIZE = (192, 256)
STEPS_M = 580 * 0.075 * 8  # depth times steps of disparity


def _sensed(depth_m, seed=0):
    return sense(np.asarray(depth_m, np.float32), K, np.random.default_rng(seed))


def _plane(distance_m: float, tilt_deg: float):
    """A plane through (0, 0, distance) whose normal is turned about the camera's y axis."""
    x = (np.arange(SIZE[1]) + 0.5 - K[0, 2]) / K[0, 0]
    depth = distance_m / (1 - x * np.tan(np.radians(tilt_deg)))
    return np.broadcast_to(np.where((depth > 0) & (depth < 8), depth, 0), SIZE)


def test_the_same_seed_gives_the_same_depth():
    plane = _plane(2, 30)
    np.testing.assert_array_equal(_sensed(plane), _sensed(plane))
    assert (_sensed(plane) != _sensed(plane, 1)).mean() > 0.5
    assert _sensed(plane).dtype == np.float32


@pytest.mark.parametrize("distance_m", [1.0, 2.0, 3.0, 4.0])
def test_noise_grows_as_measured_and_steps_add_to_it(distance_m):
    error = _sensed(_plane(distance_m, 0))[20:-20, 60:-60] - distance_m
    step_m = distance_m**2 / STEPS_M
    expected = np.hypot(axial_noise_m(np.array(distance_m), np.array(0.0)), step_m / np.sqrt(12))
    assert error.std() == pytest.approx(expected, rel=0.1)
    assert abs(error.mean()) < 0.1 * expected + 1e-4
    assert axial_noise_m(np.array(distance_m), np.array(0.0)) == pytest.approx(
        0.0012 + 0.0019 * (distance_m - 0.4) ** 2
    )


def test_depth_stands_on_whole_steps_of_disparity():
    steps = STEPS_M / _sensed(_plane(2.5, 20)).astype(np.float64)
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-3)


def test_what_is_seen_flatly_is_lost():
    """In the middle column the angle to the ray is the tilt."""
    middle = slice(126, 130)
    gone = {tilt: (_sensed(_plane(2, tilt))[:, middle] == 0).mean() for tilt in (0, 60, 80, 87)}
    assert gone[0] == gone[60] == 0
    assert 0.2 < gone[80] < 0.8
    assert gone[87] == 1


def test_a_thing_hides_the_wall_left_of_it_from_the_projector():
    near_m, far_m = 1.0, 3.0
    depth = np.full(SIZE, far_m)
    depth[60:130, 100:150] = near_m
    lost = _sensed(depth)[80:110] == 0
    shadow_px = 0.075 * (1 / near_m - 1 / far_m) * K[0, 0]
    assert lost[:, 100 - int(shadow_px) : 98].all()
    assert not lost[:, : 100 - int(shadow_px) - 2].any()
    assert 0.3 < lost[:, 149:151].mean() < 0.7, "half of the edge"
    assert not lost[:, 152:].any()


def test_depth_is_never_blended_across_an_edge():
    depth = np.full(SIZE, 3.0)
    depth[:, 128:] = 1.0
    told = _sensed(depth)
    told = told[told > 0]
    assert (((told > 0.9) & (told < 1.1)) | ((told > 2.8) & (told < 3.2))).all()


def test_an_edge_wavers():
    """Some pixels right of a slight edge, where no shadow falls, take the depth left of it."""
    depth = np.full(SIZE, 1.10)
    depth[:, :128] = 1.0
    beside = _sensed(depth)[:, 128:134]
    assert 0 < (np.abs(beside - 1.0) < 0.03).sum() < 0.1 * beside.size


def test_no_depth_stays_none_and_the_nearest_is_not_told():
    hole = np.full(SIZE, 2.0)
    hole[50:100, 50:100] = 0
    assert (_sensed(hole)[55:95, 55:95] == 0).all()
    assert (_sensed(np.full(SIZE, 0.3)) == 0).all()


def test_a_dataset_tells_its_sensor_and_differs_in_depth_alone(tmp_path):
    plans = {
        "exact": Plan("validation", 1, 1),
        "noisy": Plan("validation", 1, 1, 0, "structured-light"),
    }
    for name, plan in plans.items():
        build_dataset(plan, tmp_path / name, workers=1, progress=Silent())
    index = {n: json.loads((tmp_path / n / "index.json").read_text()) for n in plans}
    assert "sensor" not in index["exact"] and index["noisy"]["sensor"] == "structured-light"
    exact, noisy = (np.load(tmp_path / n / "shard-00000.npz") for n in plans)
    with exact, noisy:
        assert (exact["depth_mm"] != noisy["depth_mm"]).mean() > 0.5
        for key in set(exact.files) - {"depth_mm"}:
            np.testing.assert_array_equal(exact[key], noisy[key])
    with pytest.raises(InputError, match="another plan"):
        build_dataset(plans["noisy"], tmp_path / "exact", progress=Silent())
    with pytest.raises(InputError, match="no such sensor"):
        build_dataset(Plan("validation", 1, sensor="sonar"), tmp_path / "no", progress=Silent())
