"""A field's answer for other programs: a score and a colour at every point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.clouds import vertex_table, write_ply
from lexel.pipelines.askable import AskableField, FieldAnswer
from lexel.query.answer import rescaled
from lexel.query.colour import expand, heat_colours, label_colours_of
from lexel.scene.palette import label_colours

SUFFIXES = (".ply", ".npz")


def check_export_path(path: Path) -> Path:
    """`path` if an answer can be written to it by its suffix.

    Raises:
        InputError: it cannot.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            "no such kind of file can be written", where=path, do="Name it .ply or .npz."
        )
    return path


def export_answer(field: AskableField, answer: FieldAnswer, path: Path) -> Path:
    """Write `.ply` or `.npz`, whole or not at all.

    `.ply`: each point's greatest `score`, coloured by heat; with several queries, in the colour of
    the best one where it is above its threshold. `.npz`: `xyz_m` (N, 3), `code` (N,), `scores`
    (Q, N), `names` and `presence` (Q,); loads without pickle.
    """
    check_export_path(path)
    count = len(answer.codes.names)
    scores = np.stack([field.point_scores(answer.codes, query) for query in range(count)])
    with replacing_file(path) as temporary:
        if path.suffix.lower() == ".npz":
            _write_npz(temporary, field, answer, scores)
        else:
            colours = _colours(field, answer, scores)
            points = field.points.xyz_m
            write_ply(temporary, vertex_table(points, colours, score=scores.max(axis=0)))
    return path


def _write_npz(
    path: Path, field: AskableField, answer: FieldAnswer, scores: npt.NDArray[np.float32]
) -> None:
    with path.open("wb") as file:
        np.savez(
            file,
            xyz_m=field.points.xyz_m,
            code=field.points.code,
            scores=scores,
            names=np.array(answer.codes.names),
            presence=answer.codes.presence,
        )


def _colours(
    field: AskableField, answer: FieldAnswer, scores: npt.NDArray[np.float32]
) -> npt.NDArray[np.uint8]:
    """(N, 3) sRGB."""
    codes = answer.codes
    if codes.spatial.any():
        return heat_colours(rescaled(scores.max(axis=0), 0, 1))[:, :3]
    if len(codes.names) == 1:
        table = heat_colours(codes.heat(0))
    else:
        table = label_colours_of(codes, label_colours(len(codes.names)))
    return expand(np.ascontiguousarray(table[:, :3]), field.stored.code)
