"""A dataset is a folder of shards with an index; building one goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, fields, replace
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
from lexel.synthetic.splits import get_split

_FORMAT = 1
_INDEX_NAME = "index.json"
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

    def as_json(self) -> dict[str, Any]:
        """As an index tells it."""
        names = ("split", "seed", "rooms", "views_per_room")
        # Exact depth is not mentioned: datasets that were begun before there were sensors go on.
        return {
            n: getattr(self, n) for n in (names if self.sensor == EXACT else (*names, "sensor"))
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any], where: Path) -> Plan:
        """From an index; an `InputError` when it tells no plan of this world."""
        try:
            plan = cls(**{f.name: told[f.name] for f in fields(cls) if f.name in told})
            get_split(plan.split)
            range(plan.rooms * plan.views_per_room + plan.seed)  # they are whole numbers
        except (TypeError, InputError) as error:
            raise InputError(
                "this dataset was not built by lexel world build", where=where, got=error
            ) from error
        return plan


def build_dataset(plan: Plan, out: Path, *, workers: int = 2, progress: Progress) -> None:
    """Write the dataset `out`: the shards that are not there yet, then the index.

    Raises:
        InputError: the plan is empty, or the folder holds a dataset of another plan.
    """
    get_split(plan.split)
    if min(plan.rooms, plan.views_per_room, workers) < 1:
        raise InputError("a dataset needs rooms, views and workers", got=plan, do="At least 1.")
    if plan.sensor not in SENSORS:
        raise InputError("there is no such sensor", got=plan.sensor, do=f"One of: {SENSORS}.")
    remember(plan.as_json(), out)
    count = -(-plan.rooms // _ROOMS_PER_SHARD)
    files = [out / f"shard-{n:05d}.npz" for n in range(count)]
    missing = [(n, file) for n, file in enumerate(files) if not file.exists()]
    progress.begin(f"building {plan.split}", count)
    progress.advance(count - len(missing))
    # Processes are started afresh: the ray caster's threads do not survive a fork.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_write_shard, plan, number, file) for number, file in missing}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when="FIRST_COMPLETED")
                _check(done)
                progress.advance(len(done))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    views = [len(rooms_of_shard(plan, n)) * plan.views_per_room for n in range(count)]
    write_index(plan.as_json(), out, files, views)


def rooms_of_shard(plan: Plan, number: int) -> range:
    """Which rooms of a plan its shard `number` shows, each `views_per_room` times."""
    start = number * _ROOMS_PER_SHARD
    return range(start, min(start + _ROOMS_PER_SHARD, plan.rooms))


def open_studio(plan: Plan, room: int) -> Studio:
    """Room number `room` of a plan, ready to be photographed."""
    split = get_split(plan.split)
    return Studio(furnish(_seed(plan, room), look=split.look, without=split.without))


def samples(plan: Plan, rooms: Sequence[int]) -> list[Sample]:
    """The views of some rooms of a plan."""
    found = []
    for number in rooms:
        studio, seed = open_studio(plan, number), _seed(plan, number)
        rng, noise = np.random.default_rng([seed, 3]), np.random.default_rng([seed, 4])
        for _ in range(plan.views_per_room):
            shot = draw_shot(studio.room, rng)
            sample = take(studio, shot, synonyms=get_split(plan.split).synonyms)
            found.append(sample if plan.sensor == EXACT else _sensed(sample, noise))
    return found


def _sensed(sample: Sample, noise: np.random.Generator) -> Sample:
    depth_m = sense(sample.photograph.depth_m, sample.shot.intrinsics, noise)
    return replace(sample, photograph=replace(sample.photograph, depth_m=depth_m))


def _seed(plan: Plan, room: int) -> int:
    return get_split(plan.split).first_seed + plan.seed + room


def _write_shard(plan: Plan, number: int, file: Path) -> None:
    views = samples(plan, rooms_of_shard(plan, number))
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
    save_shard(file, arrays)


def save_shard(file: Path, arrays: Mapping[str, Any]) -> None:
    """Write a shard that is whole or not there."""
    with replacing_file(file) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, **arrays)


def write_index(
    told: Mapping[str, Any], out: Path, files: Sequence[Path], views: Sequence[int]
) -> None:
    """Write a dataset's index, last of all: what it holds, and how many views each shard has."""
    shards = [
        {"file": file.name, "views": count, "sha256": sha256_of(file)}
        for file, count in zip(files, views, strict=True)
    ]
    index = {"format": _FORMAT, **told, "shards": shards}
    with replacing_file(out / _INDEX_NAME) as temporary:
        temporary.write_text(json.dumps(index, indent=1), encoding="utf-8")


def _check(done: set[Future[None]]) -> None:
    for future in done:
        future.result()


def remember(told: Mapping[str, Any], out: Path) -> None:
    """Shards of two plans in one folder would pass for one dataset."""
    file, text = out / _PLAN_NAME, json.dumps(told)
    if not file.exists():
        out.mkdir(parents=True, exist_ok=True)
        with replacing_file(file) as temporary:
            temporary.write_text(text, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != text:
        raise InputError(
            "this folder holds a dataset of another plan",
            where=out,
            got=text,
            do="Give an empty folder, or the arguments the dataset was begun with.",
        )
