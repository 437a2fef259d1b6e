"""A field from anybody's points and features."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import lexel
from lexel.errors import InputError, SceneError
from lexel.fields.growing import Closeness
from lexel.fields.packing import Packed, find_features, pack_features
from lexel.io.feature_files import FeatureFile, open_features
from lexel.io.fields import FieldContent, check_field_path, save_field
from lexel.io.geometry_files import load_geometry
from lexel.pipelines.describe_encoder import describe_encoder
from lexel.progress import Progress, Silent
from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.scene import FieldInfo, FieldPoints, Geometry, Scoring, SentenceEncoder
from lexel.scene.prompts import fill_templates

_MAX_MISS = 5  # times the mean: how much further one per cent of the points may be off
_GREY = 128


@dataclass(frozen=True)
class Sources:
    """What a field is packed from.

    Attributes:
        points: a cloud or mesh of any program.
        features: .npy or .npz, (N, D), one row for each point in the order of the file.
        encoder: in whose space they are: ARCH/TAG of open_clip, "embedded", or a weights file.
        prompts: templates that phrases are put into when the field is asked.
        sentence_features: the same in the space of a sentence model, or None.
        sentence_encoder: that model's name.
    """

    points: Path
    features: Path
    encoder: str
    prompts: tuple[str, ...]
    sentence_features: Path | None = None
    sentence_encoder: str | None = None

    def __post_init__(self) -> None:
        fill_templates("", self.prompts)  # raises when they are unusable
        if (self.sentence_features is None) != (self.sentence_encoder is None):
            raise InputError(
                "sentence features and the model that made them are given together",
                where="--sentence-features",
                do="Add --sentence-encoder NAME, such as all-mpnet-base-v2.",
            )


@dataclass(frozen=True)
class PackedField:
    """What was written.

    Attributes:
        num_without: points that came without features.
        closeness: of the codes to the features, "clip" and, where there are any, "sentence".
        target: what was to be reached.
    """

    path: Path
    num_points: int
    num_codes: int
    num_without: int
    closeness: Mapping[str, Closeness]
    target: Closeness

    @property
    def met(self) -> bool:
        return all(self.target.met_by(found) for found in self.closeness.values())


def pack(
    sources: Sources,
    out: Path,
    *,
    fidelity: float = 0.98,
    seed: int = 0,
    progress: Progress | None = None,
) -> PackedField:
    """Write the field `out`: points, and codes whose mean cosine to the features is `fidelity`.

    Raises:
        InputError: files that are no such things or do not fit each other, or `out`.
    """
    progress, target = progress or Silent(), target_of(fidelity)
    check_field_path(out)
    geometry = load_geometry(sources.points, progress=progress)
    with ExitStack() as opened:
        clip = opened.enter_context(open_features(sources.features))
        _check_rows(clip, sources.features, geometry, sources.points)
        info = _info(sources, geometry, clip.shape[1])
        words = None
        if sources.sentence_features is not None:
            words = opened.enter_context(open_features(sources.sentence_features))
            _check_rows(words, sources.sentence_features, geometry, sources.points)
            told = SentenceEncoder(sources.sentence_encoder or "", "", words.shape[1])
            info = replace(info, sentence_encoder=told)
        good = _find_features(clip, sources.features, progress)
        packed = pack_features(
            geometry.points_m, clip, words, good, target=target, seed=seed, progress=progress
        )
    done = PackedField(
        out, len(good), len(packed.codebook), int((~good).sum()), packed.closeness, target
    )
    info = replace(info, builder=_builder(sources, done, fidelity, seed))
    save_field(out, FieldContent(info, _columns(geometry, packed, good), packed.codebook), progress)
    return done


def target_of(fidelity: float) -> Closeness:
    """The target for a mean cosine: one per cent of the points may be this much further off."""
    return Closeness(fidelity, max(0.0, 1 - _MAX_MISS * (1 - fidelity)))


def _check_rows(features: FeatureFile, path: Path, geometry: Geometry, points: Path) -> None:
    if features.shape[0] != len(geometry.points_m):
        raise SceneError(
            f"has {features.shape[0]:,} rows, but {points.name} has "
            f"{len(geometry.points_m):,} points",
            where=path,
            do="Give one row for each point, in their order. Points that are no numbers are left "
            "out, and corners of coloured faces are points of their own: save such a cloud anew.",
        )


def _find_features(features: FeatureFile, path: Path, progress: Progress) -> npt.NDArray[np.bool_]:
    good = find_features(features, progress)
    if not good.any():
        raise SceneError("has no features: every row is zeros, or no numbers", where=path)
    if not good.all():
        progress.say(
            f"{int((~good).sum()):,} of {len(good):,} points have no features; each takes the "
            "meaning of the nearest point that has some, with a confidence of 0."
        )
    return good


def _info(sources: Sources, geometry: Geometry, dim: int) -> FieldInfo:
    return FieldInfo(
        name=geometry.name,
        builder={},
        encoder=describe_encoder(sources.encoder, sources.prompts, dim, sources.features),
        scoring=Scoring(background_labels=BACKGROUND_LABELS),
        world_from_source=geometry.world_from_source,
    )


def _builder(sources: Sources, done: PackedField, fidelity: float, seed: int) -> dict[str, Any]:
    """Which files, by their names alone, and what came of them."""
    words = sources.sentence_features
    parameters = {
        "points": sources.points.name,
        "features": sources.features.name,
        "sentence_features": words.name if words else None,
        "fidelity": fidelity,
        "seed": seed,
        "points_without_features": done.num_without,
        "closeness": {kind: asdict(found) for kind, found in done.closeness.items()},
    }
    return {"name": "pack", "version": lexel.__version__, "parameters": parameters}


def _columns(geometry: Geometry, packed: Packed, good: npt.NDArray[np.bool_]) -> FieldPoints:
    rgb = geometry.rgb
    return FieldPoints(
        xyz_m=geometry.points_m,
        rgb=np.full((len(good), 3), _GREY, np.uint8) if rgb is None else rgb,
        code=packed.code,
        normals=geometry.normals,
        confidence=None if good.all() else good.astype(np.float32),
    )
