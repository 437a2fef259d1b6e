"""Everything a builder hands over to be written as a field."""

from __future__ import annotations

from dataclasses import dataclass

from lexel.io.layers import Layer
from lexel.scene import (
    Codebook,
    Evidence,
    FieldInfo,
    FieldPoints,
    Instance,
    LayerNote,
    Phrases,
    Thumbnail,
)


@dataclass(frozen=True, eq=False)
class FieldContent:
    """A whole field as values; `save_field` writes it.

    Attributes:
        phrases: encoded ahead with the field's encoders, or None.
        layers: what was answered already, with the scores over the points.
        evidence: the regions of `views` behind each code, or None.
        views: pictures of where the field was seen from, small.
    """

    info: FieldInfo
    points: FieldPoints
    codebook: Codebook
    instances: tuple[Instance, ...] = ()
    phrases: Phrases | None = None
    layers: tuple[tuple[LayerNote, Layer], ...] = ()
    evidence: Evidence | None = None
    views: tuple[Thumbnail, ...] = ()
