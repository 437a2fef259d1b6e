import numpy as np
from PIL import Image

from lexel.render.label_picture import write_label_picture

COLOURS = [(200, 0, 0), (0, 0, 200)]


def test_pixels_take_the_colour_of_their_name_and_the_legend_shows_it(tmp_path):
    rgb = np.full((400, 400, 3), 100, np.uint8)
    label = np.full((400, 400), -1)
    label[:, :200] = 0
    file = write_label_picture(tmp_path / "p.png", rgb, label, ["mug", "safe"], COLOURS)
    picture = np.asarray(Image.open(file))
    np.testing.assert_array_equal(picture[200, 50], [155, 45, 45])
    np.testing.assert_array_equal(picture[200, 350], [100, 100, 100])
    legend = picture[400:].reshape(-1, 3).tolist()
    assert [200, 0, 0] in legend
    assert [0, 0, 200] in legend


def test_sizes_are_kept_within_bounds(tmp_path):
    for shape in ((10, 10), (3000, 100), (100, 3000)):
        rgb = np.zeros((*shape, 3), np.uint8)
        label = np.zeros(shape, int)
        write_label_picture(tmp_path / "p.png", rgb, label, ["a label"] * 10, COLOURS * 5)
        with Image.open(tmp_path / "p.png") as picture:
            assert 320 <= picture.width <= 1024
            assert picture.height <= 1024 + 10 * 40  # the picture, and its legend below
