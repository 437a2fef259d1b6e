"""`labels/labels.json` and `result.json`: what a result folder says about itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import lexel
from lexel.io.hashing import file_facts
from lexel.io.json_files import write_json
from lexel.io.layers import Layer
from lexel.io.stored import FORMAT, LABELS, MANIFEST, POINTS, SCENE, Entry, StoredResult
from lexel.progress import Progress, track
from lexel.scene import Answer

_TIER = 3  # completion and localisation, DESIGN.md


def label_json(entry: Entry) -> dict[str, Any]:
    """One value of `labels/labels.json`; its schema is binding (`spec/formats.md`)."""
    return {
        "text": entry.text,
        "kind": entry.kind.value,
        "colour": list(entry.colour),
        "empty": entry.empty,
    }


def write_manifest(
    answer: Answer,
    old: StoredResult | None,
    entries: Sequence[Entry],
    folder: Path,
    progress: Progress,
) -> None:
    """Write `result.json`, last, with size and sha256 of every other file."""
    runs = {**(old.manifest["runs"] if old else {}), answer.kind.value: _run_json(answer)}
    names = [SCENE, POINTS, LABELS]
    for entry in entries:
        names += [*entry.geometry_files, *([] if entry.empty else [entry.layer_file])]
    files = {name: file_facts(folder / name) for name in track(names, "checking", progress)}
    points_m = np.concatenate([answer.scene_points_m, *(entry.points_m for entry in entries)])
    manifest = {
        "format": FORMAT,
        "name": answer.scene_name,
        "unit": "metre",
        "up": [0, 0, 1],
        "forward": np.asarray(answer.forward, np.float64),
        "world_from_source": np.asarray(answer.world_from_source, np.float64),
        "num_points": len(points_m),
        "bounds": [points_m.min(0), points_m.max(0)] if len(points_m) else None,
        "meaningless": any(run.get("meaningless", False) for run in runs.values()),
        "runs": runs,
        "layers": [_layer_json(entry, runs) for entry in entries if not entry.empty],
        "files": files,
    }
    write_json(folder / MANIFEST, manifest)


def _run_json(answer: Answer) -> dict[str, Any]:
    return {
        "kind": answer.kind.value,
        "version": lexel.__version__,
        "voxel_size_m": float(answer.voxel_size_m),
        "forward": np.asarray(answer.forward, np.float64),
        "meaningless": answer.meaningless,
        "provenance": dict(answer.provenance),
    }


def _layer_json(entry: Entry, runs: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": entry.layer_name,
        "file": entry.layer_file,
        "tier": _TIER,
        "text": entry.text,
        "network": _network_id(runs.get(entry.kind.value, {}).get("provenance", {})),
        "range": list(Layer(entry.score).range),
    }


def _network_id(provenance: Mapping[str, Any]) -> str | None:
    """The sum of the network's weights, where the provenance tells it."""
    network = provenance.get("network")
    value = network.get("sha256") if isinstance(network, Mapping) else network
    return value if isinstance(value, str) else None
