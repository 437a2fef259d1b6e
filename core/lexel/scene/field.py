"""A field: points whose meaning can be searched with words. Letters: N points, K codes.

N points share the K rows of a codebook, so a query costs K dot products whatever N is. What lies
on disk, and in which bytes, is fixed by the formats page; these are the same things as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]


class Origin(IntEnum):
    """How a point came to be."""

    OBSERVED = 0
    INFERRED = 1


class Modality(IntEnum):
    """What a code's CLIP vector was made of; the two are never compared on one scale."""

    IMAGE = 0
    TEXT = 1


@dataclass(frozen=True, eq=False)
class FieldPoints:
    """Columns over the N points of a field, world frame.

    Attributes:
        xyz_m: (N, 3) float32.
        rgb: (N, 3) uint8, sRGB.
        code: (N,) int32, row of the codebook.
        normals: (N, 3) float32 unit vectors, where known.
        code_part, code_whole: (N,) int32, rows for finer and for coarser regions.
        instance: (N,) int32, `Instance.id`; -1 where there is none.
        origin: (N,) uint8, see `Origin`; None: all observed.
        confidence: (N,) float32, 0..1.
    """

    xyz_m: Floats
    rgb: npt.NDArray[np.uint8]
    code: Ints
    normals: Floats | None = None
    code_part: Ints | None = None
    code_whole: Ints | None = None
    instance: Ints | None = None
    origin: npt.NDArray[np.uint8] | None = None
    confidence: Floats | None = None

    def __len__(self) -> int:
        return len(self.xyz_m)


@dataclass(frozen=True, eq=False)
class Codebook:
    """What codes mean.

    Attributes:
        clip: (K, D) float16, unit rows.
        modality: (K,) uint8, see `Modality`.
        count: (K,) int32, points that have the code.
        agreement: (K,) float32, 0..1: how much the views behind a code say the same (the norm of
            their mean before it was normalised).
        background: (2, Q) float32, for each modality Q quantiles of the cosines of all phrases
            with all codes. A modality that no code has is a row of zeros; Q is 0 in a field
            whose phrases nobody has encoded, which cannot tell presence.
        sentence: (K, S) float16, unit rows, in the space of the sentence encoder; a code that
            has no sentence has a row of zeros. None where no code has one.
    """

    clip: npt.NDArray[np.float16]
    modality: npt.NDArray[np.uint8]
    count: Ints
    agreement: Floats
    background: Floats
    sentence: npt.NDArray[np.float16] | None = None

    def __len__(self) -> int:
        return len(self.clip)


@dataclass(frozen=True)
class TextTower:
    """A safetensors file with an encoder's text tower, kept beside the weights."""

    file: str
    sha256: str


@dataclass(frozen=True)
class FieldEncoder:
    """Which image-text model a field speaks.

    Attributes:
        name, pretrained: open_clip's, or "embedded".
        sha256: of its weights; empty when unknown.
        dim: D.
        prompts: templates that a phrase is put into; their unit vectors are averaged.
        text_tower: None where nobody wrote one.
    """

    name: str
    pretrained: str
    sha256: str
    dim: int
    prompts: tuple[str, ...]
    text_tower: TextTower | None = None

    @property
    def untrained(self) -> bool:
        """Whether the weights are random, so that answers mean nothing."""
        return self.pretrained == "untrained"


@dataclass(frozen=True)
class SentenceEncoder:
    """Which sentence model the `sentence` rows are in. `dim` is S."""

    name: str
    sha256: str
    dim: int


@dataclass(frozen=True)
class Scoring:
    """How answers are computed: `spec/formats.md`, Scores."""

    scale: float = 10.0
    negatives: tuple[str, ...] = ("object", "things", "stuff", "texture")
    background_labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Box:
    """A box: `centre` (3,), `axes` (3, 3) with unit rows, `extent` (3,) whole lengths; metres."""

    centre: Floats
    axes: Floats
    extent: Floats


@dataclass(frozen=True, eq=False)
class Instance:
    """One object of a field.

    Attributes:
        id: what `FieldPoints.instance` holds.
        label, score: the best name, and the cosine it has.
        codes: rows of the codebook that its points have.
        count: of its points.
        centre: (3,) metres.
        aabb: (2, 3) lower and upper corner.
        obb: oriented box.
    """

    id: int
    label: str
    score: float
    codes: tuple[int, ...]
    count: int
    centre: Floats
    aabb: Floats
    obb: Box


@dataclass(frozen=True)
class LayerNote:
    """What `field.json` says of a layer of scores.

    Attributes:
        name: unique in its field, such as "completion/chair".
        tier: which tier of answers it belongs to (2 relevancy, 3 networks).
        text: the label or description.
        network: sha256 of the network's weights, or None.
        range: smallest and largest score.
    """

    name: str
    tier: int
    text: str
    network: str | None
    range: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Phrases:
    """Phrases encoded ahead, for answers while typing: `clip` (P, D), `sentence` (P, S) float16."""

    texts: tuple[str, ...]
    clip: npt.NDArray[np.float16]
    sentence: npt.NDArray[np.float16] | None = None


@dataclass(frozen=True, eq=False)
class FieldInfo:
    """What `field.json` says of the field as a whole.

    Attributes:
        name: for display.
        builder: {"name", "version", "parameters"}.
        encoder, sentence_encoder, scoring: whom to ask, and how.
        world_from_source: (4, 4), from the frame of the file it came from.
        forward: unit vector; what *in front of* means in a field of one view.
    """

    name: str
    builder: Mapping[str, Any]
    encoder: FieldEncoder
    sentence_encoder: SentenceEncoder | None = None
    scoring: Scoring = Scoring()
    world_from_source: npt.NDArray[np.float64] = field(default_factory=lambda: np.eye(4))
    forward: npt.NDArray[np.float64] = field(default_factory=lambda: np.array([1.0, 0, 0]))


@dataclass(frozen=True, eq=False)
class Evidence:
    """The regions of views behind each code (`views/evidence.safetensors`).

    Attributes:
        offset: (K + 1,) int64; code k has entries offset[k] … offset[k + 1] - 1.
        view: (E,) int32.
        region: (E, 4) int32, x0 y0 x1 y1 in pixels of the view.
        weight: (E,) float32.
    """

    offset: npt.NDArray[np.int64]
    view: Ints
    region: Ints
    weight: Floats


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """A picture that a field keeps of a view it was built from (`views/`).

    Attributes:
        rgb: (H, W, 3) uint8, sRGB; regions of `Evidence` count its pixels.
        intrinsics: (3, 3) of this picture, pixel centres at +0.5.
        world_from_camera: (4, 4).
    """

    rgb: npt.NDArray[np.uint8]
    intrinsics: npt.NDArray[np.float64]
    world_from_camera: npt.NDArray[np.float64]
