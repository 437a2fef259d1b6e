"""A loaded encoder as what places phrases in its space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.geometry.vectors import unit_rows

if TYPE_CHECKING:
    from lexel.encoders.clip import ClipEncoder


@dataclass(frozen=True, eq=False)
class ClipPhrases:
    """A `PhraseEncoder`: phrases in templates, their unit vectors averaged, at length 1 again."""

    encoder: ClipEncoder
    templates: tuple[str, ...]

    def encode(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        """(P, D) float32, unit rows."""
        return unit_rows(self.encoder.phrase_features(phrases, self.templates).cpu().numpy())
