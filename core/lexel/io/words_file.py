"""`scene.json`: the name, labels and descriptions beside a scene's images."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import SceneError

FILE_NAME = "scene.json"
FORMAT = 1
_MAX_BYTES = 1 << 24


@dataclass(frozen=True)
class Words:
    """What `scene.json` says; words are unchecked."""

    name: str = ""
    labels: Any = ()
    descriptions: Any = ()
    declares_labels: bool = False


def read_words(folder: Path) -> Words:
    """The words beside a scene, none when there is no file."""
    file = folder / FILE_NAME
    if not file.is_file():
        return Words()
    content = read_json(file)
    if not isinstance(content, dict):
        raise SceneError("should hold a JSON object", where=file, got=type(content).__name__)
    if content.get("format", FORMAT) != FORMAT:
        raise SceneError(
            f"has a format this version does not read (it reads {FORMAT})",
            where=file,
            got=content["format"],
            do="Update lexel.",
        )
    name = content.get("name", "")
    return Words(
        name=name.strip()[:100] if isinstance(name, str) else "",
        labels=content.get("labels", ()),
        descriptions=content.get("descriptions", ()),
        declares_labels="labels" in content,
    )


def read_json(file: Path) -> Any:
    """The JSON value in a file of at most 16 MiB."""
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise SceneError("is too large", where=file)
        return parse_json(file.read_bytes(), file)
    except OSError as cause:
        raise SceneError("cannot be read", where=file, got=cause) from cause


def parse_json(content: bytes, where: object) -> Any:
    """The JSON value in some bytes."""
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as cause:
        raise SceneError("is not JSON", where=where, got=cause) from cause
