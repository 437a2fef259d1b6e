"""`lexel train` and `lexel eval`: the 3D networks, on datasets of the synthetic world."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import Device, Out, Quiet, Seed, Threads, set_threads, show_progress

train_app = typer.Typer(no_args_is_help=True, help="Train networks.")
eval_app = typer.Typer(no_args_is_help=True, help="Measure networks.")

Datasets = Annotated[list[Path], typer.Argument(help="Datasets (lexel world build).")]
Relevancies = Annotated[
    list[str],
    typer.Option("--relevancies", help="Source below DATASET/relevancies; repeatable."),
]
Validation = Annotated[Path | None, typer.Option(help="Dataset whose loss is reported.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Read no more views of each dataset.")]
Steps = Annotated[int, typer.Option(min=1, help="Steps of the optimiser, in all.")]
Batch = Annotated[int, typer.Option(min=1, help="Views in a step, over all processes.")]
Rate = Annotated[float, typer.Option("--lr", min=0.0, help="Peak of the learning rate.")]
WarmUp = Annotated[int, typer.Option(min=0, help="Steps of rising rate.")]
Decay = Annotated[float, typer.Option("--weight-decay", min=0.0)]
Precision = Annotated[str, typer.Option(help="Of the volumes: float32, bf16.")]
Voxels = Annotated[int, typer.Option(min=2, help="Voxels along each axis.")]
Maps = Annotated[int, typer.Option(min=1, help="Channels of the U-Net's first level.")]
Levels = Annotated[int, typer.Option(min=1, help="Levels of the U-Net.")]
Channels = Annotated[int, typer.Option(min=1, help="Channels into and out of the U-Net.")]
Groups = Annotated[int, typer.Option(min=1, help="Groups of each normalisation.")]
Hidden = Annotated[int, typer.Option(min=1, help="Width of the point network.")]
Pointing = Annotated[int, typer.Option(min=1, help="Width of the space of relations.")]
Points = Annotated[int, typer.Option("--input-points", min=1, help="Points read of a view.")]
Positions = Annotated[int, typer.Option("--output-points", min=1, help="Asked per question.")]
Questions = Annotated[int, typer.Option(min=1, help="Labels or descriptions of a view.")]
Repeats = Annotated[int, typer.Option(min=1, help="Draws of a true cell; as published: 1.")]
SaveEvery = Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")]
ReportEvery = Annotated[int, typer.Option(min=1, help="Steps between lines of metrics.csv.")]
ValidateEvery = Annotated[int, typer.Option(min=1, help="Steps between validations.")]
ValidationViews = Annotated[int, typer.Option(min=1, help="Views of a validation.")]
StopAfter = Annotated[int | None, typer.Option(min=1, help="Stop at this step, to go on later.")]


@train_app.command("ovssc", help="Train completion: which cells a label fills, seen or hidden.")
@train_app.command("vool", help="Train localisation: which cells a description means.")
def train_network(
    context: typer.Context,
    datasets: Datasets,
    out: Out,
    relevancies: Relevancies,
    approach: Annotated[
        str, typer.Option(help="ours, semantic_aware, chefer_et_al; vool: clip_spatial too.")
    ] = "ours",
    validation: Validation = None,
    steps: Steps = 10_000,
    batch: Batch = 2,
    lr: Rate = 5e-3,
    warm_up: WarmUp = 200,
    weight_decay: Decay = 1e-5,
    precision: Precision = "bf16",
    voxels: Voxels = 32,
    maps: Maps = 16,
    levels: Levels = 4,
    channels: Channels = 16,
    groups: Groups = 8,
    hidden: Hidden = 32,
    pointing: Pointing = 64,
    input_points: Points = 8000,
    output_points: Positions = 8000,
    questions: Questions = 4,
    repeats: Repeats = 8,
    save_every: SaveEvery = 200,
    report_every: ReportEvery = 10,
    validate_every: ValidateEvery = 500,
    validation_views: ValidationViews = 32,
    stop_after: StopAfter = None,
    limit: Limit = None,
    threads: Threads = None,
    device: Device = "auto",
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """One command for both tasks: its own name tells which."""
    from lexel.io.results import check_writable
    from lexel.pipelines.device import pick_device
    from lexel.training.approaches import Size
    from lexel.training.loop import train
    from lexel.training.plan import Plan, Rhythm

    set_threads(threads)
    check_writable(out)
    size = Size(voxels, maps, levels, channels, groups, hidden, pointing, input_points)
    plan = Plan(
        context.info_name or "",
        approach,
        tuple(relevancies),
        size,
        steps=steps,
        batch=batch,
        lr=lr,
        warm_up=warm_up,
        weight_decay=weight_decay,
        seed=seed,
        positions=output_points,
        questions=questions,
        repeats=repeats,
        precision=precision,
    )
    rhythm = Rhythm(report_every, save_every, validate_every, validation_views, stop_after)
    with show_progress(quiet) as progress:
        weights = train(
            plan,
            datasets,
            out,
            progress,
            validation=validation,
            device=pick_device(device),
            limit=limit,
            rhythm=rhythm,
        )
    if not quiet:
        typer.echo(f"Wrote {weights}")
