"""`FieldInfo` as the keys of `field.json`, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from lexel.io.typed_json import JsonObject
from lexel.scene import FieldEncoder, FieldInfo, Scoring, SentenceEncoder, TextTower

_MAX_DIM = 1 << 16
_UNIT_TOLERANCE = 1e-3


def info_to_json(info: FieldInfo) -> dict[str, Any]:
    """Plain values; what a field does not have is null."""
    encoder, tower, sentence = info.encoder, info.encoder.text_tower, info.sentence_encoder
    return {
        "name": info.name,
        "unit": "metre",
        "up": [0, 0, 1],
        "forward": np.asarray(info.forward, np.float64).tolist(),
        "world_from_source": np.asarray(info.world_from_source, np.float64).tolist(),
        "builder": dict(info.builder),
        "encoder": {
            "name": encoder.name,
            "pretrained": encoder.pretrained,
            "sha256": encoder.sha256,
            "dim": encoder.dim,
            "text_tower": tower and {"file": tower.file, "sha256": tower.sha256},
            "prompts": list(encoder.prompts),
        },
        "sentence_encoder": sentence
        and {"name": sentence.name, "sha256": sentence.sha256, "dim": sentence.dim},
        "scoring": {
            "scale": info.scoring.scale,
            "negatives": list(info.scoring.negatives),
            "background_labels": list(info.scoring.background_labels),
        },
    }


def info_from_json(data: JsonObject) -> FieldInfo:
    """The same as a value; a `SceneError` names the key that is wrong."""
    if data.text("unit") != "metre" or data.array("up", (3,)).tolist() != [0, 0, 1]:
        raise data.wrong("unit", "should be metre, and 'up' Z")
    builder = data.inner("builder")
    return FieldInfo(
        name=data.text("name"),
        builder={
            "name": builder.text("name"),
            "version": builder.text("version"),
            "parameters": builder.mapping("parameters"),
        },
        encoder=_encoder(data.inner("encoder")),
        sentence_encoder=_sentence_encoder(data.optional_inner("sentence_encoder")),
        scoring=_scoring(data.inner("scoring")),
        world_from_source=_transform(data),
        forward=_forward(data),
    )


def _encoder(data: JsonObject) -> FieldEncoder:
    if not data.texts("prompts"):
        raise data.wrong("prompts", "should name at least one template")
    return FieldEncoder(
        name=data.text("name"),
        pretrained=data.text("pretrained"),
        sha256=data.text("sha256"),
        dim=data.whole("dim", 1, _MAX_DIM),
        prompts=data.texts("prompts"),
        text_tower=_text_tower(data.optional_inner("text_tower")),
    )


def _text_tower(data: JsonObject | None) -> TextTower | None:
    return None if data is None else TextTower(data.text("file"), data.text("sha256"))


def _sentence_encoder(data: JsonObject | None) -> SentenceEncoder | None:
    if data is None:
        return None
    return SentenceEncoder(data.text("name"), data.text("sha256"), data.whole("dim", 1, _MAX_DIM))


def _scoring(data: JsonObject) -> Scoring:
    scale = data.number("scale")
    if scale <= 0:
        raise data.wrong("scale", "should be above 0")
    return Scoring(scale, data.texts("negatives"), data.texts("background_labels"))


def _transform(data: JsonObject) -> Any:
    matrix = data.array("world_from_source", (4, 4))
    if not np.array_equal(matrix[3], [0, 0, 0, 1]) or not np.linalg.det(matrix):
        raise data.wrong("world_from_source", "should be a transform that can be undone")
    return matrix


def _forward(data: JsonObject) -> Any:
    forward = data.array("forward", (3,))
    if abs(np.linalg.norm(forward) - 1) > _UNIT_TOLERANCE:
        raise data.wrong("forward", "should be a unit vector")
    return forward
