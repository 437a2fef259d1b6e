"""`codebook.safetensors`: what codes mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lexel.io.fields.layout import CODEBOOK, Fault, all_rows, are_unit, are_unit_or_zero
from lexel.io.fields.tensor_checks import Shapes, check_tensors, columns_of, map_tensors
from lexel.io.tensor_files import save_tensors
from lexel.scene import Codebook, FieldInfo, Modality

_COSINE_TOLERANCE = 0.02


def save_codebook(folder: Path, codebook: Codebook) -> Path:
    return save_tensors(folder / CODEBOOK, columns_of(codebook))


def map_codebook(folder: Path, info: FieldInfo, num_codes: int) -> Codebook:
    """The codebook with its vectors memory-mapped; values are not looked at."""
    return Codebook(**map_tensors(folder / CODEBOOK, codebook_shapes(info, num_codes)))


def codebook_shapes(info: FieldInfo, num_codes: int) -> Shapes:
    """What `codebook.safetensors` of such a field holds; -1: any size."""
    shapes: Shapes = {
        "clip": (np.float16, (num_codes, info.encoder.dim)),
        "modality": (np.uint8, (num_codes,)),
        "count": (np.int32, (num_codes,)),
        "agreement": (np.float32, (num_codes,)),
        "background": (np.float32, (len(Modality), -1)),
    }
    if info.sentence_encoder is not None:
        shapes["sentence"] = (np.float16, (num_codes, info.sentence_encoder.dim))
    return shapes


def check_codebook(codebook: Codebook, info: FieldInfo, num_codes: int, where: Path) -> None:
    """A `SceneError` unless shapes, types and values are those of a codebook."""
    fault = Fault(where)
    check_tensors(columns_of(codebook), codebook_shapes(info, num_codes), fault)
    fault.unless(all_rows(codebook.clip, are_unit), "a row of 'clip' is no unit vector")
    if codebook.sentence is not None:
        rows = all_rows(codebook.sentence, are_unit_or_zero)
        fault.unless(rows, "a row of 'sentence' is neither a unit vector nor zeros")
    fault.unless((codebook.modality < len(Modality)).all(), "'modality' is neither 0 nor 1")
    fault.unless((codebook.count >= 0).all(), "'count' is below 0")
    agreement = codebook.agreement
    fault.unless(((agreement >= 0) & (agreement <= 1)).all(), "'agreement' is not in 0..1")
    cosines = np.abs(codebook.background) <= 1 + _COSINE_TOLERANCE
    fault.unless(cosines.all(), "'background' holds what is no cosine")
    fault.unless((np.diff(codebook.background) >= 0).all(), "the quantiles of 'background' fall")
