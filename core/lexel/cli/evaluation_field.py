"""`lexel eval field`: how well the meaning of fields fits the truth of rendered scans."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.building import Features, Merge, RegionMethod, reading_options
from lexel.cli.common import (
    Device,
    Encoder,
    Json,
    Prompts,
    Quiet,
    Seed,
    print_json,
    print_table,
    show_progress,
)


def eval_field(
    scans: Annotated[list[Path], typer.Argument(help="Scans with their truth beside them.")],
    voxel_size: Annotated[float, typer.Option(help="Metres between points, about.")] = 0.02,
    views: Annotated[
        int | None, typer.Option(min=1, help="Views to read, spread evenly.", show_default="all")
    ] = None,
    features: Features = "regions",
    merge: Merge = "0.7,0.25,0.05",
    regions: RegionMethod = "felzenszwalb",
    prompt: Prompts = None,
    encoder: Encoder = "embedded",
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure fields by the classes of their points, beside simpler ways of fusing views."""
    from lexel.evaluation.fields import WAYS, measure_scans
    from lexel.pipelines.api import Models
    from lexel.pipelines.build import BuildSettings
    from lexel.pipelines.settings import Settings

    settings = BuildSettings(voxel_size_m=voxel_size, most_views=views)
    templates = Settings(templates=tuple(prompt) if prompt else Settings().templates).templates
    with show_progress(quiet or as_json) as progress:
        model = Models(encoder, device=device).load_encoder(seed, progress)
        options = reading_options(features, merge, regions)
        results = measure_scans(scans, model, options, templates, settings, progress)
    if as_json:
        print_json({way: asdict(results[way]) for way in WAYS})
        return
    rows = [(way, f"{results[way].miou:.3f}", f"{results[way].fwiou:.3f}") for way in WAYS]
    print_table(("", "class mIoU", "weighted by frequency"), rows)
