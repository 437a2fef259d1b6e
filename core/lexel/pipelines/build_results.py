"""Answers of `complete` and `locate` inside a field: their voxels as inferred points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.fields.background import background_quantiles
from lexel.geometry.transforms import apply, invert
from lexel.io.fields import FieldContent
from lexel.io.layers import Layer
from lexel.io.stored import Entry, StoredResult
from lexel.pipelines.build_content import Vocabulary
from lexel.pipelines.posed_views import PosedViews
from lexel.query.contrast import logistic
from lexel.scene import Codebook, Evidence, FieldPoints, LayerNote, Modality, Origin

Floats = npt.NDArray[np.float32]

_TIER = 3


def check_same_scene(result: StoredResult, views: PosedViews) -> None:
    """A `SceneError` unless the result is an answer about the recording of `views`."""
    if result.scene_name != views.recording.name:
        raise SceneError(
            f"these results are of another scene than {views.recording.name}",
            where=result.folder,
            got=result.scene_name,
        )


def check_different(results: Sequence[StoredResult]) -> None:
    """A `SceneError` when two results answer the same: a field has one layer of a name."""
    of: dict[str, StoredResult] = {}
    for result in results:
        for name, text in result.layer_names.items():
            if name in of:
                raise SceneError(
                    f"these results answer the same as those in {of[name].folder}",
                    where=result.folder,
                    got=text,
                    do="Give one of them.",
                )
            of[name] = result


def add_result(content: FieldContent, result: StoredResult, vocabulary: Vocabulary) -> FieldContent:
    """The field with everything a result found beside what was observed.

    A label's voxels have the code of its text, which is no image vector and says so; its scores
    become a layer.
    """
    assert vocabulary.encode is not None, "labels are encoded by whoever reads the views"
    entries = [e for kind in result.kinds for e in result.entries(kind) if not e.empty]
    if not entries:
        return content
    world_from_result = content.info.world_from_source @ invert(result.world_from_source)
    first_row, first_point = len(content.codebook), len(content.points)
    counts = np.array([len(entry.points_m) for entry in entries])
    added = _points(entries, first_row, world_from_result)
    starts = first_point + np.cumsum(counts) - counts
    layers = [
        _layer(entry, int(start), result) for entry, start in zip(entries, starts, strict=True)
    ]
    return replace(
        content,
        points=_joined(content.points, added),
        codebook=_with_texts(content.codebook, entries, counts, vocabulary),
        layers=(*content.layers, *layers),
        evidence=_with_no_more(content.evidence, len(entries)),
    )


def _points(
    entries: Sequence[Entry], first_row: int, world_from_result: npt.NDArray[np.float64]
) -> FieldPoints:
    counts = [len(entry.points_m) for entry in entries]
    xyz = np.concatenate([entry.points_m for entry in entries])
    colour = np.array([entry.colour for entry in entries], np.uint8)
    row = np.repeat(np.arange(first_row, first_row + len(entries), dtype=np.int32), counts)
    return FieldPoints(
        xyz_m=apply(world_from_result, xyz).astype(np.float32),
        rgb=colour.repeat(counts, axis=0),
        code=row,
        normals=np.zeros_like(xyz),
        code_part=row,
        code_whole=row,
        instance=np.full(len(row), -1, np.int32),
        origin=np.full(len(row), Origin.INFERRED, np.uint8),
        confidence=np.concatenate([logistic(entry.score) for entry in entries]),
    )


def _joined(seen: FieldPoints, added: FieldPoints) -> FieldPoints:
    columns: dict[str, Any] = {}
    for name, more in vars(added).items():
        own = getattr(seen, name)
        if name == "origin" and own is None:
            own = np.full(len(seen), Origin.OBSERVED, np.uint8)
        columns[name] = np.concatenate([own, more])
    return FieldPoints(**columns)


def _with_texts(
    codebook: Codebook,
    entries: Sequence[Entry],
    counts: npt.NDArray[np.int64],
    vocabulary: Vocabulary,
) -> Codebook:
    """The codebook with a row for each text, `counts` points each."""
    assert vocabulary.encode is not None
    texts, more = [entry.text for entry in entries], len(entries)
    clip = np.concatenate([codebook.clip, vocabulary.encode(texts).astype(np.float16)])
    modality = np.pad(codebook.modality, (0, more), constant_values=int(Modality.TEXT))
    sentence, background = codebook.sentence, codebook.background
    if sentence is not None and vocabulary.embed_names is not None:
        said = vocabulary.embed_names(texts).astype(np.float16)
        sentence = np.concatenate([sentence, said])
    if vocabulary.phrases is not None:
        background = background_quantiles(vocabulary.phrases.clip, clip, modality)
    return Codebook(
        clip=clip,
        modality=modality,
        count=np.append(codebook.count, counts).astype(np.int32),
        agreement=np.append(codebook.agreement, np.ones(more)).astype(np.float32),
        background=background,
        sentence=sentence,
    )


def _layer(entry: Entry, start: int, result: StoredResult) -> tuple[LayerNote, Layer]:
    index = np.arange(start, start + len(entry.points_m), dtype=np.int32)
    layer = Layer(entry.score, index)
    told = {note["name"]: note for note in result.manifest["layers"]}
    network = told.get(entry.layer_name, {}).get("network")
    return LayerNote(entry.layer_name, _TIER, entry.text, network, layer.range), layer


def _with_no_more(evidence: Evidence | None, count: int) -> Evidence | None:
    """The evidence once there are `count` more codes, which no region stands behind."""
    if evidence is None:
        return None
    return replace(evidence, offset=np.pad(evidence.offset, (0, count), mode="edge"))
