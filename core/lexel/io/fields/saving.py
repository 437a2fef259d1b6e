"""Writing a field: everything is checked first, then written beside its place and renamed."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.io.atomic import replacing_file, replacing_folder
from lexel.io.fields.codebook_file import check_codebook, save_codebook
from lexel.io.fields.content import FieldContent
from lexel.io.fields.evidence_file import check_evidence, save_evidence
from lexel.io.fields.info_json import info_from_json, info_to_json
from lexel.io.fields.instances_file import check_instances, save_instances
from lexel.io.fields.layout import (
    CODEBOOK,
    EVIDENCE,
    INSTANCES,
    LAYERS,
    MANIFEST,
    MAX_CODES,
    MAX_POINTS,
    POINTS,
    SUFFIX,
    VIEWS,
    Fault,
    in_blocks,
)
from lexel.io.fields.manifest import (
    FieldManifest,
    LayerEntry,
    layer_file,
    layer_from_json,
    layer_to_json,
    manifest_to_json,
    read_manifest,
)
from lexel.io.fields.phrases_files import check_phrases, save_phrases
from lexel.io.fields.points_file import check_points, save_points
from lexel.io.fields.views_files import check_views, save_views, size_px_of
from lexel.io.hashing import file_facts
from lexel.io.json_files import write_json
from lexel.io.layers import Layer, check_layer, save_layer
from lexel.io.stamp import comments
from lexel.io.typed_json import JsonObject
from lexel.progress import Progress, Silent, track
from lexel.scene import FieldPoints, LayerNote


def check_field_path(path: Path) -> None:
    """An `InputError` when a field must not be written there. Call it before the long work too."""
    if path.suffix != SUFFIX or path.name == SUFFIX:
        raise InputError(
            f"the name of a field ends in {SUFFIX}", where=path, do=f"Name it {path.stem}{SUFFIX}."
        )
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if others := _foreign_content(path):
        raise InputError(
            "holds what a new field would replace",
            where=path,
            got=", ".join(others[:3]),
            do="Choose another name, or rename or delete this one.",
        )


def save_field(path: str | Path, content: FieldContent, progress: Progress | None = None) -> Path:
    """Write the folder `NAME.lexel/`, whole or not at all, over an older field at most.

    Raises:
        SceneError: the content is no field; the message names the file that would be wrong.
        InputError: it must not be written there.
    """
    target, progress = Path(path), progress or Silent()
    check_field_path(target)
    check_content(content, target)
    with replacing_folder(target) as folder:
        layers = _write_parts(content, folder, progress)
        names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
        files = {name: file_facts(folder / name) for name in track(names, "checking", progress)}
        manifest = FieldManifest(
            info=content.info,
            num_points=len(content.points),
            num_codes=len(content.codebook),
            bounds=bounds_of(content.points),
            layers=layers,
            files=files,
        )
        write_json(folder / MANIFEST, manifest_to_json(manifest))
    return target


def check_content(content: FieldContent, target: Path) -> None:
    """A `SceneError` unless `content` can be written as the field `target` and read again."""
    num_points, num_codes = len(content.points), len(content.codebook)
    info_from_json(JsonObject(info_to_json(content.info), target / MANIFEST))
    points, codebook = Fault(target / POINTS), Fault(target / CODEBOOK)
    points.unless(1 <= num_points <= MAX_POINTS, "a field needs points", num_points)
    codebook.unless(1 <= num_codes <= MAX_CODES, f"it needs 1..{MAX_CODES} codes", num_codes)
    check_codebook(content.codebook, content.info, num_codes, codebook.path)
    check_points(content.points, num_codes, points.path)
    check_counts(content.points.code, content.codebook.count, codebook)
    check_instances(content.instances, num_codes, target / INSTANCES)
    ids = [instance.id for instance in content.instances]
    check_instance_column(content.points.instance, ids, points)
    if content.phrases is not None:
        check_phrases(content.phrases, content.info, target)
    check_layers(content.layers, num_points, target)
    check_views(content.views, target / VIEWS)
    if content.evidence is not None:
        sizes = [size_px_of(view) for view in content.views]
        check_evidence(content.evidence, num_codes, sizes, target / EVIDENCE)
        Fault(target / EVIDENCE).unless(bool(sizes), "it needs views")


def check_counts(code: npt.NDArray[Any], count: npt.NDArray[Any], fault: Fault) -> None:
    """A `SceneError` unless `count` says how many points have each code."""
    found = np.zeros(len(count), np.int64)
    for rows in in_blocks(len(code)):
        found += np.bincount(code[rows], minlength=len(count))
    fault.unless((found == count).all(), "'count' is not how many points have each code")


def check_instance_column(column: npt.NDArray[Any] | None, ids: list[int], fault: Fault) -> None:
    """A `SceneError` unless every point's instance is one of the list, or -1."""
    if column is None:
        return
    known = np.array([-1, *ids])
    good = all(np.isin(column[rows], known).all() for rows in in_blocks(len(column)))
    fault.unless(good, f"an 'instance' is not in {INSTANCES}")


def check_layers(
    layers: tuple[tuple[LayerNote, Layer], ...], num_points: int, target: Path
) -> None:
    """A `SceneError` unless every layer fits the points and its note, and names differ."""
    manifest = target / MANIFEST
    names = [note.name for note, _ in layers]
    Fault(manifest).unless(len(set(names)) == len(names), "two layers have one name")
    for note, layer in layers:
        entry = LayerEntry(note, layer_file(note.name))
        layer_from_json(JsonObject(layer_to_json(entry), manifest, f"layers.{note.name}."))
        where = target / entry.file
        check_layer(layer, num_points, where)
        check_range(note, layer, Fault(where))


def check_range(note: LayerNote, layer: Layer, fault: Fault) -> None:
    """A `SceneError` unless the note tells the smallest and the largest score."""
    good = np.allclose(note.range, layer.range, atol=1e-5)
    fault.unless(good, f"the range of its scores is {layer.range}", note.range)


def bounds_of(points: FieldPoints) -> npt.NDArray[np.float64]:
    """(2, 3) lower and upper corner."""
    xyz_m = points.xyz_m
    return np.stack([xyz_m.min(axis=0), xyz_m.max(axis=0)]).astype(np.float64)


def _write_parts(content: FieldContent, folder: Path, progress: Progress) -> tuple[LayerEntry, ...]:
    progress.begin("writing the field", 3 + len(content.layers))
    save_points(folder, content.points, comments(None, meaningless=content.info.encoder.untrained))
    progress.advance()
    save_codebook(folder, content.codebook)
    save_instances(folder, content.instances)
    if content.phrases is not None:
        save_phrases(folder, content.phrases)
    progress.advance()
    if content.views:
        save_views(folder, content.views)
    if content.evidence is not None:
        save_evidence(folder, content.evidence)
    progress.advance()
    entries: list[LayerEntry] = []
    for note, layer in content.layers:
        entries.append(write_layer(folder, note, layer, [entry.file for entry in entries]))
        progress.advance()
    return tuple(entries)


def write_layer(folder: Path, note: LayerNote, layer: Layer, taken: list[str]) -> LayerEntry:
    """Write one layer to a file that is none of `taken`; it is on disk before anything lists it."""
    file = layer_file(note.name, taken)
    with replacing_file(folder / file) as temporary:
        save_layer(temporary, layer)
    return LayerEntry(note, file)


def _foreign_content(folder: Path) -> list[str]:
    """What lies in the folder and belongs to no field; a whole foreign folder is its name."""
    try:
        ours = {MANIFEST, *read_manifest(folder).files}
    except InputError:
        return [folder.name]
    names = (p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    # An append that was killed leaves files among the layers.
    return sorted(n for n in names if n not in ours and PurePosixPath(n).parts[0] != LAYERS)
