"""`lexel train clip`: an image-text model learns from captioned pictures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import (
    Device,
    Json,
    Out,
    Quiet,
    Seed,
    print_json,
    show_progress,
)

SHARE = 0.2

Table = Annotated[Path, typer.Argument(help="CSV: image,caption[,id], as of Flickr8k.")]
Images = Annotated[Path, typer.Option("--images", help="Folder of the images.")]
Share = Annotated[float, typer.Option("--validation", help="Share of images held out.")]
Workers = Annotated[int, typer.Option(min=1, help="Threads that read images.")]


def train_clip(
    captions: Table,
    images: Images,
    out: Out,
    model: Annotated[
        str, typer.Option(help="open_clip's name, its .json, or a folder of this command.")
    ] = "ViT-B-32",
    pretrained: Annotated[
        str | None, typer.Option(help="Its weights: a file, or ARCH/TAG of the cache.")
    ] = None,
    image_tower: Annotated[
        str | None, typer.Option(help="timm's name of another image tower, such as resnet50.")
    ] = None,
    image_weights: Annotated[
        Path | None, typer.Option(help="File of timm's weights for it.", dir_okay=False)
    ] = None,
    projection: Annotated[
        str, typer.Option(help="From timm's tower to the shared space: linear, mlp.")
    ] = "linear",
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the captions, in all.")] = 4,
    batch: Annotated[int, typer.Option(min=2, help="Pairs in a step.")] = 32,
    image_lr: Annotated[float, typer.Option(min=0, help="Image tower; 0 keeps it.")] = 1e-4,
    text_lr: Annotated[float, typer.Option(min=0, help="Text tower; 0 keeps it.")] = 1e-5,
    head_lr: Annotated[float, typer.Option(min=0, help="Projections and temperature.")] = 1e-3,
    weight_decay: Annotated[float, typer.Option(min=0, help="Of the projections.")] = 1e-3,
    patience: Annotated[
        int, typer.Option(min=0, help="Epochs on a plateau before rates fall.")
    ] = 1,
    factor: Annotated[float, typer.Option(help="By which they fall.")] = 0.8,
    validation: Share = SHARE,
    precision: Annotated[
        str, typer.Option(help="auto (fp16 on a GPU), float32, bf16, fp16.")
    ] = "auto",
    save_every: Annotated[int, typer.Option(min=1, help="Steps between checkpoints.")] = 1000,
    workers: Workers = 2,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Log for TensorBoard as well.")
    ] = False,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train or fine-tune an image-text model; run again, it goes on where it was stopped."""
    from lexel.io.results import check_writable
    from lexel.pipelines.device import pick_device
    from lexel.training import clip
    from lexel.training.captions import read_captions
    from lexel.training.clip_plan import ClipPlan, Rhythm
    from lexel.training.clip_towers import Towers

    check_writable(out)
    rows = read_captions(captions, images)
    towers = Towers(model, pretrained, image_tower, image_weights, projection)
    plan = ClipPlan(
        epochs=epochs,
        batch=batch,
        image_lr=image_lr,
        text_lr=text_lr,
        head_lr=head_lr,
        weight_decay=weight_decay,
        patience=patience,
        factor=factor,
        share=validation,
        precision=precision,
        seed=seed,
    )
    with show_progress(quiet or as_json) as progress:
        trained = clip.train_clip(
            rows,
            images,
            out,
            towers,
            plan,
            progress,
            device=pick_device(device),
            rhythm=Rhythm(save_every, workers, tensorboard),
        )
    if as_json:
        print_json(asdict(trained))
    elif not quiet:
        best = f"epoch {trained.best_epoch}, validation loss {trained.best_loss:.4f}"
        typer.echo(f"Wrote {trained.folder} ({best})")
