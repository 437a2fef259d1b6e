"""From the `field.json` of an older format to today's, one version at a time.

A step takes the JSON object of format n and returns that of format n + 1, its "format" included.
When a file beside `field.json` changes too, its step notes in the object what its reader must
know. Raise `layout.FORMAT` together with the step, and keep a field of the old format as a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lexel.errors import SceneError
from lexel.io.fields.layout import FORMAT

Migration = Callable[[dict[str, Any]], dict[str, Any]]

MIGRATIONS: Mapping[int, Migration] = {}


def migrate(
    data: dict[str, Any],
    where: Path,
    *,
    steps: Mapping[int, Migration] = MIGRATIONS,
    target: int = FORMAT,
) -> dict[str, Any]:
    """`data` as a `field.json` of format `target`; a `SceneError` when no steps lead there."""
    version = data.get("format")
    if type(version) is not int or version < 1:
        raise SceneError(
            "'format' should be the number of a version", where=where, got=version, do="Is it ours?"
        )
    if version > target:
        raise SceneError(
            f"the field is of format {version}, and this Lexel reads formats up to {target}",
            where=where,
            do="Update Lexel, or build the field again.",
        )
    for step in range(version, target):
        data = steps[step](data)
    return data
