"""What a field is, as plain values."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from lexel.errors import InputError
from lexel.io.fields.info_json import info_to_json
from lexel.io.fields.layout import CODEBOOK
from lexel.io.fields.manifest import layer_to_json
from lexel.io.fields.stored import StoredField

_BYTES_PER_CODE = 4


def field_facts(field: StoredField) -> dict[str, Any]:
    """What a field says of itself, and the numbers of what it holds; what is damaged is not."""
    manifest = field.manifest
    facts = {
        **info_to_json(field.info),
        "num_points": field.num_points,
        "num_codes": field.num_codes,
        "bounds": field.bounds.tolist(),
        "size_m": (field.bounds[1] - field.bounds[0]).round(4).tolist(),
        "meaningless": field.info.encoder.untrained,
        "codebook_bytes": manifest.files[CODEBOOK]["bytes"],
        "layers": [layer_to_json(entry) for entry in manifest.layers],
        "sha256": field.sha256,
    }
    with suppress(InputError):
        columns = field.points.code, field.points.code_part, field.points.code_whole
        given = sum(column is not None for column in columns)
        facts["bytes_of_meaning_per_point"] = _BYTES_PER_CODE * given
    with suppress(InputError):
        facts["num_instances"] = len(field.instances)
    with suppress(InputError):
        facts["num_phrases"] = len(field.phrases.texts) if field.phrases else 0
    with suppress(InputError):
        facts["num_views"] = field.num_views
    return facts
