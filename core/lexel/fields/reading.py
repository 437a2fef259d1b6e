"""What a view says: its regions, and what each means as a unit vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lexel.fields.regions import Regions
from lexel.scene import View

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ReadView:
    """A view that has been read.

    Attributes:
        regions: R of them.
        feature: (R, D) float32 unit vectors.
        sharpness: of the image, comparable within one recording.
    """

    regions: Regions
    feature: Floats
    sharpness: float


class ViewReader(Protocol):
    """Finds the regions of a view and what they mean. Tests read the truth instead.

    Attributes:
        identity: all that changes what it reads, as JSON-able values.
    """

    @property
    def identity(self) -> Mapping[str, Any]: ...

    def read(self, index: int, view: View) -> ReadView:
        """View number `index` of the recording."""


class Segmenter(Protocol):
    """Finds the regions of a view, or looks them up by its number."""

    def __call__(self, index: int, view: View) -> Regions: ...


class RegionEncoder(Protocol):
    """Turns the regions of an image into vectors."""

    def encode(self, rgb: npt.NDArray[np.uint8], regions: Regions) -> Floats:
        """(R, D) float32 unit vectors."""


@dataclass(frozen=True, eq=False)
class RegionReader:
    """A `ViewReader` that cuts a view first and encodes its regions then."""

    segment: Segmenter
    encoder: RegionEncoder
    identity: Mapping[str, Any]

    def read(self, index: int, view: View) -> ReadView:
        regions = self.segment(index, view)
        return ReadView(regions, self.encoder.encode(view.rgb, regions), sharpness(view.rgb))


def sharpness(rgb: npt.NDArray[np.uint8]) -> float:
    """Standard deviation of the Laplacian of the grey image (Pech-Pacheco et al., 2000)."""
    grey = rgb.astype(np.float32).mean(axis=-1)
    laplacian = (
        grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    )
    return float(laplacian.std())
