"""What jobs do: one call each of Lexel's own Python face."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lexel.io.fields import open_field
from lexel.io.results import check_writable, write_answer
from lexel.pipelines.api import Models, complete, locate
from lexel.pipelines.build import BuildReport, BuildSettings
from lexel.pipelines.device import AUTO
from lexel.pipelines.fields_api import build, default_voxel_size_m
from lexel.pipelines.object_codes import codes_of_objects
from lexel.pipelines.settings import Settings
from lexel.progress import Progress
from lexel.scene import Answer
from lexel.service.orders import COMPLETE, BuildOrder, Chosen, Order, SceneOrder


def do(order: Order, progress: Progress) -> dict[str, Any]:
    """Do it; what came out, as JSON.

    Raises:
        InputError: with what is wrong and what to do.
        CancelledError: by `progress`.
    """
    if isinstance(order, BuildOrder):
        return _build(order, progress)
    return _answer(order, progress)


def _build(order: BuildOrder, progress: Progress) -> dict[str, Any]:
    assert order.scene is not None and order.out is not None, "the service fills them in"
    scene = Path(order.scene)
    voxel_size_m = order.voxel_size_m or default_voxel_size_m(scene)
    report = build(
        scene,
        order.out,
        models=_models(order.chosen),
        settings=BuildSettings(voxel_size_m=voxel_size_m, most_views=order.views),
        labels=order.labels,
        sentences=order.sentences,
        seed=order.chosen.seed,
        progress=progress,
    )
    told = _report(report)
    if order.upload is not None:
        field = open_field(report.path)
        things = codes_of_objects(field, scene, order.numbers, voxel_size_m, progress)
        told["objects"] = [asdict(thing) for thing in things]
    return told


def _report(report: BuildReport) -> dict[str, Any]:
    fidelity = {
        key: value if math.isfinite(value) else None  # nothing could be ranked
        for key, value in asdict(report.fidelity).items()
    }
    told = {**vars(report), "field": str(report.path), "fidelity": fidelity}
    del told["path"]
    return told


def _answer(order: SceneOrder, progress: Progress) -> dict[str, Any]:
    check_writable(order.out)
    ask = complete if order.kind == COMPLETE else locate
    settings = Settings(preset=order.preset, seed=order.chosen.seed)
    answer: Answer = ask(
        order.scene,
        order.texts,
        models=_models(order.chosen),
        settings=settings,
        view=order.view,
        progress=progress,
    )
    folder = write_answer(answer, order.out, progress)
    found = [{"text": one.text, "num_points": len(one.points_m)} for one in answer.found]
    return {"folder": str(folder), "found": found, "meaningless": answer.meaningless}


def _models(chosen: Chosen) -> Models:
    return Models(chosen.encoder, chosen.weights, device=chosen.device or AUTO)
