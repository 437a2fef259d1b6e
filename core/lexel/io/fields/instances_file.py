"""`instances.json`: the objects of a field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.io.fields.layout import INSTANCES, MAX_POINTS, Fault
from lexel.io.json_files import read_json_list, write_json
from lexel.io.typed_json import JsonObject, objects_of
from lexel.scene import Box, Instance

_AXES_TOLERANCE = 1e-3


def save_instances(folder: Path, instances: Sequence[Instance]) -> Path:
    return write_json(folder / INSTANCES, [_to_json(instance) for instance in instances])


def load_instances(folder: Path, num_codes: int) -> tuple[Instance, ...]:
    path = folder / INSTANCES
    entries = objects_of(read_json_list(path), path)
    instances = tuple(_from_json(entry, num_codes) for entry in entries)
    check_instances(instances, num_codes, path)
    return instances


def check_instances(instances: Sequence[Instance], num_codes: int, where: Path) -> None:
    """A `SceneError` unless ids differ, codes exist and boxes are boxes."""
    fault = Fault(where)
    ids = [instance.id for instance in instances]
    fault.unless(len(set(ids)) == len(ids), "two instances have the same id")
    for instance in instances:
        _check(instance, num_codes, fault)


def _check(instance: Instance, num_codes: int, fault: Fault) -> None:
    name, box = f"instance {instance.id}", instance.obb
    fault.unless(0 <= instance.id <= MAX_POINTS and instance.count > 0, f"{name} is empty")
    good = bool(instance.codes) and all(0 <= code < num_codes for code in instance.codes)
    fault.unless(good, f"{name} has no codes of this field", instance.codes)
    arrays = {(3,): (instance.centre, box.centre, box.extent), (2, 3): (instance.aabb,)}
    arrays[3, 3] = (box.axes,)
    for shape, values in arrays.items():
        for value in values:
            good = np.shape(value) == shape and bool(np.isfinite(value).all())
            fault.unless(good, f"{name} has a place or box that is no finite numbers", value)
    fault.unless(bool(np.isfinite(instance.score)), f"{name} has no finite score")
    fault.unless((instance.aabb[0] <= instance.aabb[1]).all(), f"the aabb of {name} is turned over")
    unit = np.abs(box.axes @ box.axes.T - np.eye(3)).max() <= _AXES_TOLERANCE
    fault.unless(unit and (box.extent >= 0).all(), f"the obb of {name} is no box")


def _to_json(instance: Instance) -> dict[str, Any]:
    box = instance.obb
    return {
        "id": int(instance.id),
        "label": instance.label,
        "score": float(instance.score),
        "codes": [int(code) for code in instance.codes],
        "count": int(instance.count),
        "centre": instance.centre,
        "aabb": instance.aabb,
        "obb": {"centre": box.centre, "axes": box.axes, "extent": box.extent},
    }


def _from_json(data: JsonObject, num_codes: int) -> Instance:
    box = data.inner("obb")
    return Instance(
        id=data.whole("id", 0, MAX_POINTS),
        label=data.text("label"),
        score=data.number("score"),
        codes=data.wholes("codes", 0, num_codes - 1),
        count=data.whole("count", 1, MAX_POINTS),
        centre=_floats(data.array("centre", (3,))),
        aabb=_floats(data.array("aabb", (2, 3))),
        obb=Box(
            centre=_floats(box.array("centre", (3,))),
            axes=_floats(box.array("axes", (3, 3))),
            extent=_floats(box.array("extent", (3,))),
        ),
    )


def _floats(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return values.astype(np.float32)
