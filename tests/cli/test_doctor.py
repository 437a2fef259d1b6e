"""`lexel doctor`: what a scan is and what is wrong with it."""

from __future__ import annotations

import pickle

import numpy as np

from tests.io.layouts import room, write_scannet
from tests.io.samples import write_semabs
from tests.io.solids import WRITERS


def test_a_table_for_people(lexel, made):
    ran = lexel("doctor", made / "room")
    assert ran.code == 0
    for text in ("Lexel view", "40x32 pixels", "floor lamp", "the mug on the table", "GB"):
        assert text in ran.out
    assert ran.err == ""


def test_json_for_programs(lexel, made):
    ran = lexel("doctor", made / "room", "--json")
    assert ran.code == 0
    assert ran.json["usable"] is True
    assert ran.json["size_px"] == [40, 32]
    assert ran.json["labels"] == ["mug", "table", "floor lamp"]
    assert ran.json["cost"]["memory_gb"] > 0


def test_repairs_are_told(lexel, nowhere):
    intrinsics = np.array([[30.0, 0, 11.5], [0, 30.0, 15.5], [0, 0, 1]])  # of a portrait image
    ran = lexel("doctor", write_semabs(nowhere, cam_intr=intrinsics))
    assert ran.code == 0
    assert "repaired:" in ran.out


def test_a_scan_that_cannot_be_used_is_told_in_full_and_exits_2(lexel, nowhere):
    scene = write_semabs(nowhere, depth=np.full((24, 32), np.nan, np.float32))
    for flags in ([], ["--json"]):
        ran = lexel("doctor", scene, *flags)
        assert ran.code == 2
        assert "depth" in ran.out
        assert ran.err.startswith("lexel: ")
        assert ran.err.count("\n") == 1
    assert ran.json["usable"] is False


def test_quiet_leaves_the_exit_code_alone(lexel, made, nowhere):
    assert lexel("doctor", made / "room", "--quiet").out == ""
    (nowhere / "list.pkl").write_bytes(pickle.dumps([1]))
    assert lexel("doctor", nowhere / "list.pkl", "-q").code == 2


def test_nothing_is_written(lexel, made, nowhere):
    lexel("doctor", made / "room")
    assert list(nowhere.iterdir()) == []


def test_a_mesh_without_images(lexel, nowhere):
    ran = lexel("doctor", WRITERS["ply"](nowhere))
    assert ran.code == 0
    for text in ("mesh (.ply)", "7", "triangles", "4.00 x 5.00 x 2.60 m"):
        assert text in ran.out


def test_frames_that_were_left_out_are_told(lexel, nowhere):
    scan = write_scannet(nowhere, room(3))
    (scan / "pose" / "1.txt").write_text("-inf -inf -inf -inf\n" * 4, encoding="utf-8")
    ran = lexel("doctor", scan)
    assert ran.code == 0
    assert "ScanNet export" in ran.out
    assert "1 of 3 frames are without a pose" in " ".join(ran.out.split())
