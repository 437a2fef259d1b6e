"""Peak memory of each side, each in a process of its own.

    python -m benchmarks.parts.memory NAME THREADS

does one side's work and prints the peak resident memory in GB.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys

import torch

from benchmarks.figures import Figure, Options
from benchmarks.measure import peak_memory_gb, tell
from benchmarks.workload import ROOT, asking_job, full_cache, reading_job

# Of the published code itself, as the issue has them, GB.
_MEASURED = {"relevancy": 6.4, "completion": 7.5, "localisation": 9.1}
_TARGET = 2.0
_HOW = {
    "relevancy": "published: two copies of CLIP (as it loads), one batch of 32 crops, 17 labels; "
    "Lexel: one batch, the full cache of 1512 passes, 17 phrases",
    "completion": "published: one run; Lexel: region and three labels",
    "localisation": "published: one run; Lexel: all three descriptions",
}


def run(options: Options) -> list[Figure]:
    """Three kinds of work, two sides each."""
    figures = []
    for kind, measured in _MEASURED.items():
        baseline, lexel = (_peak(f"{kind}-{side}", options) for side in ("published", "lexel"))
        tell(f"memory: {kind}: published {baseline:.2f} GB, Lexel {lexel:.2f} GB")
        figures.append(
            Figure(
                f"peak memory, {kind}",
                f"{_HOW[kind]}; whole process, torch included. The published code itself was "
                f"measured at {measured} GB: {measured / lexel:.1f} times Lexel's",
                unit="GB",
                baseline=baseline,
                lexel=lexel,
                at_least=_TARGET,
            )
        )
    return figures


def _peak(name: str, options: Options) -> float:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.parts.memory", name, str(options.threads)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": str(options.threads)},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return float(done.stdout.split()[-1])


def relevancy_published() -> None:
    from benchmarks.published.relevancy import relevancy, scales_of_ours, tiles_of_scale
    from benchmarks.published.tower import PlainTower

    job = reading_job()
    second_copy = copy.deepcopy(job.encoder.model)
    height, width = job.rgb.shape[:2]
    tiles = tiles_of_scale(1, height, width, *scales_of_ours(height)[-1])[:32]
    tower = PlainTower.of(job.encoder.model.visual)
    relevancy(tower, [job.rgb], [tiles], job.text, job.encoder.image_size_px, flip=True)
    del second_copy


def relevancy_lexel() -> None:
    from lexel.relevancy.presets import get_preset
    from lexel.relevancy.tiles import published_tile_grids

    job = reading_job()
    grids = published_tile_grids(*job.rgb.shape[:2], get_preset("ours"))
    prepared = full_cache(job, grids, len(job.images))
    size_px = job.encoder.image_size_px
    images = torch.randn(32, 3, size_px, size_px)
    prepared.explainer.capture(images, prepared.kept[-1], 0)
    prepared.relevancy(job.text)


def completion_published() -> None:
    from benchmarks.parts.completion import PublishedPasses
    from lexel.completion.networks import SemAbs3D

    job = asking_job(SemAbs3D)
    PublishedPasses(job).measure(job.scene.labels[0])


def completion_lexel() -> None:
    from benchmarks.parts.completion import LexelLabels
    from lexel.completion.networks import SemAbs3D

    job = asking_job(SemAbs3D)
    LexelLabels(job).complete(job.scene.labels[:3])


def localisation_published() -> None:
    from benchmarks.parts.localisation import PublishedRuns
    from lexel.completion.networks import SemAbsVOOL

    job = asking_job(SemAbsVOOL)
    PublishedRuns(job).measure(job.scene.descriptions[0])


def localisation_lexel() -> None:
    from benchmarks.parts.localisation import answer
    from lexel.completion.networks import SemAbsVOOL
    from lexel.completion.vool import Localiser

    job = asking_job(SemAbsVOOL)
    localiser = Localiser(job.network, job.boxed.cloud, job.boxed.grid)
    for description in job.scene.descriptions:
        answer(job, localiser, description)


_SIDES = {
    "relevancy-published": relevancy_published,
    "relevancy-lexel": relevancy_lexel,
    "completion-published": completion_published,
    "completion-lexel": completion_lexel,
    "localisation-published": localisation_published,
    "localisation-lexel": localisation_lexel,
}

if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    _SIDES[sys.argv[1]]()
    print(peak_memory_gb())
