"""Writing an answer to disk: the folder `NAME.lexel/` with everything that opens elsewhere.

    points.ply              observed points (origin 0), then every found voxel (origin 1)
    scene.ply               the observed cloud alone
    labels/labels.json      safe file name -> exact text, kind, colour, empty
    labels/NAME.obj + .mtl  a completed label        labels/NAME.ply   a located description
    layers/KIND-NAME.safetensors                     its scores over points.ply, sparse
    result.json             the manifest, written last

There is no `field.json` yet: a field is whole or it is not there, and these results have no codes.
One folder holds the completion and the localisation of one scene; a new answer replaces the older
one of its kind and keeps the other. Results of another scene or view are never replaced.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.atomic import probe_folder, replacing_folder
from lexel.io.clouds import Vertices, vertex_table, write_ply
from lexel.io.json_files import write_json
from lexel.io.layers import Layer, save_layer
from lexel.io.meshes import write_obj
from lexel.io.names import check_label, safe_name, safe_names
from lexel.io.result_manifest import label_json, write_manifest
from lexel.io.stamp import comments
from lexel.io.stored import LABELS, MANIFEST, POINTS, SCENE, Entry, StoredResult, open_result
from lexel.progress import Progress, Silent, track
from lexel.scene import Answer, AnswerKind, Found
from lexel.scene.colour_ramp import ramp_colours, unit_scale

OBSERVED, INFERRED = 0, 1


def result_folder(folder: str | Path, scene_name: str) -> Path:
    """Where the results of a scene lie under the folder the user named."""
    return Path(folder) / f"{safe_name(scene_name)}.lexel"


def check_writable(folder: str | Path) -> None:
    """An `InputError` when nothing can be written to the folder the user named."""
    try:
        probe_folder(Path(folder))
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the path
        raise InputError(
            "nothing can be written there",
            where=folder,
            got=cause,
            do="Name another folder with --out.",
        ) from cause


def check_out(
    folder: str | Path,
    scene_name: str,
    kind: AnswerKind,
    world_from_source: npt.NDArray[np.float64],
    scene_points_m: npt.NDArray[np.float32],
) -> StoredResult | None:
    """What lies at the target already, or None; an `InputError` when it must not be touched.

    Call it before the long work too: minutes of computing should not end in this error.
    """
    check_writable(folder)
    target = result_folder(folder, scene_name)
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return None
    stored = _open_ours(target)
    if not _same_scene(stored, scene_name, world_from_source, scene_points_m):
        raise InputError(
            "the folder holds results of another scene, of another view of it, or in another frame",
            where=target,
            got=stored.scene_name,
            do=f"Name another folder for this {kind.value} with --out, or rename or delete that "
            "one.",
        )
    return stored


def write_answer(answer: Answer, folder: str | Path, progress: Progress | None = None) -> Path:
    """Write `folder/NAME.lexel/`, whole or not at all, and return it."""
    progress = progress or Silent()
    for found in answer.found:
        check_label(found.text)
    old = check_out(
        folder, answer.scene_name, answer.kind, answer.world_from_source, answer.scene_points_m
    )
    kept = old.entries(_other(answer.kind)) if old else []
    new = _new_entries(answer, taken=[entry.name for entry in kept])
    target = result_folder(folder, answer.scene_name)
    with replacing_folder(target) as temporary:
        (temporary / "labels").mkdir()
        (temporary / "layers").mkdir()
        _write_new(answer, new, temporary, progress)
        if old:
            _carry_over(old, kept, temporary, progress)
        _write_common(answer, [*kept, *new], temporary, progress)
        write_manifest(answer, old, [*kept, *new], temporary, progress)
    return target


def _other(kind: AnswerKind) -> AnswerKind:
    (other,) = set(AnswerKind) - {kind}
    return other


def _open_ours(target: Path) -> StoredResult:
    try:
        if (target / "field.json").exists():
            raise InputError("it holds a field, which results would replace")
        return open_result(target)
    except InputError as error:
        raise InputError(
            f"the results cannot be written there, because what is there would be lost: {error}",
            where=target,
            do="Name another folder with --out, or rename or delete this one.",
        ) from error


def _same_scene(
    stored: StoredResult,
    scene_name: str,
    world_from_source: npt.NDArray[np.float64],
    scene_points_m: npt.NDArray[np.float32],
) -> bool:
    if stored.scene_name != scene_name:
        return False
    if not np.allclose(stored.world_from_source, world_from_source, atol=1e-6):
        return False
    points_m = stored.scene_points_m()
    return points_m.shape == scene_points_m.shape and np.allclose(
        points_m, scene_points_m, atol=1e-5
    )


def _new_entries(answer: Answer, taken: list[str]) -> list[Entry]:
    names = safe_names((found.text for found in answer.found), taken)
    return [
        Entry(name, found.text, answer.kind, found.colour, found.points_m, found.score)
        for name, found in zip(names, answer.found, strict=True)
    ]


def _write_new(answer: Answer, entries: Sequence[Entry], folder: Path, progress: Progress) -> None:
    pairs = list(zip(entries, answer.found, strict=True))
    for entry, found in track(pairs, "writing labels", progress):
        if entry.empty:
            continue
        if answer.kind is AnswerKind.COMPLETION:
            _write_mesh(entry, found, folder, meaningless=answer.meaningless)
        else:
            _write_cloud(entry, folder, meaningless=answer.meaningless)


def _write_mesh(entry: Entry, found: Found, folder: Path, *, meaningless: bool) -> None:
    assert found.mesh is not None, f"{entry.text!r} was found but has no mesh"
    path = folder / "labels" / f"{entry.name}.obj"
    write_obj(path, found.mesh, entry.colour, entry.text, meaningless=meaningless)


def _write_cloud(entry: Entry, folder: Path, *, meaningless: bool) -> None:
    rgb = ramp_colours(unit_scale(entry.score))
    table = vertex_table(entry.points_m, rgb, score=entry.score)
    path = folder / "labels" / f"{entry.name}.ply"
    write_ply(path, table, comments(entry.text, meaningless=meaningless))


def _carry_over(old: StoredResult, kept: Sequence[Entry], folder: Path, progress: Progress) -> None:
    """Copy the other kind's geometry, and whatever somebody else has put into the folder."""
    for name in [name for entry in kept for name in entry.geometry_files]:
        shutil.copyfile(old.folder / name, folder / name)
    ours = {MANIFEST, *old.manifest["files"]}
    for path in sorted(old.folder.rglob("*")):
        name = path.relative_to(old.folder).as_posix()
        if name in ours or not path.is_file():
            continue
        if (folder / name).exists():
            progress.say(f"{name} in {old.folder.name} is replaced by a result of that name.")
            continue
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def _write_common(
    answer: Answer, entries: Sequence[Entry], folder: Path, progress: Progress
) -> None:
    progress.begin("writing points", 3)
    head = comments(None, meaningless=answer.meaningless)
    scene = vertex_table(answer.scene_points_m, answer.scene_rgb)
    write_ply(folder / SCENE, scene, head)
    progress.advance()
    write_ply(folder / POINTS, _all_points(answer, entries), head)
    progress.advance()
    for entry, index in zip(entries, _indices(answer, entries), strict=True):
        if not entry.empty:
            save_layer(folder / entry.layer_file, Layer(entry.score, index))
    write_json(folder / LABELS, {entry.name: label_json(entry) for entry in entries})
    progress.advance()


def _all_points(answer: Answer, entries: Sequence[Entry]) -> Vertices:
    points_m = np.concatenate([answer.scene_points_m, *(entry.points_m for entry in entries)])
    colours = [np.tile(np.array(e.colour, np.uint8), (len(e.points_m), 1)) for e in entries]
    origin = np.full(len(points_m), INFERRED, np.uint8)
    origin[: len(answer.scene_points_m)] = OBSERVED
    return vertex_table(points_m, np.concatenate([answer.scene_rgb, *colours]), origin=origin)


def _indices(answer: Answer, entries: Sequence[Entry]) -> list[npt.NDArray[np.int32]]:
    """For each entry the rows of points.ply that hold it."""
    counts = [len(answer.scene_points_m), *(len(entry.points_m) for entry in entries)]
    ends = np.cumsum(counts)
    return [np.arange(a, b, dtype=np.int32) for a, b in pairwise(ends)]
