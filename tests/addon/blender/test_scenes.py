"""Any scene becomes a field, by way of a service that the extension starts and ends."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from tests.addon.blender.conftest import COMMAND

SIZES = {"table": 0.8, "ball": 0.6, "block": 0.5}
CENTRES = {"table": (0, 0, 0.4), "ball": (1.2, 0.4, 0.3), "block": (-1.1, -0.5, 0.25)}
SLACK_M = 0.05


def matching(told):
    """Objects most of which has codes above the threshold, by the engine."""
    answer = lexel.open_field(told["field"]).ask("ball").codes
    found = answer.scores[0] >= told["threshold"]
    shares = {n: np.array(held).T for n, held in told["codes"].items()}
    return [n for n, (c, s) in shares.items() if s[found[c.astype(int)]].sum() >= s.sum() / 2]


@pytest.mark.usefixtures("runtime")
def test_objects_of_a_scene_are_found_by_words(blender, archive, tmp_path):
    told = blender.run("scenes", tmp_path, archive=str(archive), command=str(COMMAND))
    seen = np.load(tmp_path / "seen.npz")
    assert set(told["codes"]) == {"floor", *SIZES}
    for name, size in SIZES.items():
        codes = [code for code, _ in told["codes"][name]]
        apart = np.abs(seen["places"][np.isin(seen["code"], codes)] - CENTRES[name])
        assert (apart.max(axis=1) < size / 2 + SLACK_M).mean() > 0.8, name
    expected = matching(told)
    assert len(expected) == 1
    assert told["selected"] == told["isolated"] == told["hidden"] == told["collected"] == expected
    assert told["shown"] == sorted(told["codes"])
    assert told["after"]["threads"] == told["before"]["threads"]
    assert not (tmp_path / "runtime" / "service.json").exists()
