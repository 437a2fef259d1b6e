"""Ways to damage a field, with `field.json` made to fit so that deeper checks must find it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from lexel.errors import SceneError
from lexel.io.fields import diagnose_field, open_field
from lexel.io.hashing import file_facts


def edit_json(path: Path, change: Callable[[Any], Any]) -> None:
    """Replace the value in a JSON file by what `change` returns, or by itself once changed."""
    value = json.loads(path.read_text("utf-8"))
    changed = change(value)
    path.write_text(json.dumps(value if changed is None else changed), "utf-8")


def relist(folder: Path, name: str) -> None:
    """Let `field.json` list the file as it is now."""

    def change(data: dict[str, Any]) -> None:
        data["files"][name] = file_facts(folder / name)

    edit_json(folder / "field.json", change)


def edit_listed_json(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    edit_json(folder / name, change)
    relist(folder, name)


def edit_tensor(folder: Path, name: str, key: str, change: Callable[[np.ndarray], Any]) -> None:
    """Replace a tensor by what `change` makes of it; None takes it out."""
    tensors = load_file(folder / name)
    changed = change(tensors.pop(key))
    if changed is not None:
        tensors[key] = np.ascontiguousarray(changed)
    save_file(tensors, folder / name)
    relist(folder, name)


def edit_header(folder: Path, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the header of a safetensors file and leave its numbers as they are."""
    data = (folder / name).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    change(header)
    new = json.dumps(header).encode()
    (folder / name).write_bytes(len(new).to_bytes(8, "little") + new + data[8 + length :])
    relist(folder, name)


def edit_bytes(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    relist(folder, name)


def edit_points(folder: Path, column: str, row: int, value: float) -> None:
    """Set one number of `points.ply`."""

    def change(table: np.ndarray) -> np.ndarray:
        table[column][row] = value
        return table

    edit_table(folder, change)


def edit_table(folder: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    """Replace the rows of `points.ply` by what `change` makes of them."""
    from lexel.io.clouds import read_ply, write_ply

    path = folder / "points.ply"
    write_ply(path, change(read_ply(path)))
    relist(folder, path.name)


def without(*keys: str | int) -> Callable[[Any], None]:
    """Takes the last key out of what the others lead to."""

    def change(value: Any) -> None:
        for key in keys[:-1]:
            value = value[key]
        del value[keys[-1]]

    return change


def fault_of_opening(folder: Path, name: str) -> str:
    """The sentence that opening ends in, which names the file; the doctor finds it, too."""
    with pytest.raises(SceneError) as caught:
        open_field(folder)
    assert str(folder / name) in str(caught.value)
    check_doctor_finds(folder, name)
    return str(caught.value)


def check_doctor_finds(folder: Path, name: str) -> None:
    found = diagnose_field(folder)
    assert not found.usable
    assert any(str(folder / name) in finding.where for finding in found.findings)
