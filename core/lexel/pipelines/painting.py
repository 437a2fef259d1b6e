"""A field and an answer as colours: one look for the viewer, figures and Blender.

Letters: N points, K codes, Q queries, U places, T rows of a paint's table.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.pipelines.askable import AskableField, FieldAnswer
from lexel.query.answer import CodeScores, rescaled
from lexel.query.colour import Colours, heat_colours, label_colours_of
from lexel.query.paint import ColourBar, LegendEntry, Paint, Painting
from lexel.query.places import table_over_ids
from lexel.scene import Modality
from lexel.scene.palette import label_colours
from lexel.scene.recipe import Look, Mode, Recipe

_CLEAR = np.zeros((1, 4), np.uint8)
_LEVELS = 256  # of a layer: as many as a colour map has colours
_TRUE = 0.5  # of a place, from where on a relation rather holds than not


def ask_recipe(
    field: AskableField, recipe: Recipe, viewer: npt.NDArray[np.float64] | None = None
) -> FieldAnswer | None:
    """The answer to a recipe's queries; None where it asks for nothing.

    Args:
        viewer: (4, 4) world_from_camera of who says left and behind where the recipe has no
            camera; None: the field's own, if it has one view only.

    Raises:
        InputError: a query cannot be understood, or nobody says what is left and behind.
    """
    if not recipe.queries:
        return None
    camera = viewer if recipe.camera is None else recipe.camera.world_from_camera
    return field.ask(
        recipe.text, instead=recipe.negatives, balance=recipe.balance, camera=camera, top=0
    )


def paint_recipe(
    field: AskableField, recipe: Recipe, viewer: npt.NDArray[np.float64] | None = None
) -> Painting:
    """What a recipe shows on the points of its field; `viewer` as for `ask_recipe`."""
    return paint_field(field, ask_recipe(field, recipe, viewer), recipe.look)


def paint_field(
    field: AskableField, answer: FieldAnswer | None, look: Look, query: int = 0
) -> Painting:
    """The colours of a field.

    Args:
        answer: to what was asked; None: nothing was, and heat and labels show the points' own
            colours.
        query: which of its queries heat shows.

    Raises:
        InputError: the look needs a layer or normals that the field has not.
    """
    if look.mode is Mode.NORMALS:
        return Painting(_normals(field))
    if look.mode is Mode.AGREEMENT:
        return _agreement(field, look)
    if look.mode is Mode.HEAT and look.layer is not None:
        return _layer(field, look.layer, look)
    if answer is None or look.mode is Mode.RGB:
        return Painting(_plain(field))
    if look.mode is Mode.LABEL:
        return _labels(field, answer.codes, look)
    return _heat(field, answer.codes, look, query)


def _plain(field: AskableField) -> Paint:
    return Paint(np.zeros(len(field.rgb), np.int32), _CLEAR, field.rgb)


def _normals(field: AskableField) -> Paint:
    normals = field.points.normals
    if normals is None:
        raise InputError("the field has no normals", where=field.stored.path)
    rgb = np.floor(normals * np.float32(127.5) + np.float32(128)).astype(np.uint8)
    return replace(_plain(field), rgb=rgb)


def _agreement(field: AskableField, look: Look) -> Painting:
    low, high = look.range or (0.0, 1.0)
    heat = rescaled(field.stored.codebook.agreement, low, high)
    bar = ColourBar("agreement of the views", look.colour_map, low, high, "0 none … 1 full")
    table = heat_colours(heat, look.colour_map)
    return Painting(Paint(field.stored.code, table, field.rgb, look.over_rgb), bar=bar)


def _layer(field: AskableField, name: str, look: Look) -> Painting:
    """Points without a score keep their own colours."""
    layer, note = field.stored.layer(name), field.stored.layer_note(name)
    low, high = look.range or note.range
    level = np.floor((_LEVELS - 1) * rescaled(layer.score, low, high) + 0.5).astype(np.int32)
    index = level
    if layer.index is not None:
        index = np.full(field.stored.num_points, _LEVELS, np.int32)
        index[layer.index] = level
    steps = np.linspace(0, 1, _LEVELS, dtype=np.float32)
    table = np.concatenate([heat_colours(steps, look.colour_map), _CLEAR])
    bar = ColourBar(note.text, look.colour_map, low, high, "the network's score")
    return Painting(Paint(index, table, field.rgb, look.over_rgb), bar=bar)


def _heat(field: AskableField, codes: CodeScores, look: Look, query: int) -> Painting:
    if codes.spatial[query] and codes.places is not None:
        low, high = look.range or (0.0, 1.0)
        heat = rescaled(codes.places[query], low, high)
        index, table = _over_places(field, heat_colours(heat, look.colour_map))
    else:
        kind = Modality.IMAGE if (codes.modality == Modality.IMAGE).any() else Modality.TEXT
        low, high = look.range or (float(v) for v in codes.range[query, kind])
        own = look.range is None
        heat = codes.heat(query) if own else rescaled(codes.scores[query], low, high)
        index, table = field.stored.code, heat_colours(heat, look.colour_map)
    bar = ColourBar(codes.names[query], look.colour_map, low, high, "score")
    return Painting(Paint(index, table, field.rgb, look.over_rgb), bar=bar)


def _labels(field: AskableField, codes: CodeScores, look: Look) -> Painting:
    colours = label_colours(len(codes.names))
    least = None if look.range is None else look.range[0]
    if codes.spatial.any() and codes.places is not None:
        table = _labels_of_places(codes, np.array(colours, np.uint8), least)
        index, table = _over_places(field, table)
    else:
        shown = (
            codes
            if least is None
            else replace(codes, threshold=np.full_like(codes.threshold, least))
        )
        index, table = field.stored.code, label_colours_of(shown, colours)
    entries = tuple(map(LegendEntry, codes.names, colours))
    return Painting(Paint(index, table, field.rgb, look.over_rgb), entries)


def _labels_of_places(codes: CodeScores, colours: Colours, least: float | None) -> Colours:
    """(U, 4): each place in the colour of its best query, clear where that does not hold."""
    assert codes.places is not None
    own = np.where(codes.spatial, _TRUE, codes.threshold.min(axis=1))
    needed = own if least is None else np.full(len(own), least)
    best = codes.places.argmax(axis=0)
    found = codes.places.max(axis=0) >= needed[best]
    opacity = np.where(found, 255, 0).astype(np.uint8)
    return np.concatenate([colours[best], opacity[:, None]], axis=1)


def _over_places(field: AskableField, colours: Colours) -> tuple[npt.NDArray[np.int32], Colours]:
    """A paint's index and table from the colours (U, 4) of places; clear elsewhere."""
    columns = [table_over_ids(field.places, column.astype(np.float32)) for column in colours.T]
    return field.place_of_point, np.stack(columns, axis=1).astype(np.uint8)
