"""Opening a field to ask it, with every encoder that this computer has."""

from __future__ import annotations

from pathlib import Path

from lexel.io.fields.stored import open_field as open_stored
from lexel.pipelines.askable import AskableField, FieldAnswer, Hit, QueryAnswer
from lexel.pipelines.device import AUTO
from lexel.pipelines.field_words import FieldWords
from lexel.pipelines.installed_encoders import InstalledEncoders
from lexel.progress import Progress, Silent

__all__ = ["AskableField", "FieldAnswer", "Hit", "QueryAnswer", "open_field"]


def open_field(
    path: str | Path, *, device: str = AUTO, progress: Progress | None = None
) -> AskableField:
    """The field in a folder `NAME.lexel`, ready to be asked: `open_field(path).ask("mug")`.

    Args:
        device: where torch encodes phrases, if nothing quicker can.
        progress: told what is used or left out.

    Raises:
        SceneError: there is no field, or a file of it is wrong.
    """
    progress = progress or Silent()
    stored = open_stored(path)
    encoders = InstalledEncoders(stored.info, device, progress)
    return AskableField(stored, FieldWords(stored, encoders, progress))
