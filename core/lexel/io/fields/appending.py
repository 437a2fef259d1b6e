"""Adding layers to a field: new files beside the old ones, then `field.json` is swapped.

Whoever has the field open keeps what they have, except layers that were replaced: their files go,
and the field must be opened anew to read them. A crash in between leaves files that no `field.json`
lists, and the field as it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

from lexel.io.atomic import replacing_file
from lexel.io.fields.layout import LAYERS, MANIFEST
from lexel.io.fields.manifest import LayerEntry, layer_to_json
from lexel.io.fields.migrations import migrate
from lexel.io.fields.saving import check_layers, write_layer
from lexel.io.fields.stored import StoredField, open_field
from lexel.io.hashing import file_facts
from lexel.io.json_files import read_json_object, write_json
from lexel.io.layers import Layer
from lexel.progress import Progress, Silent, track
from lexel.scene import LayerNote


def add_layers(
    path: str | Path,
    layers: Iterable[tuple[LayerNote, Layer]],
    progress: Progress | None = None,
) -> StoredField:
    """Add `layers` to the field in `path`, over older layers of the same names; open it anew."""
    folder, added = Path(path), tuple(layers)
    check_layers(added, open_field(folder).num_points, folder)
    taken = [file.name for file in (folder / LAYERS).glob("*")]
    entries: list[LayerEntry] = []
    for note, layer in track(added, "writing layers", progress or Silent()):
        entries.append(write_layer(folder, note, layer, taken))
        taken.append(entries[-1].file)
    for file in _list_layers(folder, entries):
        with contextlib.suppress(OSError):  # on Windows: somebody has the old version open
            (folder / file).unlink()
    return open_field(folder)


def _list_layers(folder: Path, added: list[LayerEntry]) -> set[str]:
    """Swap `field.json` for one that lists `added`; the files that are no longer needed."""
    data = migrate(read_json_object(folder / MANIFEST), folder / MANIFEST)
    names = {entry.note.name for entry in added}
    replaced = [layer for layer in data["layers"] if layer["name"] in names]
    kept = [layer for layer in data["layers"] if layer["name"] not in names]
    files = {entry.file: file_facts(folder / entry.file) for entry in added}
    dropped = {layer["file"] for layer in replaced} - {layer["file"] for layer in kept}
    data["layers"] = [*kept, *map(layer_to_json, added)]
    data["files"] = {n: f for n, f in data["files"].items() if n not in dropped} | files
    with replacing_file(folder / MANIFEST) as temporary:
        write_json(temporary, data)
    return dropped
