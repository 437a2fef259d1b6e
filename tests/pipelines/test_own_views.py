from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lexel.fields.reading import ReadView
from lexel.fields.regions import regions_of
from lexel.geometry.transforms import translation
from lexel.io.fields import open_field
from lexel.io.samples import sample_scene
from lexel.io.words_file import Words
from lexel.pipelines.build import BuildSettings, build
from lexel.pipelines.build_content import Vocabulary
from lexel.pipelines.fields_api import open_views
from lexel.pipelines.own_views import views_of_geometry
from lexel.progress import Silent
from lexel.scene import FieldEncoder, Geometry, Phrases
from tests.fields.test_rendered_views import MESH

NAMES = ("white", "red", "blue")
VOCABULARY = Vocabulary(
    FieldEncoder("colours", "none", "", 3, ("{}",)), Phrases(NAMES, np.eye(3, dtype=np.float16))
)


class Colours:
    """A `ViewReader` that tells red from blue from the rest."""

    def __init__(self) -> None:
        self.identity = {"colours": 1}

    def read(self, index, view) -> ReadView:
        red = (view.rgb[..., 0] > 150) & (view.rgb[..., 1] < 100)
        blue = (view.rgb[..., 2] > 150) & (view.rgb[..., 1] < 100)
        kind = np.where(red, 1, np.where(blue, 2, 0))
        regions = regions_of(np.where(view.depth_m > 0, kind, -1))
        used = np.unique(kind[view.depth_m > 0])
        return ReadView(regions, np.eye(3, dtype=np.float32)[used], 1.0)


def test_a_mesh_becomes_a_field_in_its_own_frame(tmp_path):
    moved = Geometry(
        "cube",
        "mesh",
        MESH.points_m,
        MESH.rgb,
        faces=MESH.faces,
        world_from_source=translation([5, 0, 0]),
    )
    views = views_of_geometry(moved, tmp_path, Words(), Silent())
    settings = BuildSettings(voxel_size_m=0.05)
    build(views, Colours(), VOCABULARY, settings, tmp_path / "cube.lexel")
    field = open_field(tmp_path / "cube.lexel")
    np.testing.assert_allclose(field.bounds, [[-0.5, -0.5, 0], [0.5, 0.5, 1]], atol=0.06)
    np.testing.assert_allclose(field.info.world_from_source, moved.world_from_source)
    (thing,) = field.instances
    assert thing.label == "red"


def test_a_photo_becomes_a_flat_field(tmp_path):
    rgb = np.full((120, 160, 3), 255, np.uint8)
    rgb[:, :80] = [200, 20, 20]
    photo: Path = tmp_path / "photo.png"
    Image.fromarray(rgb).save(photo)
    views = open_views(photo, Silent())
    out = tmp_path / "photo.lexel"
    build(views, Colours(), VOCABULARY, BuildSettings(voxel_size_m=0.02), out)
    field = open_field(out)
    xyz = np.asarray(field.points.xyz_m)
    assert np.ptp(xyz[:, 0]) < 0.01
    assert np.ptp(xyz[:, 1]) == pytest.approx(1, abs=0.05)
    clip = np.asarray(field.codebook.clip, np.float32)
    left = xyz[:, 1] > 0.02  # seen along +x, +y is left
    right = xyz[:, 1] < -0.02
    assert (clip[field.points.code].argmax(axis=1)[left] == 1).mean() > 0.98
    assert (clip[field.points.code].argmax(axis=1)[right] == 0).mean() > 0.98


def test_the_sample_mesh_brings_its_words():
    recording = open_views(sample_scene("mesh"), Silent()).recording
    assert recording.synthetic and "kettle" in recording.labels and recording.name == "mesh"
