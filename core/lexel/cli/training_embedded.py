"""`lexel train words` and `lexel train sight`: how the embedded image-text model was made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import Out, Quiet, Seed, Threads, UnusedDevice, set_threads, show_progress

Drawn = Annotated[int, typer.Option(min=1, help="Phrases of random words to learn from.")]
Steps = Annotated[int, typer.Option(min=1, help="Steps of the optimiser, in all.")]
Width = Annotated[int, typer.Option(min=64, help="Of the tower; a multiple of 64.")]
Layers = Annotated[int, typer.Option(min=1, help="Of the tower.")]


def train_words(
    out: Out,
    teacher: Annotated[
        str, typer.Option(help="Sentence model: a name, or a folder.")
    ] = "all-MiniLM-L6-v2",
    dim: Annotated[int, typer.Option(min=8, help="Of the space words and pictures share.")] = 256,
    width: Width = 192,
    layers: Layers = 3,
    drawn: Drawn = 60_000,
    steps: Steps = 1500,
    threads: Threads = None,
    device: UnusedDevice = None,
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """Teach a small text tower what words mean, by a sentence model; no picture is seen."""
    from lexel.encoders.sentence import load_sentence_encoder
    from lexel.io.results import check_writable
    from lexel.training.embedded.words import SightPlan, WordsPlan, teach_words

    set_threads(threads)
    check_writable(out)
    plan = WordsPlan(dim, width, layers, drawn=drawn, steps=steps, seed=seed)
    with show_progress(quiet) as progress:
        teach_words(load_sentence_encoder(teacher), out, plan, SightPlan(), progress)
    if not quiet:
        typer.echo(f"Wrote {out}")


def train_sight(
    dataset: Annotated[Path, typer.Argument(help="Photographs (lexel world build captions).")],
    words: Annotated[Path, typer.Option(help="Folder of lexel train words.", file_okay=False)],
    out: Out,
    image_px: Annotated[int, typer.Option(min=16, help="Side of what the tower reads.")] = 112,
    patch_px: Annotated[int, typer.Option(min=4, help="Side of a patch.")] = 16,
    width: Width = 256,
    layers: Layers = 6,
    steps: Steps = 4000,
    batch: Annotated[int, typer.Option(min=2, help="Crops in a step.")] = 128,
    lr: Annotated[float, typer.Option(min=0.0, help="Peak of the learning rate.")] = 1e-3,
    threads: Threads = None,
    device: UnusedDevice = None,
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """Teach an image tower to meet the words; begun again, it goes on where it was stopped."""
    from lexel.io.results import check_writable
    from lexel.training.embedded.sight import Course, teach_sight
    from lexel.training.embedded.words import SightPlan

    set_threads(threads)
    check_writable(out)
    sight = SightPlan(image_px, patch_px, width, layers)
    with show_progress(quiet) as progress:
        teach_sight(dataset, words, out, sight, Course(steps, batch, lr, seed), progress)
    if not quiet:
        typer.echo(f"Wrote {out}")
