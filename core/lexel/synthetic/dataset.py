"""A dataset is a folder of shards with an index; building one goes on where it was stopped."""

from __future__ import annotations

import json
import os
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.hashing import sha256_of
from lexel.progress import Progress
from lexel.synthetic.cameras import draw_shot
from lexel.synthetic.furnish import furnish
from lexel.synthetic.render import Studio
from lexel.synthetic.sample import Sample, take
from lexel.synthetic.sensor import EXACT, SENSORS, sense
from lexel.synthetic.splits import Split, get_split

FORMAT = 1
INDEX_NAME = "index.json"
_PLAN_NAME = "plan.json"
_ROOMS_PER_SHARD = 4


@dataclass(frozen=True)
class Plan:
    """What a dataset holds: the same plan gives the same bytes.

    Attributes:
        split: name of a split.
        rooms: how many rooms.
        views_per_room: photographs of each.
        seed: which of the split's rooms come first.
        sensor: of SENSORS, what takes the depth.
    """

    split: str
    rooms: int
    views_per_room: int = 2
    seed: int = 0
    sensor: str = EXACT


def build_dataset(plan: Plan, out: Path, *, workers: int = 2, progress: Progress) -> None:
    """Write the dataset `out`: the shards that are not there yet, then the index.

    Raises:
        InputError: the plan is empty, or the folder holds a dataset of another plan.
    """
    split = get_split(plan.split)
    if min(plan.rooms, plan.views_per_room, workers) < 1:
        raise InputError("a dataset needs rooms, views and workers", got=plan, do="At least 1.")
    if plan.sensor not in SENSORS:
        raise InputError("there is no such sensor", got=plan.sensor, do=f"One of: {SENSORS}.")
    _remember(plan, out)
    starts = range(0, plan.rooms, _ROOMS_PER_SHARD)
    files = [out / f"shard-{n:05d}.npz" for n in range(len(starts))]
    missing = [(f, s) for f, s in zip(files, starts, strict=True) if not f.exists()]
    progress.begin(f"building {plan.split}", len(starts))
    progress.advance(len(starts) - len(missing))
    # Processes are started afresh: the ray caster's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_write_shard, plan, split, start, file) for file, start in missing}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when="FIRST_COMPLETED")
                _check(done)
                progress.advance(len(done))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    shards = [
        {"file": f.name, "views": _views(plan, s), "sha256": sha256_of(f)}
        for f, s in zip(files, starts, strict=True)
    ]
    index = {"format": FORMAT, **_told(plan), "shards": shards}
    with replacing_file(out / INDEX_NAME) as temporary:
        temporary.write_text(json.dumps(index, indent=1), encoding="utf-8")


def samples(plan: Plan, start: int, count: int) -> list[Sample]:
    """The views of rooms `start` … `start + count - 1` of a plan."""
    return _samples(plan, get_split(plan.split), start, count)


def _samples(plan: Plan, split: Split, start: int, count: int) -> list[Sample]:
    found = []
    for number in range(start, min(start + count, plan.rooms)):
        seed = split.first_seed + plan.seed + number
        studio = Studio(furnish(seed, look=split.look, without=split.without))
        rng, noise = np.random.default_rng([seed, 3]), np.random.default_rng([seed, 4])
        for _ in range(plan.views_per_room):
            shot = draw_shot(studio.room, rng)
            sample = take(studio, shot, synonyms=split.synonyms)
            found.append(sample if plan.sensor == EXACT else _sensed(sample, noise))
    return found


def _sensed(sample: Sample, noise: np.random.Generator) -> Sample:
    depth_m = sense(sample.photograph.depth_m, sample.shot.intrinsics, noise)
    return replace(sample, photograph=replace(sample.photograph, depth_m=depth_m))


def _write_shard(plan: Plan, split: Split, start: int, file: Path) -> None:
    views = _samples(plan, split, start, _ROOMS_PER_SHARD)
    arrays: dict[str, Any] = {
        "rgb": np.stack([v.photograph.rgb for v in views]),
        "depth_mm": np.stack([np.round(v.photograph.depth_m * 1000) for v in views]),
        "instance": np.stack([v.photograph.instance for v in views]),
        "K": np.stack([v.shot.intrinsics for v in views]).astype(np.float32),
        "world_from_camera": np.stack([v.shot.world_from_camera for v in views]),
        "box_from_world": np.stack([v.shot.box_from_world for v in views]),
        "truth": np.stack([v.truth for v in views]),
        "meta": np.array(json.dumps([v.facts for v in views])),
    }
    arrays["depth_mm"] = arrays["depth_mm"].astype(np.uint16)
    for name in ("world_from_camera", "box_from_world"):
        arrays[name] = arrays[name].astype(np.float32)
    with replacing_file(file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, **arrays)


def _views(plan: Plan, start: int) -> int:
    return min(_ROOMS_PER_SHARD, plan.rooms - start) * plan.views_per_room


def _check(done: set[Future[None]]) -> None:
    for future in done:
        future.result()


def _told(plan: Plan) -> dict[str, Any]:
    told = {
        "split": plan.split,
        "seed": plan.seed,
        "rooms": plan.rooms,
        "views_per_room": plan.views_per_room,
    }
    # Exact depth is not mentioned: datasets that were begun before there were sensors go on.
    return told if plan.sensor == EXACT else {**told, "sensor": plan.sensor}


def _remember(plan: Plan, out: Path) -> None:
    """Shards of two plans in one folder would pass for one dataset."""
    file, told = out / _PLAN_NAME, json.dumps(_told(plan))
    if not file.exists():
        out.mkdir(parents=True, exist_ok=True)
        with replacing_file(file) as temporary:
            temporary.write_text(told, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != told:
        raise InputError(
            "this folder holds a dataset of another plan",
            where=os.fspath(out),
            got=told,
            do="Give an empty folder, or the arguments the dataset was begun with.",
        )
