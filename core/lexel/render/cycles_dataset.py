"""A dataset of the synthetic world with other pixels: the same views, photographed by Cycles.

Depth, ids and truth stay the ray caster's, so whatever reads datasets measures how far an
image-text model, or a network behind it, leans on one renderer's handwriting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import InputError
from lexel.io.checked_arrays import Arrays, load_arrays, require
from lexel.io.room_shards import read_index
from lexel.progress import Progress
from lexel.render.blender import import_bpy
from lexel.render.cycles_room import CyclesStudio
from lexel.synthetic.cameras import SIZE_PX
from lexel.synthetic.dataset import (
    Plan,
    open_studio,
    remember,
    rooms_of_shard,
    save_shard,
    write_index,
)
from lexel.synthetic.render import Studio

_ARRAYS = {
    "rgb": ("uint8", 4), "depth_mm": ("uint16", 3), "instance": ("uint8", 3),
    "truth": ("uint8", 4), "K": ("float32", 3), "world_from_camera": ("float32", 3),
    "box_from_world": ("float32", 3),
}  # fmt: skip
_SAME_SHARE = 0.98  # of pixels; a camera stored in single precision may see another id at edges


@dataclass(frozen=True)
class CyclesSettings:
    """Paths a pixel before denoising, and threads of the CPU."""

    samples: int = 6
    threads: int = 1


def photograph_again(dataset: Path, out: Path, settings: CyclesSettings, progress: Progress) -> int:
    """Write `dataset` to `out` as Cycles sees it; begun again, it goes on where it was stopped.

    Returns:
        How many views the new dataset has.

    Raises:
        InputError: Blender is missing, the dataset is damaged or another world's, or `out` holds
            another dataset.
    """
    index = read_index(dataset)
    plan = Plan.from_json(index, dataset)
    blender = import_bpy().app.version_string
    told = {
        **plan.as_json(),
        "split": f"{plan.split}_cycles",
        "renderer": {"name": f"Cycles of Blender {blender}", "samples": settings.samples},
    }
    remember(told, out)
    names = [shard["file"] for shard in index["shards"]]
    counts = [len(rooms_of_shard(plan, n)) * plan.views_per_room for n in range(len(names))]
    progress.begin(f"photographing {plan.split} again", sum(counts))
    for number, (name, count) in enumerate(zip(names, counts, strict=True)):
        if (out / name).exists():
            progress.advance(count)
            continue
        arrays = load_arrays(dataset / name, _ARRAYS, "meta")
        require(all(len(arrays[key]) == count for key in _ARRAYS), "views are missing", out / name)
        arrays["rgb"] = _photographs(plan, rooms_of_shard(plan, number), arrays, settings, progress)
        save_shard(out / name, arrays)
    write_index(told, out, [out / name for name in names], counts)
    return sum(counts)


def _photographs(
    plan: Plan, rooms: Sequence[int], arrays: Arrays, settings: CyclesSettings, progress: Progress
) -> Any:
    """[V, H, W, 3] uint8 of a shard's views, room by room."""
    made: list[Any] = []
    for room in rooms:
        studio = open_studio(plan, room)
        cycles = CyclesStudio(studio, settings.samples, settings.threads)
        for view in range(len(made), len(made) + plan.views_per_room):
            intrinsics, pose = (arrays[k][view].astype(float) for k in ("K", "world_from_camera"))
            _check_same(studio, intrinsics, pose, arrays["instance"][view])
            made.append(cycles.photograph(intrinsics, pose, SIZE_PX))
            progress.advance()
    return np.stack(made)


def _check_same(studio: Studio, intrinsics: Any, pose: Any, instance: Any) -> None:
    """Rooms of another version of the world would be photographed beside their truth."""
    seen = studio.photograph(intrinsics, pose, SIZE_PX).instance
    if (seen == instance).mean() < _SAME_SHARE:
        raise InputError(
            "this version of the world furnishes that room otherwise",
            where=studio.room.name,
            do="Build the dataset again: lexel world build.",
        )
