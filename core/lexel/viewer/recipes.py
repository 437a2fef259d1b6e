"""The viewer's choices as a recipe, and back: what figures and Blender replay."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from lexel.errors import SceneError
from lexel.pipelines.ask import AskableField
from lexel.query.tree import Query
from lexel.query.writing import unparse, unparse_ask
from lexel.scene.recipe import Mode, Recipe
from lexel.viewer.choices import Choices
from lexel.viewer.drawing.camera import Camera, from_recipe


def recipe_of(
    field: AskableField,
    choices: Choices,
    query: Query | None,
    camera: Camera,
    beside: Path,
) -> Recipe:
    """What is shown, as a recipe.

    Args:
        query: the parse of the text; None where it cannot be understood.
        camera: who looks.
        beside: the recipe's own file, from which the field's path counts.
    """
    known = {note.name for note in field.stored.layers}
    return Recipe(
        field=_path_from(beside.resolve().parent, field.stored.path.resolve()),
        field_sha256=field.stored.sha256,
        queries=queries_of(choices.text, query),
        negatives=choices.negatives,
        balance=choices.balance,
        look=choices.look,
        camera=camera.as_recipe(),
        size_px=camera.size_px,
        overlays=tuple(name for name in choices.overlays if name in known),
    )


def choices_of(recipe: Recipe, before: Choices) -> Choices:
    """What a user would have chosen to see a recipe; the rest is as `before`."""
    look = recipe.look
    labels = look.mode is Mode.LABEL
    return replace(
        before.for_another_field(),
        text=recipe.text,
        negatives=recipe.negatives,
        balance=recipe.balance,
        mode=look.mode,
        layer=look.layer,
        threshold=look.range[0] if look.range is not None and labels else None,
        heat_range=None if labels else look.range,
        colour_map=look.colour_map,
        over_rgb=look.over_rgb,
        camera=None if recipe.camera is None else from_recipe(recipe.camera, recipe.size_px),
        overlays=recipe.overlays,
    )


def field_of(recipe: Recipe, file: Path) -> Path:
    """Where the field of the recipe in `file` lies.

    Raises:
        SceneError: it is not there.
    """
    field = (file.resolve().parent / recipe.field).resolve()
    if not field.is_dir():
        raise SceneError(
            "the field of this recipe is not there",
            where=file,
            got=recipe.field,
            do="Put the recipe back beside its field, or open the field first.",
        )
    return field


def is_same_version(recipe: Recipe, field: AskableField) -> bool:
    """Whether the field is as it was when the recipe was made; else colours may differ."""
    return recipe.field_sha256 in ("", field.stored.sha256)


def queries_of(text: str, query: Query | None) -> tuple[str, ...]:
    """The queries of a text, one each; the negatives of all come last."""
    if query is None:
        return (text,) if text.strip() else ()
    shared = unparse(Query((), query.negatives))
    return (*map(unparse_ask, query.asks), *filter(None, [shared]))


def _path_from(folder: Path, field: Path) -> str:
    try:
        return Path(os.path.relpath(field, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return field.as_posix()
