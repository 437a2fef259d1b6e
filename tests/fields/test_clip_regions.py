import numpy as np
import pytest
from PIL import Image

from lexel.errors import InputError
from lexel.fields.clip_regions import CropEncoder, CropWeights, PatchEncoder
from lexel.fields.patches import patch_features
from lexel.fields.regions import regions_of
from lexel.geometry.vectors import unit_rows
from tests.fields.box_room import around
from tests.relevancy.tiny_clip import tiny_encoder


@pytest.fixture(scope="module")
def clip():
    return tiny_encoder()


@pytest.fixture(scope="module")
def shot():
    return around(1)[0]


@pytest.fixture(scope="module")
def regions(shot):
    return regions_of(shot.thing)


def encode(clip, shot, regions, *weights):
    return CropEncoder(clip, CropWeights(*weights)).encode(shot.view.rgb, regions)


def test_a_region_is_the_weighted_sum_of_crop_context_and_image(clip, shot, regions):
    parts = [encode(clip, shot, regions, *weights) for weights in np.eye(3)]
    merged = encode(clip, shot, regions, 0.5, 0.3, 0.2)
    expected = unit_rows(sum(w * p for w, p in zip((0.5, 0.3, 0.2), parts, strict=True)))
    np.testing.assert_allclose(merged, expected, atol=1e-5)
    np.testing.assert_allclose(parts[2], parts[2][:1].repeat(3, axis=0), atol=1e-5)
    assert np.abs(parts[0] - parts[1]).max() > 1e-3


def test_the_image_vector_is_that_of_the_encoder(clip, shot, regions):
    image = Image.fromarray(shot.view.rgb).resize((32, 32), Image.Resampling.BICUBIC)
    whole = unit_rows(clip.image_features([image]).numpy())
    np.testing.assert_allclose(encode(clip, shot, regions, 0, 0, 1)[:1], whole, atol=1e-5)


@pytest.mark.parametrize("weights", [(0, 0, 0), (-1, 1, 1), (np.nan, 1, 1)])
def test_weights_that_mean_nothing_are_refused(weights):
    with pytest.raises(InputError, match="--merge"):
        CropWeights(*weights)


def test_patches_are_unit_vectors_and_so_are_regions_read_off_them(clip, shot, regions):
    grid = patch_features(clip, [Image.fromarray(shot.view.rgb[:48, :48])])
    assert grid.shape == (1, 4, 4, 512)
    np.testing.assert_allclose(np.linalg.norm(grid, axis=-1), 1, atol=1e-5)
    read = PatchEncoder(clip).encode(shot.view.rgb, regions)
    assert read.shape == (len(regions), 512)
    np.testing.assert_allclose(np.linalg.norm(read, axis=1), 1, atol=1e-5)


def test_no_regions_are_no_vectors(clip, shot):
    nothing = regions_of(np.full((48, 64), -1))
    assert encode(clip, shot, nothing).shape == (0, 512)
    assert PatchEncoder(clip).encode(shot.view.rgb, nothing).shape == (0, 512)
