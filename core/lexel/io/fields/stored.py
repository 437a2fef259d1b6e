"""Opening a field: headers now, values when they are first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.fields.codebook_file import check_codebook, codebook_shapes, map_codebook
from lexel.io.fields.evidence_file import check_evidence, evidence_shapes, map_evidence
from lexel.io.fields.handing_on import to_numpy
from lexel.io.fields.instances_file import load_instances
from lexel.io.fields.layout import (
    CODEBOOK,
    EVIDENCE,
    MANIFEST,
    PHRASE_VECTORS,
    POINTS,
    VIEWS,
    Fault,
)
from lexel.io.fields.manifest import FieldManifest, LayerEntry, read_manifest
from lexel.io.fields.phrases_files import check_phrases, map_phrases, phrase_shapes
from lexel.io.fields.points_file import (
    check_codes,
    check_points,
    check_points_header,
    map_points,
    read_codes,
)
from lexel.io.fields.tensor_checks import read_checked_places
from lexel.io.fields.views_json import ViewEntry, load_view_entries
from lexel.io.hashing import sha256_of
from lexel.io.layers import Layer, load_layer, read_layer_places
from lexel.io.listed_files import check_listed
from lexel.scene import (
    Codebook,
    Evidence,
    FieldInfo,
    FieldPoints,
    Instance,
    LayerNote,
    Phrases,
)
from lexel.scene.field import Ints


@dataclass(frozen=True, eq=False)
class StoredField:
    """A field on disk whose headers have been checked.

    Its properties check the values they give when they are first asked for, and raise a
    `SceneError` that names the file. Large arrays are memory-mapped and read-only.

    Attributes:
        path: the folder.
        manifest: `field.json` as it was when the field was opened.
        sha256: of `field.json`, which names this version of the field.
    """

    path: Path
    manifest: FieldManifest
    sha256: str

    @property
    def info(self) -> FieldInfo:
        return self.manifest.info

    @property
    def num_points(self) -> int:
        return self.manifest.num_points

    @property
    def num_codes(self) -> int:
        return self.manifest.num_codes

    @property
    def bounds(self) -> npt.NDArray[np.float64]:
        """(2, 3) lower and upper corner of the points, metres."""
        return self.manifest.bounds

    @cached_property
    def codebook(self) -> Codebook:
        codebook = map_codebook(self.path, self.info, self.num_codes)
        check_codebook(codebook, self.info, self.num_codes, self.path / CODEBOOK)
        return codebook

    @cached_property
    def points(self) -> FieldPoints:
        """All columns, as views into the rows of the file; copy what is used often."""
        points = map_points(self.path, self.num_points)
        check_points(points, self.num_codes, self.path / POINTS)
        return points

    @cached_property
    def code(self) -> Ints:
        """(N,) int32 in memory; the other columns are never held."""
        codes = read_codes(self.path)
        check_codes(codes, self.num_codes, Fault(self.path / POINTS))
        return codes

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        return load_instances(self.path, self.num_codes)

    @cached_property
    def phrases(self) -> Phrases | None:
        """The phrases encoded ahead; None where nobody did."""
        if PHRASE_VECTORS not in self.manifest.files:
            return None
        phrases = map_phrases(self.path, self.info)
        check_phrases(phrases, self.info, self.path)
        return phrases

    @cached_property
    def evidence(self) -> Evidence | None:
        """The regions of views behind each code; None where nobody kept them."""
        if EVIDENCE not in self.manifest.files:
            return None
        evidence = map_evidence(self.path, self.num_codes)
        sizes = [entry.size_px for entry in self.views]
        check_evidence(evidence, self.num_codes, sizes, self.path / EVIDENCE)
        return evidence

    @cached_property
    def views(self) -> tuple[ViewEntry, ...]:
        """Where it was seen from; `lexel.io.fields.load_view` gives a view's picture."""
        if VIEWS not in self.manifest.files:
            return ()
        return load_view_entries(self.path, self.manifest.files)

    @property
    def num_views(self) -> int:
        return len(self.views)

    @property
    def layers(self) -> tuple[LayerNote, ...]:
        return tuple(entry.note for entry in self.manifest.layers)

    def layer_note(self, name: str) -> LayerNote:
        """What is said of a layer."""
        return self._layer_entry(name).note

    def layer(self, name: str) -> Layer:
        """The scores of a layer, read anew at each call."""
        return load_layer(self.path / self._layer_entry(name).file, self.num_points)

    def to_numpy(self) -> dict[str, npt.NDArray[Any]]:
        """Copies of all arrays: columns of points as in `FieldPoints`, `codebook_NAME`, and
        `layer/NAME` (N,), NaN where a layer says nothing. `codebook_clip[code]` are the dense
        features."""
        return to_numpy(self)

    def _layer_entry(self, name: str) -> LayerEntry:
        entries = {entry.note.name: entry for entry in self.manifest.layers}
        if name not in entries:
            known = ", ".join(entries) or "none"
            raise SceneError(
                "the field has no such layer", where=self.path, got=name, do=f"It has: {known}."
            )
        return entries[name]


def open_field(path: str | Path) -> StoredField:
    """The field in the folder `path`, in a time that does not depend on its points.

    Raises:
        SceneError: there is none, or `field.json`, the size of a file or a header is wrong.
    """
    folder = Path(path)
    try:
        manifest = read_manifest(folder)
        check_listed(manifest.files, folder)
        check_headers(folder, manifest)
        return StoredField(folder, manifest, sha256_of(folder / MANIFEST))
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the path
        raise SceneError("cannot be read", where=path, got=cause) from cause


def check_headers(folder: Path, manifest: FieldManifest) -> None:
    """A `SceneError` unless every header promises what `field.json` says."""
    info, num_codes = manifest.info, manifest.num_codes
    check_points_header(folder, manifest.num_points)
    read_checked_places(folder / CODEBOOK, codebook_shapes(info, num_codes))
    if PHRASE_VECTORS in manifest.files:
        read_checked_places(folder / PHRASE_VECTORS, phrase_shapes(info))
    if EVIDENCE in manifest.files:
        read_checked_places(folder / EVIDENCE, evidence_shapes(num_codes))
    for entry in manifest.layers:
        read_layer_places(folder / entry.file, manifest.num_points)
