"""`lexel figure` in one call: recipes on disk in, a picture or a film out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.recipes import load_recipe
from lexel.pipelines.ask import AskableField, open_field
from lexel.pipelines.device import AUTO
from lexel.progress import Progress, Silent
from lexel.render.blender import check_blender
from lexel.render.camera_path import between, load_camera_path
from lexel.render.figure import draw_figure, write_figure, write_film
from lexel.render.figure_content import read_content
from lexel.render.figure_grid import cell_format, grid_shape, join_grid
from lexel.render.figure_plan import plan_figure, room_of_key
from lexel.render.presets import Format, choose_format
from lexel.render.stage import Style
from lexel.scene.recipe import Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURE, FILM = ".png", ".mp4"


@dataclass(frozen=True)
class FigureOptions:
    """How recipes become a figure.

    Attributes:
        preset: one of `lexel.render.presets.PRESETS`; None: the recipe's own size.
        width_px: of the figure; None: the preset's.
        grid: columns and rows of several recipes, "2x2"; None: as square as can be.
        style: how it is drawn.
        frames, frames_per_second: of a film.
        path: a file of cameras that the film goes along; None: the scene turns.
        device: where phrases are encoded.
        cutaway: leave out near walls and ceilings; None: if the recipe has no camera.
    """

    preset: str | None = None
    width_px: int | None = None
    grid: str | None = None
    style: Style = field(default_factory=Style)
    frames: int = 96
    frames_per_second: int = 24
    path: Path | None = None
    device: str = AUTO
    cutaway: bool | None = None


@dataclass(frozen=True)
class FigureReport:
    """What was written.

    Attributes:
        path: of the file.
        size_px: width, height.
        changed: fields that are not as they were when their recipe was written.
    """

    path: Path
    size_px: tuple[int, int]
    changed: tuple[str, ...]


def make_figure(
    recipes: Sequence[Path],
    out: Path,
    options: FigureOptions | None = None,
    progress: Progress | None = None,
) -> FigureReport:
    """Draw recipes into `out`: a `.png`, or a `.mp4` of one recipe.

    Raises:
        InputError: with what is wrong and what to do.
    """
    options, progress = options or FigureOptions(), progress or Silent()
    _check_out(out, recipes, options)
    check_blender()
    loaded = [(path, load_recipe(path)) for path in recipes]
    form = choose_format(loaded[0][1].size_px, options.preset, options.width_px)
    opened = [_open(path, recipe, options, progress) for path, recipe in loaded]
    asked = [(askable, recipe) for askable, recipe, _ in opened]
    if out.suffix.lower() == FILM:
        form = replace(form, size_px=(form.size_px[0] // 2 * 2, form.size_px[1] // 2 * 2))
        _film(out, *asked[0], form, options, progress)
    else:
        write_figure(out, _picture(asked, form, options, progress), form)
    changed = tuple(recipe.field for _, recipe, is_changed in opened if is_changed)
    return FigureReport(out, form.size_px, changed)


def _check_out(out: Path, recipes: Sequence[Path], options: FigureOptions) -> None:
    suffix = out.suffix.lower()
    if not recipes:
        raise InputError("there is no recipe", do="Name one: lexel figure RECIPE.json --out FILE.")
    if suffix not in (PICTURE, FILM):
        raise InputError(
            "no such kind of file can be drawn", where=out, do=f"Name it {PICTURE} or {FILM}."
        )
    if suffix == FILM and len(recipes) > 1:
        raise InputError("a film shows one recipe", got=f"{len(recipes)} recipes", do="Name one.")
    if suffix != FILM and options.path is not None:
        raise InputError("a camera's path makes a film", where=out, do=f"Name it {FILM}.")


def _open(
    path: Path, recipe: Recipe, options: FigureOptions, progress: Progress
) -> tuple[AskableField, Recipe, bool]:
    """The recipe's field, and whether it is another than the recipe was written for."""
    opened = open_field(path.parent / recipe.field, device=options.device, progress=progress)
    changed = recipe.field_sha256 not in ("", opened.stored.sha256)
    if changed:
        progress.say(
            f"{recipe.field} is not as it was when {path.name} was written: the figure shows what "
            "the field says now."
        )
    return opened, recipe, changed


def _picture(
    asked: Sequence[tuple[AskableField, Recipe]],
    form: Format,
    options: FigureOptions,
    progress: Progress,
) -> Image:
    if len(asked) == 1:
        content = read_content(*asked[0], form)
        plan = plan_figure(content, form, options.style, cutaway=options.cutaway)
        return draw_figure(plan, form, progress)
    return _grid(asked, form, options, progress)


def _grid(
    asked: Sequence[tuple[AskableField, Recipe]],
    form: Format,
    options: FigureOptions,
    progress: Progress,
) -> Image:
    """All leave as much room for keys as the widest takes: the same camera sees the same."""
    shape = grid_shape(options.grid, len(asked))
    cell = cell_format(form, shape)
    contents = [read_content(askable, recipe, cell) for askable, recipe in asked]
    beside_px = max(room_of_key(content, cell) for content in contents)
    pictures = []
    for content in contents:
        plan = plan_figure(
            content, cell, options.style, beside_px=beside_px, cutaway=options.cutaway
        )
        pictures.append(draw_figure(plan, cell, progress))
    return join_grid(pictures, [content.background for content in contents], form, shape)


def _film(
    out: Path,
    askable: AskableField,
    recipe: Recipe,
    form: Format,
    options: FigureOptions,
    progress: Progress,
) -> None:
    poses: list[npt.NDArray[np.float64]] = []
    if options.path is not None:
        poses = between(load_camera_path(options.path), options.frames)
    plan = plan_figure(
        read_content(askable, recipe, form),
        form,
        options.style,
        num_frames=options.frames,
        path=poses,
        cutaway=options.cutaway,
    )
    write_film(out, plan, form, options.frames_per_second, progress)
