"""What the viewer lets its child do: each takes and gives plain data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lexel.progress import Progress

if TYPE_CHECKING:
    from lexel.pipelines.api import Models
    from lexel.pipelines.relevancy import AskableImage
    from lexel.scene import FieldEncoder

_MAP_PX = 512  # longest side of relevancy maps
_read: AskableImage | None = None  # the picture that is open, in the child only


@dataclass(frozen=True)
class Chosen:
    """Which models answer, as the settings name them; None: what suits the scene.

    Attributes:
        encoder, weights: as `lexel.Models` has them.
        device: where they run.
    """

    encoder: str | None = None
    weights: str | None = None
    device: str = "auto"

    def models(self) -> Models:
        from lexel.pipelines.api import Models

        return Models(self.encoder, self.weights, device=self.device)


def build_field(scene: Path, out: Path, chosen: Chosen, *, progress: Progress) -> Path:
    """A field of a scene; what a cancelled or killed build has done is gone on with."""
    from lexel.pipelines.fields_api import build

    return build(scene, out, models=chosen.models(), progress=progress).path


def complete_view(
    scene: Path, view: int, labels: Sequence[str], out: Path, chosen: Chosen, *, progress: Progress
) -> Path:
    """The folder with a mesh for every label, seen and unseen."""
    from lexel.io.results import write_answer
    from lexel.pipelines.api import complete

    answer = complete(scene, labels, models=chosen.models(), view=view, progress=progress)
    return write_answer(answer, out, progress)


def locate_in_view(
    scene: Path,
    view: int,
    descriptions: Sequence[str],
    out: Path,
    chosen: Chosen,
    *,
    progress: Progress,
) -> Path:
    """The folder with a cloud of likely places for every description."""
    from lexel.io.results import write_answer
    from lexel.pipelines.api import locate

    answer = locate(scene, descriptions, models=chosen.models(), view=view, progress=progress)
    return write_answer(answer, out, progress)


def read_photo(photo: Path, preset: str, chosen: Chosen, *, progress: Progress) -> None:
    """Read a photo once; the child keeps it for `ask_photo`."""
    global _read
    from lexel.pipelines.api import prepare_image
    from lexel.pipelines.settings import Settings

    _read = None  # two would take twice the memory
    settings = Settings(preset=preset)
    _read = prepare_image(photo, models=chosen.models(), settings=settings, progress=progress)


def ask_photo(phrases: Sequence[str], *, progress: Progress) -> npt.NDArray[np.float32]:
    """(L, h, w) relevancy of each phrase in the photo that was read, less their mean."""
    assert _read is not None, "read_photo comes first"
    return _read.ask(phrases).contrasted(_MAP_PX).numpy()


def read_example(
    told: FieldEncoder, photo: Path, device: str, *, progress: Progress
) -> tuple[float, ...]:
    """A photo as a vector that a field built with this encoder can be asked with."""
    from lexel.pipelines.field_pictures import picture_vector

    vector = picture_vector(told, photo, device=device, progress=progress)
    return tuple(float(number) for number in vector)
