"""The sample scenes that come with Lexel: one view, one scan, one mesh, each with its truth.

Layout: `formats.md`. `lexel world samples` writes the same bytes again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lexel.geometry.cameras import look_at, published_intrinsics
from lexel.geometry.transforms import invert
from lexel.io.atomic import replacing_folder
from lexel.progress import Progress, track
from lexel.synthetic.cameras import Shot, box_before, draw_shot
from lexel.synthetic.furnish import furnish
from lexel.synthetic.glb import write_glb
from lexel.synthetic.model import ROOMS
from lexel.synthetic.render import Studio
from lexel.synthetic.room import Room
from lexel.synthetic.sample import Sample, take

# Rooms of the unseen splits: no network was trained on them.
_VIEW_ROOM, _VIEW_KIND, _VIEW_SHOT = 2_000_020, "office", 1
_SCAN_ROOM, _SCAN_KIND = 2_000_101, "living room"
_MESH_ROOM, _MESH_KIND = 2_000_102, "bedroom"
_HELD_ROOM = 2_000_301  # the first of the scans that fields are measured on
_SCAN_VIEWS = 24
_MIN_PIXELS = 60
_HIDING = ("in", "behind")
_JPEG_QUALITY = 92
_LICENCE = (
    "Made by Lexel's own procedural world (`lexel world samples`); no third party's data.\n"
    "Dedicated to the public domain: CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/\n"
)


def write_sample_scenes(out: Path, progress: Progress) -> None:
    """Write `out`/view, `out`/scan and `out`/mesh; each is there whole or not at all."""
    writers = (("view", _write_view), ("scan", _write_scan), ("mesh", _write_mesh))
    for name, write in track(writers, "writing sample scenes", progress):
        with replacing_folder(out / name) as folder:
            write(folder)
            (folder / "LICENCE.txt").write_text(_LICENCE, encoding="utf-8", newline="\n")


def _write_view(folder: Path) -> None:
    studio = Studio(furnish(_VIEW_ROOM, _VIEW_KIND))
    rng = np.random.default_rng([_VIEW_ROOM, 3])
    shots = [draw_shot(studio.room, rng) for _ in range(_VIEW_SHOT + 1)]
    sample = take(studio, shots[-1])
    photograph, shot = sample.photograph, sample.shot
    np.savez_compressed(
        folder / "scene.npz",
        rgb=photograph.rgb,
        depth_m=photograph.depth_m,
        K=shot.intrinsics,
        world_from_camera=shot.world_from_camera,
    )
    labels = _visible(sample)
    _write_json(folder / "scene.json", _words("view", labels, _hidden_things(sample, labels)))
    _write_truth(folder, studio.room, [sample], np.eye(4))


def write_held_scans(out: Path, rooms: int, progress: Progress) -> None:
    """Write scans `out`/00, `out`/01, … of further unseen rooms, of all kinds in turn."""
    for number in track(range(rooms), "writing scans", progress):
        with replacing_folder(out / f"{number:02d}") as folder:
            _write_scan(folder, _HELD_ROOM + number, ROOMS[number % len(ROOMS)])


def _write_scan(folder: Path, room: int = _SCAN_ROOM, kind: str = _SCAN_KIND) -> None:
    """24 views from a walk around the middle of a room, in the world of the first camera."""
    studio = Studio(furnish(room, kind))
    half = np.array(studio.room.size[:2]) / 2
    samples = []
    for n in range(_SCAN_VIEWS):
        angle = 2 * np.pi * n / _SCAN_VIEWS
        away = np.array([np.cos(angle), np.sin(angle)])
        eye = np.array([*(0.78 * half * away), 1.45 + 0.15 * np.sin(2 * angle)])
        target = np.array([*(-0.3 * half * away), 0.55])
        pose = look_at(eye, target)
        intrinsics = np.array([[170.0, 0, 128], [0, 170.0, 96], [0, 0, 1.0]])
        samples.append(take(studio, Shot(intrinsics, pose, box_before(pose))))
    scan_from_world = invert(samples[0].shot.world_from_camera)
    for n, sample in enumerate(samples):
        stem = f"frame-{n:06d}"
        colour = Image.fromarray(sample.photograph.rgb)
        colour.save(folder / f"{stem}.color.jpg", quality=_JPEG_QUALITY)
        millimetres = np.round(sample.photograph.depth_m * 1000).astype(np.uint16)
        Image.fromarray(millimetres).save(folder / f"{stem}.depth.png")
        _write_matrix(folder / f"{stem}.pose.txt", scan_from_world @ sample.shot.world_from_camera)
    _write_matrix(
        folder / "camera-intrinsics.txt", published_intrinsics(samples[0].shot.intrinsics)
    )
    labels = sorted({label for sample in samples for label in _visible(sample)})
    _write_json(folder / "scene.json", _words("scan", labels))
    _write_truth(folder, studio.room, samples, scan_from_world)


def _write_mesh(folder: Path) -> None:
    room = furnish(_MESH_ROOM, _MESH_KIND)
    studio = Studio(room)
    write_glb(folder / "room.glb", *studio.coloured_mesh())
    labels = sorted({placed.kind.name for placed in room.objects})
    _write_json(folder / "scene.json", _words("mesh", labels))
    shot = draw_shot(room, np.random.default_rng([_MESH_ROOM, 3]))
    _write_truth(folder, room, [take(studio, shot)], np.eye(4))


def _words(
    name: str, labels: list[str], descriptions: Sequence[Sequence[str]] = ()
) -> dict[str, Any]:
    """`scene.json`; being synthetic, such a scene is asked with the embedded weights."""
    told = {"labels": labels, "descriptions": [list(d) for d in descriptions]}
    return {"format": 1, "name": name, "synthetic": True, **told}


def _visible(sample: Sample) -> list[str]:
    objects = sample.facts["objects"]
    return sorted({o["label"] for o in objects if o["pixels"] >= _MIN_PIXELS and o["cells"]})


def _hidden_things(sample: Sample, labels: list[str]) -> list[list[str]]:
    """One description of each thing that no pixel shows, by what hides it where that is known."""
    unseen = {o["id"] for o in sample.facts["objects"] if not o["pixels"] and o["cells"]}
    found: dict[int, list[str]] = {}
    known = sorted(sample.facts["descriptions"], key=lambda d: d["relation"] not in _HIDING)
    for told in known:
        if told["target"] in unseen and told["reference_label"] in labels:
            words = [told["target_label"], told["relation"], told["reference_label"]]
            found.setdefault(told["target"], words)
    return list(found.values())


def _write_truth(
    folder: Path, room: Room, samples: list[Sample], file_from_world: NDArray[np.float64]
) -> None:
    """Ids by pixel and by cell, and what each id is; places are in the frame of the files."""
    truth = folder / "truth"
    truth.mkdir()
    world_from_file = invert(file_from_world)
    np.savez_compressed(
        truth / "truth.npz",
        instance=np.stack([s.photograph.instance for s in samples]),
        occupancy=np.stack([s.truth for s in samples]),
        box_from_file=np.stack([s.shot.box_from_world @ world_from_file for s in samples]),
    )
    objects = []
    for placed in room.objects:
        centre = np.append(np.mean(placed.bounds, axis=0), 1)
        objects.append(
            {
                "id": placed.id,
                "class": placed.kind.name,
                "colour": placed.colour,
                "material": placed.material,
                "centre": np.round(file_from_world @ centre, 4)[:3].tolist(),
                "size": np.round(placed.bounds[1] - placed.bounds[0], 4).tolist(),
                "stands": [placed.relation, placed.support] if placed.support else None,
                "pixels": [int((s.photograph.instance == placed.id).sum()) for s in samples],
            }
        )
    descriptions = [s.facts["descriptions"] for s in samples]
    told = {"room": room.name, "objects": objects, "descriptions": descriptions}
    _write_json(truth / "truth.json", told)


def _write_json(file: Path, value: dict[str, Any]) -> None:
    file.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8", newline="\n")


def _write_matrix(file: Path, matrix: NDArray[np.float64]) -> None:
    rows = [" ".join(f"{x:.9g}" for x in row) for row in matrix]
    file.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")
