"""What a run of any use case can be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.relevancy.presets import get_preset
from lexel.scene.prompts import fill_templates

DEFAULT_PRESET = "ours"
DEFAULT_ENCODER = "ViT-B-32/openai"


@dataclass(frozen=True)
class Settings:
    """How to read an image and ask a network.

    Attributes:
        preset: name of a relevancy preset; None for the one the network was trained on.
        templates: prompt templates, each with one `{}`.
        seed: of recolouring, drawn points and untrained weights; same seed, same answer.
        reference: do as published, slips included (`--compat reference`).
        grid_size: lattice places along each edge of the box.
    """

    preset: str | None = None
    templates: tuple[str, ...] = (PHOTOGRAPH_TEMPLATE,)
    seed: int = 0
    reference: bool = False
    grid_size: int = 240

    def trained_on(self, preset: str) -> Settings:
        """The same, with this preset where none was asked for."""
        return self if self.preset else replace(self, preset=preset)

    def __post_init__(self) -> None:
        """Wrong words should not wait for the models."""
        fill_templates("", self.templates)
        get_preset(self.preset or DEFAULT_PRESET)

    @property
    def compat(self) -> Literal["reference"] | None:
        """The same as `reference`, as scene readers take it."""
        return "reference" if self.reference else None
