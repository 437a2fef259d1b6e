"""What `fast` does to the maps of `ours`.

There are no trained weights here. Random ones only bound the effect: their maps have little
structure for the averaging over crops to bring out.
"""

from __future__ import annotations

import torch
from torch import Tensor

from benchmarks.figures import Figure, Options
from benchmarks.measure import tell
from benchmarks.workload import GOLDEN, ReadingJob, reading_job
from lexel.encoders.clip import encoder_from_tensors, make_encoder
from lexel.encoders.weights import load_tensors
from lexel.relevancy.extractor import prepare
from lexel.relevancy.presets import get_preset

_TINY_WEIGHTS = GOLDEN / "clip_tiny_seed1.pth"


def effect_of_fast(job: ReadingJob, options: Options) -> list[Figure]:
    """With the tiny golden encoder, and with full-size random weights where there is time."""
    figures = []
    if _TINY_WEIGHTS.is_file():
        figures += _effect(_tiny_job(), "tiny golden CLIP")
    if options.full:
        figures += _effect(job, "untrained ViT-B/32")
    return figures


def _tiny_job() -> ReadingJob:
    model = encoder_from_tensors(load_tensors(_TINY_WEIGHTS), None, True, _TINY_WEIGHTS)
    return reading_job(make_encoder(model, "tiny", "golden"))


def _effect(job: ReadingJob, encoder: str) -> list[Figure]:
    tell(f"relevancy: `ours` and `fast` in full with the {encoder}")
    ours, fast = (
        prepare(job.encoder, job.rgb, get_preset(name)).relevancy(job.text)
        for name in ("ours", "fast")
    )
    how = (
        "`fast` against `ours`, both with the correct crop set, mean over 17 phrases; random "
        "weights only bound it"
    )
    pairs = {
        "maps": (ours, fast),
        "maps less their mean": (ours - ours.mean(0), fast - fast.mean(0)),
    }
    return [
        Figure(f"  `fast`, {encoder}: {name}, {said}", how, unit="", lexel=value)
        for name, (a, b) in pairs.items()
        for said, value in (
            ("correlation", _correlation(a, b)),
            ("mean difference / std", _difference(a, b)),
        )
    ]


def _correlation(a: Tensor, b: Tensor) -> float:
    """Mean over labels of Pearson's correlation of [L, H, W]."""
    pairs = zip(a.flatten(1), b.flatten(1), strict=True)
    return sum(float(torch.corrcoef(torch.stack(pair))[0, 1]) for pair in pairs) / len(a)


def _difference(a: Tensor, b: Tensor) -> float:
    """Mean over labels of mean |a - b| over the standard deviation of a."""
    spread = a.flatten(1).std(dim=1)
    return float(((a - b).abs().flatten(1).mean(dim=1) / spread).mean())
