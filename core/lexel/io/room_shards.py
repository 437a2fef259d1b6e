"""Datasets of the synthetic world: folders of shards with an index, read without unpickling.

Relevancies lie in `DATASET/relevancies/NAME/`, one shard for each of the dataset's.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, SceneError
from lexel.io.json_files import read_json_object
from lexel.io.room_views import (
    CELLS,
    RoomDataset,
    RoomDescription,
    RoomObject,
    RoomView,
    StoredRelevancies,
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
    index = _index(folder)
    progress = progress or Silent()
    progress.begin(f"reading {folder.name}", len(index["shards"]))
    views: list[RoomView] = []
    for shard in index["shards"]:
        views += _read_shard(folder, str(shard["file"]), relevancies, colour, sentences)
        progress.advance()
        if limit is not None and len(views) >= limit:
            break
    return RoomDataset(str(index.get("split", folder.name)), tuple(views[:limit]))


def _index(folder: Path) -> dict[str, Any]:
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
    arrays = _arrays(file, wanted)
    facts = _json_list(arrays["meta"], file)
    _require(all(len(arrays[key]) == len(facts) for key in wanted), "views are missing", file)
    _require(arrays["truth"].shape[1:] == (CELLS,) * 3, "the truth is not 64³", file)
    stored = {
        source: _read_relevancies(folder / "relevancies" / source / name, len(facts))
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
            room=str(fact.get("room", where)),
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


def _read_relevancies(file: Path, views: int) -> Callable[[int, set[str]], StoredRelevancies]:
    wanted = {"maps": ("float16", 3), "mean": ("float16", 3), "offset": ("int32", 1)}
    arrays = _arrays(file, {**wanted, "features": ("float16", 2)}, "phrases")
    phrases, offset = _json_list(arrays["phrases"], file), arrays["offset"]
    rows = len(arrays["maps"])
    fits = len(offset) == views + 1 and len(phrases) == len(arrays["mean"]) == views
    fits = fits and offset[0] == 0 and offset[-1] == rows == len(arrays["features"])
    fits = fits and np.diff(offset).tolist() == [len(p) for p in phrases]
    _require(fits, "the relevancies do not fit the views", file)

    def of_view(i: int, keep: set[str]) -> StoredRelevancies:
        chosen = [k for k, phrase in enumerate(phrases[i]) if phrase in keep]
        at = offset[i] + np.array(chosen, np.int64)
        names = tuple(str(phrases[i][k]) for k in chosen)
        return StoredRelevancies(
            names, arrays["maps"][at], arrays["mean"][i].copy(), arrays["features"][at]
        )

    return of_view


def _arrays(
    file: Path, wanted: Mapping[str, tuple[str, int]], words: str = "meta"
) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a shard, checked for their type and dimensions, and its JSON text."""
    try:
        with np.load(file, allow_pickle=False) as shard:
            arrays = {name: shard[name] for name in (*wanted, words)}
    except OSError as error:
        raise InputError("the shard cannot be read", where=file, got=error) from error
    except (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            "the shard is damaged", where=file, got=error, do="Build it again."
        ) from error
    for name, (dtype, ndim) in wanted.items():
        found = arrays[name]
        if found.dtype != dtype or found.ndim != ndim:
            raise InputError(f"{name} is no {dtype} [{ndim}d]", where=file, got=found.dtype)
    return arrays


def _json_list(text: npt.NDArray[Any], file: Path) -> list[Any]:
    try:
        value = json.loads(str(text[()]))
    except (ValueError, RecursionError) as error:
        raise InputError("its words are no JSON", where=file, got=error) from error
    _require(isinstance(value, list), "its words are no list", file)
    return list(value)


def _said(fact: Any, where: str) -> tuple[tuple[RoomObject, ...], tuple[RoomDescription, ...]]:
    try:
        objects = tuple(
            RoomObject(
                int(o["id"]), str(o["name"]), str(o["label"]), int(o["pixels"]), int(o["cells"]),
                bool(o["novel"]),
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


def _require(condition: bool, what: str, file: Path) -> None:
    if not condition:
        raise InputError(what, where=file, do="Build it again.")
