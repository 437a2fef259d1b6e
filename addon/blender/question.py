"""What the panel's choices ask."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.scene.recipe import Look, Mode

from ..asking import Question

_SEPARATORS = str.maketrans(",\n", ";;")


def question_of(choices: Any, scene: Any) -> Question:
    """What the panel's choices ask."""
    look = Look(
        mode=Mode(choices.mode),
        layer=choices.layer or None,
        colour_map=choices.colour_map,
        over_rgb=choices.over_rgb,
        range=_range(choices),
    )
    negatives = choices.negatives.translate(_SEPARATORS).split(";")
    return Question(
        text=choices.text,
        negatives=None
        if choices.own_negatives
        else tuple(n.strip() for n in negatives if n.strip()),
        balance=choices.balance,
        look=look,
        query=choices.query,
        threshold=None if choices.suggested else choices.threshold,
        camera=_camera(scene),
    )


def _range(choices: Any) -> tuple[float, float] | None:
    """Where colours begin and end; in label mode the threshold is where they begin."""
    if choices.mode == Mode.LABEL:
        return None if choices.suggested else (choices.threshold, 1.0)
    return tuple(choices.range) if choices.own_range else None


def _camera(scene: Any) -> npt.NDArray[np.float64] | None:
    """(4, 4) world_from_camera of the scene's camera, OpenCV axes: who says left and behind."""
    if scene.camera is None:
        return None
    return np.array(scene.camera.matrix_world.normalized()) @ np.diag([1.0, -1, -1, 1])
