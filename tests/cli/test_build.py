"""`lexel build` as people type it, with a tiny encoder that knows nothing."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import save_file

from lexel.geometry.cameras import published_intrinsics
from lexel.io.fields import open_field
from tests.fields.box_room import INTRINSICS, around
from tests.relevancy.tiny_clip import tiny_model


@pytest.fixture
def scan(nowhere: Path) -> Path:
    """Three shots of the boxes in the layout of 7-Scenes."""
    folder = nowhere / "scan"
    folder.mkdir()
    for i, shot in enumerate(around(3)):
        view, stem = shot.view, folder / f"frame-{i:06d}"
        Image.fromarray(view.rgb).save(f"{stem}.color.png")
        Image.fromarray((view.depth_m * 1000).astype(np.uint16)).save(f"{stem}.depth.png")
        np.savetxt(f"{stem}.pose.txt", view.world_from_camera)
    np.savetxt(folder / "camera-intrinsics.txt", published_intrinsics(INTRINSICS))
    return folder


@pytest.fixture
def encoder(nowhere: Path) -> Path:
    path = nowhere / "tiny.safetensors"
    save_file({k: v.contiguous() for k, v in tiny_model().state_dict().items()}, path)
    return path


def test_a_scan_becomes_a_field(lexel, scan, encoder):
    options = ("--encoder", encoder, "--voxel-size", 0.05, "--features", "patches")
    ran = lexel("build", scan, "--out", "boxes.lexel", *options, "--json")
    assert ran.code == 0
    assert ran.json["views"] == 3
    field = open_field(Path("boxes.lexel"))
    assert field.num_points == ran.json["num_points"]
    assert field.info.encoder.text_tower is not None
    assert "mug" in field.phrases.texts
    assert field.codebook.background.any()
    assert field.num_views == 3
    assert list(Path().glob("*.building")) == []


def test_the_crops_may_be_weighed(lexel, scan, encoder):
    options = ("--encoder", encoder, "--voxel-size", 0.05, "--merge", "1,0,0", "--views", 1)
    ran = lexel("build", scan, "-o", "boxes.lexel", *options)
    assert ran.code == 0
    assert "views read" in ran.out
    assert "Wrote boxes.lexel" in ran.out


def test_a_photo_is_drawn_with_its_labels(lexel, scan, encoder):
    photo = scan / "frame-000000.color.png"
    ran = lexel(
        "build", photo, "-o", "p.lexel", "--encoder", encoder, "--labels", "mug, box", "--json"
    )
    assert ran.code == 0
    assert ran.json["files"] == ["p.lexel", "p.png"]
    with Image.open("p.png") as picture:
        assert picture.width == 320
        assert picture.height > 240  # a legend stands below
    assert open_field(Path("p.lexel")).phrases.texts.count("mug") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--out", "boxes"), "ends in .lexel"),
        (("--out", "b.lexel", "--voxel-size", "9"), "voxel"),
        (("--out", "b.lexel", "--features", "magic"), "patches"),
        (("--out", "b.lexel", "--regions", "magic"), "slic"),
        (("--out", "b.lexel", "--merge", "1,2"), "three numbers"),
        (("--out", "b.lexel", "--merge", "0,0,0"), "not all 0"),
        (("--out", "b.lexel", "--masks", "none"), "refined_mask"),
        (("--out", "b.lexel", "--prompt", "no braces"), "{}"),
    ],
)
def test_wrong_input_is_told_in_a_sentence(lexel, scan, encoder, arguments, says):
    ran = lexel("build", scan, "--encoder", encoder, *arguments)
    assert ran.code == 2
    assert says in " ".join(ran.err.split())
    assert list(Path().glob("*.lexel")) == []
