"""From superpoints with a meaning to everything a field holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.fields.background import background_quantiles
from lexel.fields.codes import (
    Codes,
    Pieces,
    find_objects,
    large_groups,
    sentence_rows,
    superpoint_codes,
)
from lexel.fields.fidelity import DenseSample, Fidelity, measure_fidelity
from lexel.fields.gathering import Gathered
from lexel.geometry.surface_points import SurfacePoints
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import FieldContent
from lexel.pipelines.build_evidence import gather_evidence
from lexel.pipelines.build_meaning import Readings
from lexel.scene import (
    Codebook,
    FieldEncoder,
    FieldInfo,
    FieldPoints,
    Instance,
    Modality,
    Phrases,
    Scoring,
    SentenceEncoder,
)

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_SENTENCE_SHARPNESS = 0.02  # of cosines: CLIP's lie close together


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Whose words a field speaks.

    Attributes:
        encoder: the image-text model its vectors are of.
        phrases: what things may be called, encoded; None where nothing can be named.
        sentence_encoder: of `phrases.sentence`.
        embed_names: (L, S) unit sentence vectors of names that came with regions.
        encode: (L, D) unit vectors of any other names; None where phrases are all there is.
    """

    encoder: FieldEncoder
    phrases: Phrases | None = None
    scoring: Scoring = field(default_factory=Scoring)
    sentence_encoder: SentenceEncoder | None = None
    embed_names: Callable[[Sequence[str]], Floats] | None = None
    encode: Callable[[Sequence[str]], Floats] | None = None


@dataclass(frozen=True, eq=False)
class Fused:
    """What views came to: points, superpoints, what was said of them, and a dense sample."""

    points: SurfacePoints
    pieces: Pieces
    gathered: Gathered
    sample: DenseSample


def assemble(
    fused: Fused,
    readings: Readings,
    vocabulary: Vocabulary,
    builder: Mapping[str, Any],
    min_points: int,
) -> tuple[FieldContent, Fidelity]:
    """The field, and how true its codes are."""
    pieces = fused.pieces
    codes = superpoint_codes(pieces)
    groups = large_groups(pieces, min_points)
    instance, objects = find_objects(pieces, groups, codes, fused.points.xyz_m)
    objects = name_objects(objects, groups, fused, codes, vocabulary)
    evidence, views = gather_evidence(fused.gathered, codes, readings)
    content = FieldContent(
        info=FieldInfo(
            name=readings.views.recording.name,
            builder=dict(builder),
            encoder=vocabulary.encoder,
            sentence_encoder=vocabulary.sentence_encoder,
            scoring=vocabulary.scoring,
            world_from_source=readings.views.world_from_source,
        ),
        points=_columns(fused, codes, instance),
        codebook=_codebook(fused, codes, vocabulary),
        instances=tuple(objects),
        phrases=vocabulary.phrases,
        evidence=evidence,
        views=views,
    )
    return content, _fidelity(fused, codes, instance, objects, groups, vocabulary)


def name_objects(
    objects: Sequence[Instance],
    groups: npt.NDArray[np.int64],
    fused: Fused,
    codes: Codes,
    vocabulary: Vocabulary,
) -> list[Instance]:
    """Objects by the name their regions came with, else by the phrase nearest to their meaning.

    `groups` are the objects' numbers in `Pieces.whole`.
    """
    named = []
    nearest = _nearest_phrases(codes.rows[codes.of_object[groups]], vocabulary.phrases)
    for thing, group, (label, score) in zip(objects, groups, nearest, strict=True):
        votes = fused.gathered.named[fused.pieces.whole == group].sum(axis=0)
        if votes.size and votes.sum() > 0:
            label = fused.gathered.names[int(votes.argmax())]
            score = float(votes.max() / votes.sum())
        named.append(replace(thing, label=label, score=score))
    return named


def _nearest_phrases(rows: Floats, phrases: Phrases | None) -> list[tuple[str, float]]:
    """For each row the phrase nearest to it, and their cosine."""
    if phrases is None:
        return [("", 0.0)] * len(rows)
    cosine = rows @ phrases.clip.astype(np.float32).T
    best = cosine.argmax(axis=1)
    return [(phrases.texts[at], float(row[at])) for at, row in zip(best, cosine, strict=True)]


def _columns(fused: Fused, codes: Codes, instance: Ints) -> FieldPoints:
    of_point, points = fused.pieces.of_point, fused.points
    return FieldPoints(
        xyz_m=points.xyz_m,
        rgb=points.rgb,
        code=codes.code[of_point],
        normals=points.normal,
        code_part=codes.part[of_point],
        code_whole=codes.whole[of_point],
        instance=instance,
        confidence=points.confidence,
    )


def _codebook(fused: Fused, codes: Codes, vocabulary: Vocabulary) -> Codebook:
    count = np.bincount(codes.code[fused.pieces.of_point], minlength=len(codes.rows))
    modality = np.full(len(codes.rows), Modality.IMAGE, np.uint8)
    return Codebook(
        clip=codes.rows.astype(np.float16),
        modality=modality,
        count=count.astype(np.int32),
        agreement=codes.agreement,
        background=_background(codes, modality, vocabulary.phrases),
        sentence=_sentences(fused, codes, vocabulary),
    )


def _background(codes: Codes, modality: npt.NDArray[np.uint8], phrases: Phrases | None) -> Floats:
    if phrases is None:
        return np.zeros((len(Modality), 0), np.float32)
    return background_quantiles(phrases.clip, codes.rows, modality)


def _sentences(
    fused: Fused, codes: Codes, vocabulary: Vocabulary
) -> npt.NDArray[np.float16] | None:
    """What names say where regions came with some, else what phrases say."""
    if vocabulary.phrases is None or vocabulary.phrases.sentence is None:
        return None
    rows = sentence_rows(codes.rows, vocabulary.phrases, _SENTENCE_SHARPNESS)
    if fused.gathered.names and vocabulary.embed_names is not None:
        names = vocabulary.embed_names(fused.gathered.names)
        votes = votes_of_rows(fused.gathered.named, codes)
        told = votes.sum(axis=1) > 0
        rows[told] = unit_rows(votes[told] @ names)
    return rows.astype(np.float16)


def votes_of_rows(named: Floats, codes: Codes) -> Floats:
    """(K, L) weight behind each name for each row, from that of superpoints (S, L)."""
    votes = np.zeros((len(codes.rows), named.shape[1]), np.float32)
    for rows in (codes.code, codes.part, codes.whole):
        np.add.at(votes, rows, named)
    return votes


def _fidelity(
    fused: Fused,
    codes: Codes,
    instance: Ints,
    objects: Sequence[Instance],
    groups: npt.NDArray[np.int64],
    vocabulary: Vocabulary,
) -> Fidelity:
    piece = fused.pieces.of_point[fused.sample.index]
    dim = vocabulary.encoder.dim
    queries = [
        _query(thing.label, codes.rows[codes.of_object[group]], vocabulary.phrases)
        for thing, group in zip(objects, groups, strict=True)
    ]
    query = np.array(queries, np.float32).reshape(-1, dim)
    return measure_fidelity(
        fused.sample,
        codes.rows[codes.code[piece]],
        codes.rows[codes.part[piece]],
        instance[fused.sample.index],
        query,
        [thing.label for thing in objects],
    )


def _query(label: str, own: Floats, phrases: Phrases | None) -> Floats:
    """What an object is looked for by: the vector of its name, or its own."""
    if phrases is not None and label in phrases.texts:
        return phrases.clip[phrases.texts.index(label)].astype(np.float32)
    return own
