"""Figures from recipes: the colours of every client, the same pixels each time, keys and grids."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lexel.errors import InputError, SceneError
from lexel.io.recipes import save_recipe
from lexel.pipelines.ask import open_field
from lexel.pipelines.painting import paint_recipe
from lexel.progress import Silent
from lexel.render.figure import draw_figure
from lexel.render.figure_api import FigureOptions, make_figure
from lexel.render.figure_content import read_content
from lexel.render.figure_grid import grid_shape
from lexel.render.figure_plan import plan_figure
from lexel.render.presets import PRESETS, Format, choose_format
from lexel.render.stage import Light, Style
from lexel.scene.colour_ramp import ramp_table
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode, Recipe, RecipeCamera
from tests.pipelines.askable import make_field

pytest.importorskip("bpy", reason="the extra `render` is not installed")

FLAT = Style(Light.FLAT, samples=1)
ABOVE = np.array([[1.0, 0, 0, 0.2], [0, -1, 0, 0], [0, 0, -1, 9], [0, 0, 0, 1]])
SIZE = (160, 120)
FORM = Format(SIZE, 10)
CLOSE_M, RADIUS_M = 1.6, 0.015
FROM_ABOVE = RecipeCamera(ABOVE, scale_m=CLOSE_M)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """With a field `kitchen.lexel`."""
    folder = tmp_path_factory.mktemp("figures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        make_field(folder)
        yield folder


@pytest.fixture(scope="module")
def field(folder):
    return open_field(folder / "kitchen.lexel")


def plan_of(field, recipe, form=FORM, **options):
    return plan_figure(read_content(field, recipe, form), form, FLAT, **options)


def recipe_of(**changes):
    return replace(Recipe("kitchen.lexel", queries=("mug",), size_px=SIZE), **changes)


@pytest.mark.parametrize("look", [Look(over_rgb=0.8), Look(Mode.LABEL, over_rgb=0.6)])
def test_pixels_have_the_colours_that_every_client_shows(field, look):
    recipe = recipe_of(
        queries=("mug", "table"),
        look=look,
        camera=FROM_ABOVE,
        legend=False,
        point_radius_m=RADIUS_M,
    )
    picture = np.asarray(draw_figure(plan_of(field, recipe), FORM, Silent()))
    row, column, point = _uppermost(field.points.xyz_m)
    expected = paint_recipe(field, recipe).paint.colours(point).astype(int)
    assert len(np.unique(expected, axis=0)) >= 2
    seen = picture[row, column].astype(int)
    assert (seen[:, 3] == 255).all()
    assert np.abs(seen[:, :3] - expected).max() <= 2


def _uppermost(points_m):
    """Pixels in the middle of points that nothing is above: rows, columns, and those points."""
    pixel_m = CLOSE_M / SIZE[0]
    apart = np.linalg.norm(points_m[:, None, :2] - points_m[None, :, :2], axis=2)
    above = points_m[None, :, 2] > points_m[:, None, 2] - RADIUS_M
    near = (apart < RADIUS_M + pixel_m) & above
    point = np.flatnonzero(near.sum(axis=1) == 1)  # itself
    column = np.floor((points_m[point, 0] - ABOVE[0, 3]) / pixel_m + SIZE[0] / 2).astype(int)
    row = np.floor(-points_m[point, 1] / pixel_m + SIZE[1] / 2).astype(int)
    inside = (column >= 0) & (column < SIZE[0]) & (row >= 0) & (row < SIZE[1])
    assert inside.sum() > 15
    return row[inside], column[inside], point[inside]


def test_a_recipe_gives_the_same_bytes_each_time(folder):
    recipe = save_recipe(folder / "mug.json", recipe_of())
    options = FigureOptions(style=Style(samples=2))
    one, two = (make_figure([recipe], folder / f"{n}.png", options).path for n in range(2))
    assert one.read_bytes() == two.read_bytes()
    with Image.open(one) as picture:
        assert picture.size == SIZE and picture.mode == "RGBA"
        opaque = np.asarray(picture)[..., 3] > 200
    # All of it is in the picture, and it fills it.
    rows, columns = (np.flatnonzero(opaque.any(axis=axis)) for axis in (1, 0))
    assert rows[0] > 0 and rows[-1] < SIZE[1] - 1 and columns[0] > 0
    assert np.ptp(rows) > 0.4 * SIZE[1] or np.ptp(columns) > 0.5 * SIZE[0]


def test_heat_has_a_bar_and_labels_a_legend_at_the_size_of_pixels(field):
    form = Format((400, 240), 12)
    heat = plan_of(field, recipe_of(), form)
    bar, (x, _) = heat.key
    ramp = {tuple(colour) for colour in ramp_table().tolist()}
    assert len(ramp & _colours(bar)) > 0.9 * 8 * 12
    assert {tuple(ramp_table()[0]), tuple(ramp_table()[255])} <= _colours(bar)
    assert x + bar.width == 400 - 12
    labels = plan_of(field, recipe_of(queries=("mug", "table"), look=Look(Mode.LABEL)), form)
    assert set(label_colours(2)) <= _colours(labels.key[0])
    assert plan_of(field, recipe_of(legend=False), form).key is None
    assert plan_of(field, recipe_of(look=Look(Mode.RGB)), form).key is None


def _colours(picture):
    return {tuple(c[:3]) for _, c in picture.getcolors(1 << 20)}


def test_a_colour_behind_it_makes_it_opaque(folder):
    recipe = save_recipe(folder / "grey.json", recipe_of(background="#204060"))
    path = make_figure([recipe], folder / "grey.png", FigureOptions(style=FLAT)).path
    with Image.open(path) as picture:
        assert picture.mode == "RGB" and picture.getpixel((0, 0)) == (0x20, 0x40, 0x60)


def test_a_grid_has_letters_and_the_size_of_one(folder):
    recipes = [
        save_recipe(folder / f"{n}.json", recipe_of(queries=(word,), size_px=(320, 240)))
        for n, word in enumerate(("mug", "table", "floor"))
    ]
    options = FigureOptions(width_px=240, style=FLAT)
    report = make_figure(recipes, folder / "grid.png", options)
    assert report.size_px == (240, 180)
    with Image.open(report.path) as picture:
        opacity = np.asarray(picture)[..., 3]
    cells = [opacity[:90, :120], opacity[:90, 120:], opacity[90:, :120], opacity[90:, 120:]]
    assert [bool(cell.any()) for cell in cells] == [True, True, True, False]
    assert opacity[3:22, 3:22].any(), "the letter"
    assert grid_shape("3x1", 3) == (3, 1) and grid_shape(None, 5) == (3, 2)
    with pytest.raises(InputError, match=r"no place for every recipe.*--grid 3x1"):
        make_figure(recipes, folder / "grid.png", FigureOptions(grid="2x1"))


def test_presets_know_size_letters_and_resolution(folder):
    recipe = save_recipe(folder / "mug.json", recipe_of())
    options = FigureOptions("thumbnail", style=FLAT)
    with Image.open(make_figure([recipe], folder / "small.png", options).path) as picture:
        assert picture.size == (320, 240)
    column = choose_format(SIZE, "column", 496)
    assert column == Format((496, 360), 15, 150), "as wide on paper as the preset"
    assert choose_format((800, 420)) == Format((800, 420), 10)
    assert choose_format(SIZE, "slide") == PRESETS["slide"]
    with pytest.raises(InputError, match="column, page, slide, thumbnail"):
        choose_format(SIZE, "poster")


def test_a_larger_picture_shows_all_of_the_recipes_view(field):
    camera = RecipeCamera(ABOVE, np.array([[150.0, 0, 80], [0, 150, 60], [0, 0, 1]]))
    for size in ((320, 240), (480, 240), (320, 400)):
        (shot,) = plan_of(field, recipe_of(camera=camera), Format(size, 10)).stage.shots
        corners = np.array([[0, 0, 1], [160, 120, 1]]) @ np.linalg.inv(camera.intrinsics).T
        pixels = (corners @ shot.intrinsics.T)[:, :2]
        assert (pixels > -1e-6).all() and (pixels < np.array(size) + 1e-6).all()
        assert np.isclose(pixels[1] - pixels[0], size).any()
        assert np.allclose(pixels.mean(axis=0), np.array(size) / 2)
        assert not shot.cutaway


def test_a_grid_leaves_the_room_of_keys_beside_what_a_camera_sees(field):
    beside = 60
    lens = RecipeCamera(ABOVE, np.array([[150.0, 0, 80], [0, 150, 60], [0, 0, 1]]))
    for camera in (lens, FROM_ABOVE):
        recipe = recipe_of(camera=camera)
        (alone,) = plan_of(field, recipe, Format((100, 75), 10)).stage.shots
        form = Format((100 + beside, 75), 10)
        (shot,) = plan_of(field, recipe, form, beside_px=beside).stage.shots
        assert np.allclose(_edges_m(shot)[0], _edges_m(alone)[0]), "the left side is the same"
        assert (_edges_m(shot)[1] > _edges_m(alone)[1] + 0.1).all(), "and more is seen on the right"


def _edges_m(shot):
    """x of the world, metres, that the left and right side of a picture from above show at 0."""
    x, height = shot.world_from_camera[0, 3], shot.world_from_camera[2, 3]
    if shot.intrinsics is None:
        return x - shot.width_m / 2, x + shot.width_m / 2
    focal, centre = shot.intrinsics[0, 0], shot.intrinsics[0, 2]
    return tuple(x + height * (edge - centre) / focal for edge in (0, shot.size_px[0]))


def test_who_looks_at_the_figure_says_what_is_left(folder):
    (folder / "many").mkdir()
    field = open_field(make_field(folder / "many", views=2))
    for words in ("on the left of", "behind"):
        recipe = recipe_of(queries=(f"mug | {words} | table",))
        with pytest.raises(InputError, match="depend on who looks"):
            paint_recipe(field, recipe)
        content = read_content(field, recipe, FORM)
        (shot,) = plan_figure(content, FORM, FLAT).stage.shots
        told = paint_recipe(field, recipe, shot.world_from_camera).paint.colours()
        assert np.array_equal(content.cloud.rgb, told)


def test_films_turn_or_go_along_a_path(folder):
    recipe = save_recipe(folder / "mug.json", recipe_of())
    path = folder / "path.json"
    places = [{"world_from_camera": np.eye(4).tolist()}, {"world_from_camera": ABOVE.tolist()}]
    path.write_text(json.dumps(places))
    for name, along in (("turn", None), ("path", path)):
        options = FigureOptions(width_px=81, style=FLAT, frames=3, path=along)
        report = make_figure([recipe], folder / f"{name}.mp4", options)
        assert report.size_px == (80, 60)
        assert report.path.read_bytes()[4:8] == b"ftyp"


def test_a_path_needs_a_camera(folder):
    recipe = save_recipe(folder / "mug.json", recipe_of())
    path = folder / "nowhere.json"
    path.write_text("[]")
    with pytest.raises(SceneError, match="no camera in it"):
        make_figure([recipe], folder / "nowhere.mp4", FigureOptions(style=FLAT, path=path))


def test_another_version_of_the_field_is_said(folder):
    class Heard(Silent):
        said = ""

        def say(self, message: str) -> None:
            self.said += message

    recipe = save_recipe(folder / "old.json", recipe_of(field_sha256="ab" * 32))
    heard = Heard()
    report = make_figure([recipe], folder / "old.png", FigureOptions(style=FLAT), heard)
    assert report.changed == ("kitchen.lexel",)
    assert "not as it was when old.json was written" in heard.said


@pytest.mark.parametrize(
    ("count", "out", "options", "told"),
    [
        (0, "a.png", FigureOptions(), "no recipe"),
        (1, "a.gif", FigureOptions(), r"Name it \.png or \.mp4"),
        (2, "a.mp4", FigureOptions(), "shows one recipe"),
    ],
)
def test_what_is_wrong_is_said_before_the_work(folder, count, out, options, told):
    recipe = save_recipe(folder / "mug.json", recipe_of())
    with pytest.raises(InputError, match=told):
        make_figure([recipe] * count, folder / out, options)


def test_pixels_of_a_camera_are_square(field):
    camera = RecipeCamera(ABOVE, np.diag([100.0, 150, 1]))
    with pytest.raises(InputError, match="not square"):
        plan_of(field, recipe_of(camera=camera))


def test_random_weights_are_stamped(folder):
    (folder / "untrained").mkdir()
    field = open_field(make_field(folder / "untrained", pretrained="untrained"))
    plan = plan_of(field, recipe_of(camera=FROM_ABOVE))
    assert plan.meaningless
    picture = draw_figure(plan, FORM, Silent())
    assert picture.getpixel((0, 0)) == (178, 24, 43, 255)
