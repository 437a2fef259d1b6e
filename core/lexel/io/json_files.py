"""Small JSON files: written the same everywhere, read with a limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import SceneError
from lexel.io.whole_files import read_bytes

_MAX_BYTES = 64 * 1024 * 1024


def write_json(path: Path, value: object) -> Path:
    """Write `value` as UTF-8; numpy numbers and arrays become numbers and lists."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def read_json_object(path: Path) -> dict[str, Any]:
    """The JSON object in `path`; a `SceneError` names the file when it holds none."""
    return parse_json_object(_content(path), path)


def parse_json_object(content: bytes, path: Path) -> dict[str, Any]:
    """The JSON object in some bytes of `path`."""
    if len(content) > _MAX_BYTES:
        raise SceneError("its JSON is too large", where=path, got=f"{len(content):,} bytes")
    value = _parse(content, path)
    if not isinstance(value, dict):
        raise SceneError("the file holds no JSON object", where=path, got=type(value).__name__)
    return value


def read_json_list(path: Path) -> list[Any]:
    """The JSON list in `path`; a `SceneError` names the file when it holds none."""
    value = _parse(_content(path), path)
    if not isinstance(value, list):
        raise SceneError("the file holds no JSON list", where=path, got=type(value).__name__)
    return value


def _content(path: Path) -> bytes:
    return read_bytes(path, _MAX_BYTES, "what it should hold")


def _parse(content: bytes, path: Path) -> Any:
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SceneError("the file is no JSON", where=path, got=error) from error


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Path):
        return value.name  # a full path would tell where somebody's files lie
    raise TypeError(f"{type(value).__name__} cannot stand in a JSON file")
