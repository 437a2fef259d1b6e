"""`phrases.json` and `phrases.safetensors`: phrases encoded ahead, row i is phrase i."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lexel.errors import LabelError
from lexel.io.fields.layout import PHRASE_VECTORS, PHRASES, Fault, all_rows, are_unit
from lexel.io.fields.tensor_checks import Shapes, Tensors, check_tensors, map_tensors
from lexel.io.json_files import read_json_list, write_json
from lexel.io.names import check_label
from lexel.io.tensor_files import save_tensors
from lexel.scene import FieldInfo, Phrases


def save_phrases(folder: Path, phrases: Phrases) -> list[Path]:
    return [
        write_json(folder / PHRASES, list(phrases.texts)),
        save_tensors(folder / PHRASE_VECTORS, _tensors(phrases)),
    ]


def map_phrases(folder: Path, info: FieldInfo) -> Phrases:
    """The table with its vectors memory-mapped; values are not looked at."""
    vectors = map_tensors(folder / PHRASE_VECTORS, phrase_shapes(info))
    return Phrases(tuple(read_json_list(folder / PHRASES)), **vectors)


def phrase_shapes(info: FieldInfo) -> Shapes:
    """What `phrases.safetensors` of such a field holds; -1: any size."""
    shapes: Shapes = {"clip": (np.float16, (-1, info.encoder.dim))}
    if info.sentence_encoder is not None:
        shapes["sentence"] = (np.float16, (-1, info.sentence_encoder.dim))
    return shapes


def check_phrases(phrases: Phrases, info: FieldInfo, folder: Path) -> None:
    """A `SceneError` unless there is one unit vector, or one pair of them, for each phrase."""
    texts, vectors = Fault(folder / PHRASES), Fault(folder / PHRASE_VECTORS)
    for text in phrases.texts:
        try:
            check_label(text)
        except LabelError as error:
            raise texts(f"a phrase cannot be one: {error.what}", error.got) from error
    tensors = _tensors(phrases)
    check_tensors(tensors, phrase_shapes(info), vectors)
    for name, rows in tensors.items():
        count = len(phrases.texts)
        vectors.unless(len(rows) == count, f"'{name}' should have {count} rows", len(rows))
        vectors.unless(all_rows(rows, are_unit), f"a row of '{name}' is no unit vector")


def _tensors(phrases: Phrases) -> Tensors:
    tensors: Tensors = {"clip": phrases.clip}
    return tensors if phrases.sentence is None else {**tensors, "sentence": phrases.sentence}
