"""`blender_manifest.toml`, and Blender's published rules for it.

https://docs.blender.org/manual/en/latest/advanced/extensions/getting_started.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

MAX_TERSE = 64
_NEEDED = (
    *("schema_version", "id", "version", "name", "tagline", "maintainer", "type"),
    *("blender_version_min", "license"),
)
_OPTIONAL = ("permissions", "tags", "copyright")
_PERMISSIONS = ("files", "network", "clipboard", "camera", "microphone")
_TAGS = frozenset(
    {
        *("3D View", "Add Curve", "Add Mesh", "Animation", "Bake", "Camera", "Compositing"),
        *("Development", "Game Engine", "Geometry Nodes", "Grease Pencil", "Import-Export"),
        *("Lighting", "Material", "Mesh", "Modeling", "Node", "Object"),
        *("Paint", "Physics", "Pipeline", "Render", "Rigging", "Scene", "Sculpt", "Sequencer"),
        *("System", "Text Editor", "Tracking", "User Interface", "UV"),
    }
)
_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?")


def manifest(version: str) -> dict[str, Any]:
    """Lexel's, as values."""
    return {
        "schema_version": "1.0.0",
        "id": "lexel",
        "version": version,
        "name": "Lexel",
        "tagline": "Ask 3D scenes in plain words and colour what is meant",
        "maintainer": "The Lexel authors",
        "type": "add-on",
        "blender_version_min": "4.2.0",
        "license": ["SPDX:GPL-3.0-or-later"],
        "copyright": ["2026 The Lexel authors"],
        "tags": ["3D View", "Import-Export", "Scene"],
        "permissions": {
            "files": "Open fields and results, keep settings, save figures",
            "network": "Talk to Lexel's own service on this computer only",
        },
    }


def to_toml(values: Mapping[str, Any]) -> str:
    """Strings and lists of strings first, tables of strings after them."""
    tables = {key: value for key, value in values.items() if isinstance(value, Mapping)}
    lines = [f"{key} = {_quoted(value)}" for key, value in values.items() if key not in tables]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_quoted(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # TOML's strings and lists, where no \u is needed


def faults_of(values: Mapping[str, Any]) -> list[str]:
    """What Blender's platform would refuse; empty when all is well."""
    return [*_faults(values)]


def _faults(values: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"'{key}' is missing" for key in _NEEDED if not values.get(key))
    yield from (f"'{key}' is unknown" for key in values if key not in (*_NEEDED, *_OPTIONAL))
    if values.get("schema_version") != "1.0.0":
        yield "'schema_version' is not 1.0.0"
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", str(values.get("id"))):
        yield "'id' is no identifier"
    if not _SEMVER.fullmatch(str(values.get("version"))):
        yield "'version' is no semantic version"
    if not re.fullmatch(r"\d+\.\d+\.\d+", str(values.get("blender_version_min"))):
        yield "'blender_version_min' needs three numbers"
    if values.get("type") != "add-on":
        yield "'type' is not add-on"
    yield from _terse_faults("tagline", values.get("tagline"))
    if not all(re.fullmatch(r"SPDX:[A-Za-z0-9.+-]+", name) for name in values.get("license", ())):
        yield "'license' holds what is no SPDX identifier"
    unknown = set(values.get("tags", ())) - _TAGS
    yield from (f"the tag {tag!r} is none of Blender's" for tag in sorted(unknown))
    for permission, reason in values.get("permissions", {}).items():
        if permission not in _PERMISSIONS:
            yield f"the permission {permission!r} is none of Blender's"
        yield from _terse_faults(permission, reason)


def _terse_faults(name: str, text: object) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip() or text != text.strip():
        yield f"'{name}' should be a line of text"
    elif len(text) > MAX_TERSE:
        yield f"'{name}' has {len(text)} characters, and at most {MAX_TERSE} are allowed"
    elif not text[-1].isalnum() and text[-1] not in ")]}":
        yield f"'{name}' ends in {text[-1]!r}"
