"""`lexel world`: the procedural world that the embedded weights learn from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import (
    Device,
    Encoder,
    Out,
    Quiet,
    Seed,
    Threads,
    UnusedDevice,
    UnusedSeed,
    set_threads,
    show_progress,
)

app = typer.Typer(no_args_is_help=True, help="The procedural world: datasets and pictures of it.")


@app.command("build")
def build(
    split: Annotated[str, typer.Argument(help="train, validation, unseen_instances, …")],
    out: Out,
    rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")] = 100,
    views: Annotated[int, typer.Option(min=1, help="Photographs of each room.")] = 2,
    sensor: Annotated[
        str, typer.Option(help="Depth: exact, structured-light (noise, steps, holes).")
    ] = "exact",
    workers: Annotated[int, typer.Option(min=1, help="Processes that build.")] = 2,
    quiet: Quiet = False,
    seed: Seed = 0,
    device: UnusedDevice = None,
) -> None:
    """Build a dataset of furnished rooms; begun again, it goes on where it was stopped."""
    from lexel.io.results import check_writable
    from lexel.synthetic.dataset import Plan, build_dataset

    check_writable(out)
    with show_progress(quiet) as progress:
        plan = Plan(split, rooms, views, seed, sensor)
        build_dataset(plan, out, workers=workers, progress=progress)
    if not quiet:
        typer.echo(f"{rooms * views} views of {rooms} rooms in {out}")


@app.command("relevancies")
def relevancies(
    datasets: Annotated[list[Path], typer.Argument(help="Datasets (lexel world build).")],
    preset: Annotated[
        str, typer.Option(help="ours, chefer_et_al; without an encoder oracle, oracle-exact.")
    ],
    encoder: Encoder = None,
    name: Annotated[
        str | None,
        typer.Option(help="Folder below DATASET/relevancies.", show_default="ENCODER-PRESET"),
    ] = None,
    threads: Threads = None,
    device: Device = "auto",
    quiet: Quiet = False,
    seed: Seed = 0,
) -> None:
    """Compute and store what the 3D networks read; begun again, it goes on where it stopped."""
    from lexel.pipelines.room_relevancies import relevancy_source, store_relevancies

    set_threads(threads)
    source, usual = relevancy_source(preset, encoder, device)
    for dataset in datasets:
        with show_progress(quiet) as progress:
            count = store_relevancies(dataset, name or usual, source, progress, seed=seed)
        if not quiet:
            typer.echo(f"{dataset}: {count} shards of {name or usual}")


@app.command("cycles")
def cycles(
    dataset: Annotated[Path, typer.Argument(help="Dataset (lexel world build).")],
    out: Out,
    samples: Annotated[int, typer.Option(min=1, help="Paths a pixel, before denoising.")] = 6,
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 1,
    quiet: Quiet = False,
    seed: UnusedSeed = None,
    device: UnusedDevice = None,
) -> None:
    """Photograph a dataset's views again with Blender's Cycles; depth, ids and truth stay."""
    from lexel.io.results import check_writable
    from lexel.render.cycles_dataset import CyclesSettings, photograph_again

    check_writable(out)
    with show_progress(quiet) as progress:
        count = photograph_again(dataset, out, CyclesSettings(samples, threads), progress)
    if not quiet:
        typer.echo(f"{count} views in {out}")


@app.command("pictures")
def pictures(
    out: Out,
    rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")] = 12,
    each: Annotated[int, typer.Option(min=1, help="Objects shown of each class.")] = 4,
    quiet: Quiet = False,
    seed: Seed = 0,
    device: UnusedDevice = None,
) -> None:
    """Contact sheets: all classes (classes.png) and some rooms (rooms.png)."""
    from lexel.io.results import check_writable
    from lexel.render.contact_sheet import write_sheet
    from lexel.synthetic.sheets import class_sheet, room_sheet

    check_writable(out)
    with show_progress(quiet) as progress:
        names, strips = class_sheet(seed, each, progress)
        write_sheet(out / "classes.png", strips, columns=3, captions=names)
        write_sheet(out / "rooms.png", room_sheet(seed, rooms, progress), columns=4)
    if not quiet:
        typer.echo(f"{out / 'classes.png'}\n{out / 'rooms.png'}")


@app.command("samples")
def samples(
    out: Out,
    quiet: Quiet = False,
    seed: UnusedSeed = None,
    device: UnusedDevice = None,
) -> None:
    """Write the sample scenes that come with Lexel: a view, a scan and a mesh, with their truth."""
    from lexel.io.results import check_writable
    from lexel.synthetic.sample_scenes import write_sample_scenes

    check_writable(out)
    with show_progress(quiet) as progress:
        write_sample_scenes(out, progress)
    if not quiet:
        typer.echo(f"{out / 'view'}\n{out / 'scan'}\n{out / 'mesh'}")


@app.command("scans")
def scans(
    out: Out,
    rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")] = 10,
    quiet: Quiet = False,
    seed: UnusedSeed = None,
    device: UnusedDevice = None,
) -> None:
    """Write scans of rooms no network has seen, with their truth: what fields are measured on."""
    from lexel.io.results import check_writable
    from lexel.synthetic.sample_scenes import write_held_scans

    check_writable(out)
    with show_progress(quiet) as progress:
        write_held_scans(out, rooms, progress)
    if not quiet:
        typer.echo(f"{rooms} scans in {out}")
