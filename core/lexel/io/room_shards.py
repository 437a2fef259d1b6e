"""Datasets of the synthetic world: folders of shards with an index, read without unpickling.

Relevancies lie in `DATASET/relevancies/NAME/`, one shard for each of the dataset's.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import InputError, SceneError
from lexel.io.checked_arrays import json_list, load_arrays, require
from lexel.io.json_files import read_json_object
from lexel.io.room_relevancies import read_relevancy_shard, relevancy_folder
from lexel.io.room_views import (
    CELLS,
    RoomDataset,
    RoomDescription,
    RoomObject,
    RoomPhotograph,
    RoomView,
)
from lexel.progress import Progress, Silent

_FORMAT = 1
_VIEW_ARRAYS = {
    "depth_mm": ("uint16", 3),
    "K": ("float32", 3),
    "world_from_camera": ("float32", 3),
    "box_from_world": ("float32", 3),
    "truth": ("uint8", 4),
}


def load_room_views(
    folder: Path,
    relevancies: Sequence[str] = (),
    *,
    colour: bool = False,
    sentences: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
) -> RoomDataset:
    """The dataset in `folder`.

    Args:
        folder: where its index.json lies.
        relevancies: names of sources below `folder/relevancies`.
        colour: keep the photographs.
        sentences: keep the relevancies of whole descriptions too.
        limit: read no more views than this.
        progress: told of every shard.

    Raises:
        InputError: a file is missing, damaged, or not as the format says; the sentence names it.
    """
    index = read_index(folder)
    progress = progress or Silent()
    progress.begin(f"reading {folder.name}", len(index["shards"]))
    views: list[RoomView] = []
    for shard in index["shards"]:
        views += _read_shard(folder, shard["file"], relevancies, colour, sentences)
        progress.advance()
        if limit is not None and len(views) >= limit:
            break
    return RoomDataset(str(index.get("split", folder.name)), tuple(views[:limit]))


def shard_names(folder: Path) -> list[str]:
    """The files of a dataset's shards, in order; an `InputError` when it has no index."""
    return [shard["file"] for shard in read_index(folder)["shards"]]


def load_photographs(file: Path) -> list[RoomPhotograph]:
    """What is to be seen in a shard's views.

    Raises:
        InputError: the shard is missing or damaged.
    """
    wanted = {"rgb": ("uint8", 4), "instance": ("uint8", 3)}
    arrays = load_arrays(file, wanted, "meta")
    facts = json_list(arrays["meta"], file)
    require(all(len(arrays[key]) == len(facts) for key in wanted), "views are missing", file)
    found = []
    for i, fact in enumerate(facts):
        where = f"{file}, view {i}"
        said = _said(fact, where)
        photograph = arrays["rgb"][i], arrays["instance"][i]
        found.append(RoomPhotograph(_room(fact, where), *photograph, *said))
    return found


def read_index(folder: Path) -> dict[str, Any]:
    """A dataset's index.json; an `InputError` when there is none."""
    file = folder / "index.json"
    try:
        index = read_json_object(file)
    except SceneError as error:
        raise InputError(
            error.what, where=file, got=error.got, do="Build it: lexel world build."
        ) from error
    shards = index.get("shards")
    known = index.get("format") == _FORMAT and isinstance(shards, list) and shards
    if not known or not all(isinstance(s, dict) and _is_name(s.get("file")) for s in shards or []):
        raise InputError("this is no index of a dataset", where=file, got=index.get("format"))
    return index


def _is_name(value: object) -> bool:
    return isinstance(value, str) and Path(value).name == value and value.endswith(".npz")


def _read_shard(
    folder: Path, name: str, sources: Sequence[str], colour: bool, sentences: bool
) -> Iterator[RoomView]:
    file = folder / name
    wanted = {**_VIEW_ARRAYS, **({"rgb": ("uint8", 4)} if colour else {})}
    arrays = load_arrays(file, wanted, "meta")
    facts = json_list(arrays["meta"], file)
    require(all(len(arrays[key]) == len(facts) for key in wanted), "views are missing", file)
    require(arrays["truth"].shape[1:] == (CELLS,) * 3, "the truth is not 64³", file)
    stored = {
        source: read_relevancy_shard(relevancy_folder(folder, source) / name, len(facts))
        for source in sources
    }
    for i, fact in enumerate(facts):
        where = f"{file}, view {i}"
        objects, descriptions = _said(fact, where)
        keep = {o.label for o in objects}
        if sentences:
            keep |= {d.sentence for d in descriptions}
        camera = arrays["box_from_world"][i].astype(np.float64) @ arrays["world_from_camera"][i]
        yield RoomView(
            where=where,
            room=_room(fact, where),
            kind=str(fact.get("kind", "")),
            depth_mm=arrays["depth_mm"][i].copy(),
            intrinsics=arrays["K"][i].astype(np.float64),
            box_from_camera=camera,
            objects=objects,
            descriptions=descriptions,
            rgb=arrays["rgb"][i].copy() if colour else None,
            packed_truth=zlib.compress(arrays["truth"][i].tobytes(), 1),
            relevancies={s: read(i, keep) for s, read in stored.items()},
        )


def _room(fact: Any, where: str) -> str:
    return str(fact.get("room", where))


def _said(fact: Any, where: str) -> tuple[tuple[RoomObject, ...], tuple[RoomDescription, ...]]:
    try:
        objects = tuple(
            RoomObject(
                int(o["id"]), str(o["name"]), str(o["label"]), int(o["pixels"]), int(o["cells"]),
                bool(o["novel"]), str(o["colour"]),
            )
            for o in fact["objects"]
        )  # fmt: skip
        descriptions = tuple(
            RoomDescription(
                int(d["target"]), str(d["relation"]), int(d["reference"]), str(d["target_label"]),
                str(d["reference_label"]),
            )
            for d in fact["descriptions"]
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("what is said of the view is malformed", where=where, got=error) from error
    return objects, descriptions
