"""The doctor of fields: what a field is, every sum and every value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import InputError
from lexel.io.fields.facts import field_facts
from lexel.io.fields.layout import (
    CODEBOOK,
    EVIDENCE,
    IMAGE_SUFFIX,
    INSTANCES,
    MANIFEST,
    PHRASE_VECTORS,
    PHRASES,
    POINTS,
    SUFFIX,
    VIEWS,
    Fault,
)
from lexel.io.fields.manifest import FieldManifest, LayerEntry, read_manifest
from lexel.io.fields.saving import bounds_of, check_counts, check_instance_column, check_range
from lexel.io.fields.stored import StoredField, check_headers
from lexel.io.fields.views_files import load_view
from lexel.io.hashing import sha256_of
from lexel.io.listed_files import check_listed
from lexel.io.notes import Notes, as_finding, worst_first
from lexel.io.stamp import MEANINGLESS
from lexel.progress import Progress, Silent
from lexel.scene import Finding, Severity

Look = Callable[[StoredField], object]


@dataclass(frozen=True)
class FieldDiagnosis:
    """What is known of a field.

    Attributes:
        path: as it was given.
        facts: plain values; empty when `field.json` cannot be read.
        findings: worst first.
    """

    path: str
    facts: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        findings = [finding.as_json() for finding in self.findings]
        head = {"path": self.path, "kind": "field", "usable": self.usable}
        return {**head, **self.facts, "findings": findings}


def is_field(path: Path) -> bool:
    """Whether a path is, or is called, a field."""
    with suppress(OSError, ValueError):
        return path.suffix == SUFFIX or (path / MANIFEST).is_file()
    return False


def diagnose_field(path: str | Path, progress: Progress | None = None) -> FieldDiagnosis:
    """Look at everything in a field. What cannot be used is a finding, not an exception."""
    folder, progress = Path(path), progress or Silent()
    notes = Notes(progress)
    try:
        manifest = read_manifest(folder)
        field = StoredField(folder, manifest, sha256_of(folder / MANIFEST))
    except (InputError, OSError, ValueError) as error:
        fault = error if isinstance(error, InputError) else InputError("cannot be read", got=error)
        return FieldDiagnosis(str(path), {}, (as_finding(fault, path),))
    if field.info.encoder.untrained:
        notes.warn(str(folder), MEANINGLESS)
    bad = _bad_files(folder, manifest, notes, progress)
    for files, look in _parts(manifest):
        if not bad & set(files):
            _note_faults(notes, folder, look, field)
    _note_unlisted(folder, manifest, notes)
    return FieldDiagnosis(str(path), field_facts(field), worst_first(notes.findings))


def _bad_files(folder: Path, manifest: FieldManifest, notes: Notes, progress: Progress) -> set[str]:
    """Names of files that are not what `field.json` lists."""
    return {
        name
        for name, facts in manifest.files.items()
        if not _note_faults(notes, folder, _check_sum, folder, name, facts, progress)
    }


def _check_sum(folder: Path, name: str, facts: Mapping[str, Any], progress: Progress) -> None:
    check_listed({name: facts}, folder)
    found = sha256_of(folder / name, progress)
    same = found == facts["sha256"]
    Fault(folder / name).unless(same, "its content has changed: the sha256 is another", found)


def _note_faults(notes: Notes, where: Path, look: Callable[..., object], *given: object) -> bool:
    """Whether `look(*given)` raised no error; if it did, that is a finding."""
    try:
        look(*given)
    except InputError as error:
        notes.add(as_finding(error, where))
        return False
    except OSError as error:
        notes.add(as_finding(InputError("cannot be read", got=error), error.filename or where))
        return False
    return True


def _parts(manifest: FieldManifest) -> Iterator[tuple[tuple[str, ...], Look]]:
    """What there is to look at: the files it takes, and the look."""
    yield tuple(manifest.files), _check_headers
    yield (CODEBOOK,), attrgetter("codebook")
    yield (POINTS,), _check_points
    yield (INSTANCES,), attrgetter("instances")
    yield (POINTS, CODEBOOK), _check_counts
    yield (POINTS, INSTANCES), _check_instances
    yield (PHRASES, PHRASE_VECTORS), attrgetter("phrases")
    images = (name for name in manifest.files if name.endswith(IMAGE_SUFFIX))
    yield (VIEWS, *images), _check_views
    yield (VIEWS, EVIDENCE), attrgetter("evidence")
    for entry in manifest.layers:
        yield (entry.file,), partial(_check_layer, entry)


def _check_headers(field: StoredField) -> None:
    check_headers(field.path, field.manifest)


def _check_views(field: StoredField) -> None:
    for entry in field.views:
        load_view(field.path, entry)


def _check_points(field: StoredField) -> None:
    good = np.allclose(bounds_of(field.points), field.bounds, atol=1e-4)
    Fault(field.path / MANIFEST).unless(good, "'bounds' are not those of the points")


def _check_counts(field: StoredField) -> None:
    check_counts(field.points.code, field.codebook.count, Fault(field.path / CODEBOOK))


def _check_instances(field: StoredField) -> None:
    ids = [instance.id for instance in field.instances]
    check_instance_column(field.points.instance, ids, Fault(field.path / POINTS))


def _check_layer(entry: LayerEntry, field: StoredField) -> None:
    layer = field.layer(entry.note.name)
    check_range(entry.note, layer, Fault(field.path / entry.file))


def _note_unlisted(folder: Path, manifest: FieldManifest, notes: Notes) -> None:
    listed = {MANIFEST, *manifest.files}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in listed:
            notes.note(str(path), "belongs to no field: field.json does not list it")
