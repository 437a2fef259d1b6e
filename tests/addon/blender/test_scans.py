"""Completing and locating in a scan, by way of a service that the extension starts and ends."""

from __future__ import annotations

import pytest

from lexel.io.samples import sample_scene
from tests.addon.blender.conftest import COMMAND


@pytest.mark.usefixtures("runtime")
def test_what_is_completed_and_located_comes_as_objects(blender, archive, tmp_path):
    scan = sample_scene("view") / "scene.npz"  # any file in its folder
    told = blender.run(
        "scans", tmp_path, archive=str(archive), command=str(COMMAND), scan=str(scan)
    )
    assert "no scan is chosen" in told["unchosen"]

    kinds = {thing["type"] for thing in told["completed"].values() if thing["inferred"]}
    seen = [thing for thing in told["completed"].values() if not thing["inferred"]]
    assert kinds <= {"MESH"} and [thing["type"] for thing in seen] == ["POINTCLOUD"]
    assert seen[0]["count"] > 1000
    found = {name for name, thing in told["completed"].items() if thing["inferred"]}
    assert found <= {"chair", "plant"}
    assert all(name in told["said"] for name in {"chair", "plant"} - found)

    # What was completed before is not added once more.
    assert all(thing["type"] == "POINTCLOUD" for thing in told["located"].values())
    assert len([thing for thing in told["located"].values() if not thing["inferred"]]) == 1

    assert told["cancelled"] == "Cancelled"
    objects, facts = told["nowhere"]
    assert objects == {} and facts["is_error"] and "does not exist" in facts["message"]
    assert told["after"]["threads"] == told["before"]["threads"]
    assert not (tmp_path / "runtime" / "service.json").exists()
