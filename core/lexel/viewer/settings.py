"""The user's settings: a small JSON file; one that is damaged or of another time spoils nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lexel.errors import InputError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_object, write_json

FILE_NAME = "settings.json"
THEMES = ("system", "dark", "light")
PRESETS = ("fast", "light", "ours")


@dataclass(frozen=True)
class ViewerSettings:
    """What a user prefers.

    Attributes:
        theme: one of `THEMES`.
        encoder, weights, device: which models read and complete, as `lexel.Models` has them; None:
            what suits what is open.
        photo_preset: how densely a photo is read, one of `PRESETS`.
        restore: whether a session that ended by itself is shown again.
        picture_width_px: of saved pictures and films.
        hint_seen: whether the first-run hint was closed.
    """

    theme: str = "system"
    encoder: str | None = None
    weights: str | None = None
    device: str = "auto"
    photo_preset: str = "fast"
    restore: bool = True
    picture_width_px: int = 1920
    hint_seen: bool = False


def _word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) < 1000


def _yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


_GOOD: Mapping[str, Callable[[Any], bool]] = {
    "theme": lambda value: value in THEMES,
    "encoder": lambda value: value is None or _word(value),
    "weights": lambda value: value is None or _word(value),
    "device": _word,
    "photo_preset": lambda value: value in PRESETS,
    "restore": _yes_or_no,
    "picture_width_px": lambda value: type(value) is int and 16 <= value <= 16384,
    "hint_seen": _yes_or_no,
}


def load_settings(folder: Path) -> tuple[ViewerSettings, str]:
    """The settings, and what of them had to be left out; the defaults where there is no file."""
    file = folder / FILE_NAME
    if not file.exists():
        return ViewerSettings(), ""
    try:
        stored = read_json_object(file)
    except InputError as error:
        return ViewerSettings(), f"The settings were not read: {error}"
    known = {one.name for one in fields(ViewerSettings)}
    good = {key: value for key, value in stored.items() if key in known and _GOOD[key](value)}
    bad = sorted(known & set(stored) - set(good))
    trouble = f"{file}: settings that make no sense were left out: {', '.join(bad)}." if bad else ""
    return ViewerSettings(**good), trouble


def save_settings(folder: Path, settings: ViewerSettings) -> None:
    """Write them; the file is whole or as it was."""
    with replacing_file(folder / FILE_NAME) as temporary:
        write_json(temporary, asdict(settings))
