"""Small JSON files: written the same everywhere, read with a limit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import SceneError

_MAX_BYTES = 64 * 1024 * 1024


def write_json(path: Path, value: object) -> Path:
    """Write `value` as UTF-8; numpy numbers and arrays become numbers and lists."""
    text = json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def read_json_object(path: Path) -> dict[str, Any]:
    """The JSON object in `path`; a `SceneError` names the file when it holds none."""
    value = _read_json(path)
    if not isinstance(value, dict):
        raise SceneError("the file holds no JSON object", where=path, got=type(value).__name__)
    return value


def read_json_list(path: Path) -> list[Any]:
    """The JSON list in `path`; a `SceneError` names the file when it holds none."""
    value = _read_json(path)
    if not isinstance(value, list):
        raise SceneError("the file holds no JSON list", where=path, got=type(value).__name__)
    return value


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SceneError("the file is too large for what it should hold", where=path)
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SceneError("the file cannot be read", where=path, got=error) from error
    except (ValueError, RecursionError) as error:
        raise SceneError("the file is no JSON", where=path, got=error) from error


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Path):
        return value.name  # a full path would tell where somebody's files lie
    raise TypeError(f"{type(value).__name__} cannot stand in a JSON file")
