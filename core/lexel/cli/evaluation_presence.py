"""`lexel eval presence`: whether fields know what is not in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import (
    Device,
    Encoder,
    Json,
    Quiet,
    UnusedSeed,
    print_json,
    print_table,
    show_progress,
)


def eval_presence(
    scans: Annotated[
        list[Path], typer.Argument(help="Scans with their truth (lexel world scans).")
    ],
    fit: Annotated[
        int,
        typer.Option(min=0, help="Calibrate on the first so many, and measure the rest."),
    ] = 0,
    encoder: Encoder = "embedded",
    device: Device = "auto",
    seed: UnusedSeed = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure how surely fields tell what is there and what is not."""
    from dataclasses import asdict

    from lexel.errors import InputError
    from lexel.evaluation.presence_scans import measure_presence
    from lexel.pipelines.api import Models

    if fit >= len(scans):
        raise InputError(
            "no scan is left to measure", where="--fit", got=fit, do="Give more scans."
        )
    with show_progress(quiet or as_json) as progress:
        model, scores = measure_presence(scans, Models(encoder, device=device), fit, progress)
    if as_json:
        told = {kind: asdict(score) for kind, score in scores.items()}
        print_json({"model": asdict(model), "scores": told})
        return
    rows = [
        (kind, f"{score.auroc:.3f}", f"{score.ece:.3f}", str(score.asked), str(score.there))
        for kind, score in scores.items()
    ]
    print_table(("", "AUROC", "calibration error", "asked", "there"), rows)
    typer.echo(str(model))
