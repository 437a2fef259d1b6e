"""`views/evidence.safetensors`: the regions of views behind each code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lexel.io.fields.layout import EVIDENCE, Fault
from lexel.io.fields.tensor_checks import Shapes, check_tensors, columns_of, map_tensors
from lexel.io.tensor_files import save_tensors
from lexel.scene import Evidence


def save_evidence(folder: Path, evidence: Evidence) -> Path:
    return save_tensors(folder / EVIDENCE, columns_of(evidence))


def map_evidence(folder: Path, num_codes: int) -> Evidence:
    """Memory-mapped; values are not looked at."""
    return Evidence(**map_tensors(folder / EVIDENCE, evidence_shapes(num_codes)))


def evidence_shapes(num_codes: int) -> Shapes:
    """What `views/evidence.safetensors` of such a field holds; -1: any size."""
    return {
        "offset": (np.int64, (num_codes + 1,)),
        "view": (np.int32, (-1,)),
        "region": (np.int32, (-1, 4)),
        "weight": (np.float32, (-1,)),
    }


def check_evidence(
    evidence: Evidence, num_codes: int, sizes_px: Sequence[tuple[int, int]], where: Path
) -> None:
    """A `SceneError` unless every region lies in a view there is (`sizes_px`: width, height)."""
    fault = Fault(where)
    check_tensors(columns_of(evidence), evidence_shapes(num_codes), fault)
    count, offset = len(evidence.view), evidence.offset
    same = len(evidence.region) == len(evidence.weight) == count
    fault.unless(same, "its columns are of different lengths")
    good = offset[0] == 0 and offset[-1] == count and (np.diff(offset) >= 0).all()
    fault.unless(good, f"'offset' does not rise from 0 to {count}")
    good = ((evidence.view >= 0) & (evidence.view < len(sizes_px))).all()
    fault.unless(good, f"a 'view' is not one of the {len(sizes_px)} views")
    finite = np.isfinite(evidence.weight) & (evidence.weight >= 0)
    fault.unless(finite.all(), "a 'weight' is no finite number, or below 0")
    if count:
        low, high = evidence.region[:, :2], evidence.region[:, 2:]
        size = np.asarray(sizes_px, np.int32)[evidence.view]
        inside = (low >= 0) & (low < high) & (high <= size)
        fault.unless(inside.all(), "a 'region' is empty or leaves its view")
