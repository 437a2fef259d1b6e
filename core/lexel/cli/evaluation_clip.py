"""`lexel eval clip`: how well an image-text model finds captions, pictures and classes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexel.cli.common import (
    Device,
    Json,
    Prompts,
    Quiet,
    Seed,
    print_json,
    print_table,
    show_progress,
)
from lexel.cli.training_clip import SHARE, Images, Share, Table, Workers
from lexel.errors import InputError

if TYPE_CHECKING:
    from lexel.evaluation.embedding import ImageTextModel
    from lexel.evaluation.retrieval import Retrieval, ZeroShot
    from lexel.progress import Progress
    from lexel.training.captions import Caption

_SPLITS = ("all", "training", "validation")


def eval_clip(
    captions: Table,
    images: Images,
    encoder: Annotated[
        str, typer.Option(help="Folder of lexel train clip, ARCH/TAG, or a weights file.")
    ] = "ViT-B-32/openai",
    split: Annotated[
        str, typer.Option(help="all, training, validation: as of lexel train clip.")
    ] = "all",
    validation: Share = SHARE,
    classes: Annotated[
        Path | None,
        typer.Option(help="CSV image,class: zero-shot accuracy too.", dir_okay=False),
    ] = None,
    prompt: Prompts = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write JSON there.", dir_okay=False)
    ] = None,
    workers: Workers = 2,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure an image-text model: recall@1/5/10 both ways, and zero-shot accuracy."""
    from lexel.evaluation.embedding import open_model
    from lexel.io.atomic import replacing_file
    from lexel.io.json_files import write_json
    from lexel.io.results import check_writable
    from lexel.pipelines.device import pick_device
    from lexel.training.captions import read_captions, read_classes

    if out:
        check_writable(out.parent)
    rows = _chosen(read_captions(captions, images), split, validation, seed)
    labelled = read_classes(classes, images) if classes else []
    with show_progress(quiet or as_json) as progress:
        model = open_model(encoder, pick_device(device), seed=seed, progress=progress)
        results = _retrieval(model, rows, images, progress, workers)
        told = {"encoder": model.name, "split": split, "seed": seed}
        told |= {way: asdict(found) for way, found in results.items()}
        if classes:
            zero_shot = _zero_shot(model, labelled, images, prompt, progress, workers)
            told["zero_shot"] = asdict(zero_shot)
    if out:
        with replacing_file(out) as temporary:
            write_json(temporary, told)
    if as_json:
        print_json(told)
        return
    _print_retrieval(results)
    if classes:
        _print_zero_shot(zero_shot)


def _chosen(rows: list[Caption], split: str, share: float, seed: int) -> list[Caption]:
    from lexel.training.captions import split_captions

    if split not in _SPLITS:
        raise InputError("there is no such split", got=split, do=f"Choose of {_SPLITS}.")
    if split == "all":
        return rows
    training, validation = split_captions(rows, share, seed)
    return training if split == "training" else validation


def _retrieval(
    model: ImageTextModel, rows: list[Caption], folder: Path, progress: Progress, workers: int
) -> dict[str, Retrieval]:
    from lexel.evaluation.retrieval import inverted, measure_retrieval, right_answers

    names, texts, right = right_answers((row.image, row.text) for row in rows)
    seen = model.embed_images([folder / name for name in names], progress, workers)
    said = model.embed_texts(texts, progress)
    return {
        "image_to_text": measure_retrieval(seen, said, right),
        "text_to_image": measure_retrieval(said, seen, inverted(right, len(texts))),
    }


def _zero_shot(
    model: ImageTextModel,
    labelled: list[tuple[str, str]],
    folder: Path,
    prompts: list[str] | None,
    progress: Progress,
    workers: int,
) -> ZeroShot:
    from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
    from lexel.evaluation.retrieval import measure_zero_shot

    names = sorted({name for _, name in labelled})
    said = model.embed_classes(names, prompts or [PHOTOGRAPH_TEMPLATE], progress)
    seen = model.embed_images([folder / image for image, _ in labelled], progress, workers)
    return measure_zero_shot(seen, said, [names.index(name) for _, name in labelled])


def _print_retrieval(results: dict[str, Retrieval]) -> None:
    depths = list(next(iter(results.values())).recall)
    headings = ["", *(f"recall@{k} (chance)" for k in depths), "median rank", "queries", "answers"]
    rows: list[list[Any]] = []
    for way, found in results.items():
        cells = [f"{found.recall[k]:.1%} ({found.chance[k]:.1%})" for k in depths]
        counts = [f"{found.median_rank:g}", str(found.queries), str(found.answers)]
        rows.append([way.replace("_", " "), *cells, *counts])
    print_table(headings, rows)


def _print_zero_shot(found: ZeroShot) -> None:
    typer.echo(
        f"Zero-shot over {found.classes} classes, {found.images} images: "
        f"top-1 {found.top1:.1%}, top-5 {found.top5:.1%}"
    )
