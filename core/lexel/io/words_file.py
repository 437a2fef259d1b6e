"""`scene.json`: the name, labels and descriptions beside a scene's images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import SceneError
from lexel.io.json_files import read_json_object

FILE_NAME = "scene.json"
FORMAT = 1


@dataclass(frozen=True)
class Words:
    """What `scene.json` says; words are unchecked.

    `synthetic`: the scene is of Lexel's own world, which the embedded weights know.
    """

    name: str = ""
    labels: Any = ()
    descriptions: Any = ()
    declares_labels: bool = False
    synthetic: bool = False


def read_words(folder: Path) -> Words:
    """The words beside a scene, none when there is no file."""
    file = folder / FILE_NAME
    if not file.is_file():
        return Words()
    content = read_json_object(file)
    if content.get("format", FORMAT) != FORMAT:
        raise SceneError(
            f"has a format this version does not read (it reads {FORMAT})",
            where=file,
            got=content["format"],
            do="Update lexel.",
        )
    name = content.get("name", "")
    return Words(
        name=name.strip() if isinstance(name, str) else "",
        labels=content.get("labels", ()),
        descriptions=content.get("descriptions", ()),
        declares_labels="labels" in content,
        synthetic=content.get("synthetic") is True,
    )
