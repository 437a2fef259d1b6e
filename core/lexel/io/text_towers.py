"""Text tower files: what it takes to encode a phrase without torch, in one safetensors file.

| tensor | type | shape |
|---|---|---|
| `settings` | U8 | UTF-8 text of a JSON object, see below |
| `merges` | I32 | [M, 2], see `TowerWeights` |
| `token_embedding.weight` | F16 | [V, W], V at least 514 + M |
| `positional_embedding` | F32 | [context, W] |
| `transformer.resblocks.I.…` | F16 matrices, F32 vectors | of every block, as open_clip has them |
| `ln_final.weight`, `ln_final.bias` | F32 | [W] |
| `text_projection` | F16 | [W, D] |
| `sentence_head.weight`, `.bias` | F32 | [S, D] and [S]; where `sentence` is not null |

`settings` holds `format`, the fields of `TowerSettings` and, as `sentence`, those of the head's
`SentenceEncoder` or null. There is no `__metadata__`: its entries come in any order, and the same
weights must give the same bytes, because a field names its tower by sha256.
"""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError, WeightsError
from lexel.io.atomic import replacing_file
from lexel.io.fields.layout import Fault
from lexel.io.fields.tensor_checks import Shapes, check_tensors
from lexel.io.tensor_files import TensorPlace, map_tensor, read_places, save_tensors
from lexel.io.typed_json import JsonObject
from lexel.scene import SentenceEncoder, SentenceHead, TowerSettings, TowerWeights
from lexel.scene.words import ACTIVATIONS

FORMAT = 1
EMBEDDING = "token_embedding.weight"
_FILE_NAME = re.compile(r"text-[A-Za-z0-9._-]{1,120}\.safetensors")
_SETTINGS, _MERGES = "settings", "merges"
_HEAD = ("sentence_head.weight", "sentence_head.bias")
_MAX_SETTINGS_BYTES = 1 << 16
_MAX_SIZE = 1 << 20  # of any one side of a tensor
_MAX_LAYERS = 1000
_BYTE_TOKENS = 512


def save_text_tower(path: Path, weights: TowerWeights) -> None:
    """Write a text tower file, whole or not at all."""
    head = weights.sentence_head
    facts = {
        "format": FORMAT,
        **dataclasses.asdict(weights.settings),
        "sentence": None if head is None else dataclasses.asdict(head.identity),
    }
    text = json.dumps(facts, sort_keys=True).encode()
    tensors = {
        **weights.tensors,
        _SETTINGS: np.frombuffer(text, np.uint8),
        _MERGES: weights.merges,
    }
    if head is not None:
        tensors |= zip(_HEAD, (head.weight, head.bias), strict=True)
    with replacing_file(path) as temporary:
        save_tensors(temporary, tensors)


def load_text_tower(path: Path) -> TowerWeights:
    """Read a text tower file, its large tensors memory-mapped.

    Raises:
        WeightsError: it is missing, damaged or of another format.
    """
    try:
        return _read(path)
    except SceneError as error:
        do = "Delete it; it is made again from the encoder's weights."
        raise WeightsError(error.what, where=path, got=error.got, do=do) from error


def is_tower_name(name: str) -> bool:
    """Whether a name, such as one in somebody's file, is that of a tower and no path."""
    return _FILE_NAME.fullmatch(name) is not None


def tower_shapes(settings: TowerSettings) -> Shapes:
    """Types and shapes of a tower's own tensors; -1 is any size."""
    width, wide = settings.width, settings.mlp_width
    shapes: Shapes = {
        EMBEDDING: (np.float16, (-1, width)),
        "positional_embedding": (np.float32, (settings.context_length, width)),
        "text_projection": (np.float16, (width, settings.dim)),
        **_norm("ln_final", width),
    }
    for number in range(settings.layers):
        block = f"transformer.resblocks.{number}."
        shapes |= _norm(f"{block}ln_1", width)
        shapes |= _linear(f"{block}attn.in_proj_", 3 * width, width)
        shapes |= _linear(f"{block}attn.out_proj.", width, width)
        shapes |= _norm(f"{block}ln_2", width)
        shapes |= _linear(f"{block}mlp.c_fc.", wide, width)
        shapes |= _linear(f"{block}mlp.c_proj.", width, wide)
    return shapes


def _norm(name: str, width: int) -> Shapes:
    return {f"{name}.{part}": (np.float32, (width,)) for part in ("weight", "bias")}


def _linear(stem: str, out: int, inner: int) -> Shapes:
    return {f"{stem}weight": (np.float16, (out, inner)), f"{stem}bias": (np.float32, (out,))}


def _read(path: Path) -> TowerWeights:
    places, fault = read_places(path), Fault(path)
    facts = _facts(path, places.get(_SETTINGS), fault)
    settings, sentence = _settings(facts), _sentence(facts.optional_inner("sentence"))
    own = tower_shapes(settings)
    check_tensors(places, own | _other_shapes(settings, sentence), fault)
    arrays = {name: map_tensor(path, place) for name, place in places.items()}
    merges = _checked_merges(arrays[_MERGES], len(arrays[EMBEDDING]), fault)
    weights = TowerWeights(settings, merges, {name: arrays[name] for name in own})
    if sentence is None:
        return weights
    head = SentenceHead(sentence, arrays[_HEAD[0]], arrays[_HEAD[1]])
    return dataclasses.replace(weights, sentence_head=head)


def _other_shapes(settings: TowerSettings, sentence: SentenceEncoder | None) -> Shapes:
    shapes: Shapes = {_SETTINGS: (np.uint8, (-1,)), _MERGES: (np.int32, (-1, 2))}
    if sentence is not None:
        shapes[_HEAD[0]] = (np.float32, (sentence.dim, settings.dim))
        shapes[_HEAD[1]] = (np.float32, (sentence.dim,))
    return shapes


def _facts(path: Path, place: TensorPlace | None, fault: Fault) -> JsonObject:
    if place is None or place.num_bytes > _MAX_SETTINGS_BYTES:
        raise fault("it is no text tower: it holds no settings")
    try:
        facts = json.loads(map_tensor(path, place).tobytes())
    except (ValueError, RecursionError) as error:
        raise fault("its settings are no JSON", error) from error
    if not isinstance(facts, dict):
        raise fault("its settings are no JSON object", type(facts).__name__)
    told = JsonObject(facts, path, "settings.")
    if facts.get("format") != FORMAT:
        raise told.wrong("format", f"should be {FORMAT}, which this version of Lexel reads")
    return told


def _settings(facts: JsonObject) -> TowerSettings:
    settings = TowerSettings(
        name=facts.text("name"),
        pretrained=facts.text("pretrained"),
        sha256=facts.text("sha256"),
        dim=facts.whole("dim", 1, _MAX_SIZE),
        width=facts.whole("width", 1, _MAX_SIZE),
        heads=facts.whole("heads", 1, _MAX_SIZE),
        layers=facts.whole("layers", 1, _MAX_LAYERS),
        mlp_width=facts.whole("mlp_width", 1, _MAX_SIZE),
        context_length=facts.whole("context_length", 2, _MAX_SIZE),
        activation=facts.text("activation"),
        layer_norm_eps=facts.number("layer_norm_eps", 1e-30, 1),
    )
    if settings.activation not in ACTIVATIONS:
        raise facts.wrong("activation", f"should be one of {', '.join(ACTIVATIONS)}")
    if settings.width % settings.heads:
        raise facts.wrong("heads", f"should divide the width {settings.width}")
    return settings


def _sentence(facts: JsonObject | None) -> SentenceEncoder | None:
    if facts is None:
        return None
    return SentenceEncoder(
        facts.text("name"), facts.text("sha256"), facts.whole("dim", 1, _MAX_SIZE)
    )


def _checked_merges(
    merges: npt.NDArray[Any], num_tokens: int, fault: Fault
) -> npt.NDArray[np.int32]:
    """Each pair joins tokens that are there before it, and each token has its embedding."""
    newest = _BYTE_TOKENS + np.arange(len(merges))
    bad = (merges < 0) | (merges >= newest[:, None])
    fault.unless(not bad.any(), "its merges join tokens that are not there yet")
    needed = _BYTE_TOKENS + len(merges) + 2
    fault.unless(num_tokens >= needed, f"'{EMBEDDING}' should have {needed} rows", num_tokens)
    return merges
