"""Text tower files: what it takes to encode a phrase without torch, in one safetensors file.

| tensor | type | shape |
|---|---|---|
| `token_embedding.weight` | F16 | [V, W], V >= 514 + M |
| `positional_embedding` | F32 | [context, W] |
| `transformer.resblocks.I.…` | F16 matrices, F32 vectors | as open_clip's, of every block |
| `ln_final.weight`, `ln_final.bias` | F32 | [W] |
| `text_projection` | F16 | [W, D] |
| `merges` | I32 | [M, 2], see `TowerWeights` |
| `sentence_head.weight`, `.bias` | F32 | [S, D] and [S]; both or neither |

The header's `__metadata__` has one entry, `lexel_text_tower`: JSON with `format`, the fields of
`TowerSettings` and, as `sentence`, those of the head's `SentenceEncoder` or null. One entry,
because several come in any order, and the same weights must give the same bytes: a field names its
tower by sha256.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import WeightsError
from lexel.io.atomic import replacing_file
from lexel.scene import SentenceEncoder, SentenceHead, TowerSettings, TowerWeights

FORMAT = 1
_KEY = "lexel_text_tower"
_MAX_HEADER_BYTES = 1 << 20  # `spec/formats.md`: headers over 1 MB are refused
_MAX_SIZE = 1 << 20  # of any one side of a tensor
EMBEDDING = "token_embedding.weight"
_MERGES = "merges"
_HEAD = ("sentence_head.weight", "sentence_head.bias")
_BYTE_TOKENS = 512
_TYPES = {"F16": np.float16, "F32": np.float32, "I32": np.int32}

Shape = tuple[int, ...]
Layout = dict[str, tuple[str, Shape]]


def save_text_tower(path: Path, weights: TowerWeights) -> None:
    """Write a text tower file, whole or not at all."""
    from safetensors.numpy import save_file

    types = {name: _TYPES[dtype] for name, (dtype, _) in tower_layout(weights.settings).items()}
    types[EMBEDDING] = np.float16
    tensors = {
        name: np.ascontiguousarray(weights.tensors[name], dtype) for name, dtype in types.items()
    }
    tensors[_MERGES] = np.ascontiguousarray(weights.merges, np.int32)
    facts = {"format": FORMAT, "sentence": None, **dataclasses.asdict(weights.settings)}
    if (head := weights.sentence_head) is not None:
        facts["sentence"] = dataclasses.asdict(head.identity)
        arrays = (np.ascontiguousarray(a, np.float32) for a in (head.weight, head.bias))
        tensors |= zip(_HEAD, arrays, strict=True)
    with replacing_file(path) as temporary:
        save_file(tensors, temporary, {_KEY: json.dumps(facts, sort_keys=True)})


def load_text_tower(path: Path) -> TowerWeights:
    """Read a text tower file; a `WeightsError` names it when anything is not as it must be."""
    from safetensors import SafetensorError, safe_open

    try:
        _check_header(path)
        with safe_open(path, "numpy") as file:
            settings, sentence = _settings(file.metadata(), path)
            found = {n: (s.get_dtype(), tuple(s.get_shape())) for n, s in _slices(file)}
            _check_layout(found, settings, sentence, path)
            tensors = {name: file.get_tensor(name) for name in found}
    except OSError as error:
        raise WeightsError(
            "the file cannot be read", where=path, got=error, do="Check the path."
        ) from error
    except SafetensorError as error:
        raise _damaged(path, "it is no safetensors file", error) from error
    merges = _checked_merges(tensors.pop(_MERGES), path)
    if sentence is None:
        return TowerWeights(settings, merges, tensors)
    weight, bias = (tensors.pop(name) for name in _HEAD)
    return TowerWeights(settings, merges, tensors, SentenceHead(sentence, weight, bias))


def tower_layout(settings: TowerSettings) -> Layout:
    """Type and shape of the tensors that every tower of these settings has, by name; all but the
    token embedding, whose rows depend on the vocabulary."""
    width, wide = settings.width, settings.mlp_width
    layout: Layout = {
        "positional_embedding": ("F32", (settings.context_length, width)),
        "ln_final.weight": ("F32", (width,)),
        "ln_final.bias": ("F32", (width,)),
        "text_projection": ("F16", (width, settings.dim)),
    }
    for number in range(settings.layers):
        block = f"transformer.resblocks.{number}."
        for name, out, inner in (
            ("attn.in_proj_", 3 * width, width),
            ("attn.out_proj.", width, width),
            ("mlp.c_fc.", wide, width),
            ("mlp.c_proj.", width, wide),
        ):
            layout[f"{block}{name}weight"] = ("F16", (out, inner))
            layout[f"{block}{name}bias"] = ("F32", (out,))
        for name in ("ln_1.weight", "ln_1.bias", "ln_2.weight", "ln_2.bias"):
            layout[f"{block}{name}"] = ("F32", (width,))
    return layout


def _check_header(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    length = int.from_bytes(head, "little")
    if len(head) < 8 or length > _MAX_HEADER_BYTES:
        raise _damaged(path, "it has no header, or one over 1 MB", length)


def _slices(file: Any) -> list[tuple[str, Any]]:
    return [(name, file.get_slice(name)) for name in file.keys()]  # noqa: SIM118 - no mapping


def _settings(
    metadata: Mapping[str, str] | None, path: Path
) -> tuple[TowerSettings, SentenceEncoder | None]:
    try:
        facts = json.loads((metadata or {})[_KEY])
        version = facts.pop("format")
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, "it does not say that it is a text tower", error) from error
    if version != FORMAT:
        raise WeightsError(
            f"this text tower has a format that this version does not read (it reads {FORMAT})",
            where=path,
            got=version,
            do="Update lexel.",
        )
    try:
        sentence = facts.pop("sentence")
        told = None if sentence is None else SentenceEncoder(**sentence)
        settings = TowerSettings(**facts)
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, "its settings are incomplete", error) from error
    _check_types(settings, path)
    if told is not None:
        _check_types(told, path)
    if settings.width % settings.heads:
        raise _damaged(path, "its width is no multiple of its heads", settings.heads)
    return settings, told


def _check_types(value: TowerSettings | SentenceEncoder, path: Path) -> None:
    for field in dataclasses.fields(value):
        got = getattr(value, field.name)
        good = {
            "int": type(got) is int and 0 < got <= _MAX_SIZE,
            "float": type(got) is float and 0 < got < 1,
            "bool": type(got) is bool,
            "str": type(got) is str and len(got) <= 500,
        }
        if not good[str(field.type)]:
            raise _damaged(path, f"its setting '{field.name}' is of the wrong kind", got)


def _check_layout(
    found: Layout, settings: TowerSettings, sentence: SentenceEncoder | None, path: Path
) -> None:
    if settings.layers > len(found):
        raise _damaged(path, f"it promises {settings.layers} layers", f"{len(found)} tensors")
    expected = tower_layout(settings)
    merges, embedding = found.get(_MERGES, ("", ())), found.get(EMBEDDING, ("", ()))
    num_merges = merges[1][0] if len(merges[1]) == 2 else 0
    rows = embedding[1][0] if len(embedding[1]) == 2 else 0
    expected[_MERGES] = ("I32", (num_merges, 2))
    expected[EMBEDDING] = ("F16", (max(rows, _BYTE_TOKENS + num_merges + 2), settings.width))
    if sentence is not None:
        expected[_HEAD[0]] = ("F32", (sentence.dim, settings.dim))
        expected[_HEAD[1]] = ("F32", (sentence.dim,))
    for name in sorted({*expected, *found}):
        if found.get(name) != expected.get(name):
            told = f"'{name}' should be {expected.get(name, 'absent')}"
            raise _damaged(path, told, found.get(name, "nothing"))


def _checked_merges(merges: npt.NDArray[np.int32], path: Path) -> npt.NDArray[np.int32]:
    """Each pair is of tokens that exist before it."""
    newest = _BYTE_TOKENS + np.arange(len(merges))
    if len(merges) and (merges.min() < 0 or (merges.max(1) >= newest).any()):
        raise _damaged(path, "its merges join tokens that are not there yet", None)
    return merges


def _damaged(path: Path, what: str, got: object) -> WeightsError:
    return WeightsError(
        f"the text tower is damaged: {what}", where=path, got=got, do="Delete it; it is made again."
    )
