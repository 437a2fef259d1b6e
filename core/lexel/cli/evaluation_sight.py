"""`lexel eval sight`: how well an image-text model sees the things of the world's rooms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import (
    Device,
    Encoder,
    Json,
    Quiet,
    Seed,
    Threads,
    print_json,
    print_table,
    set_threads,
    show_progress,
)

if TYPE_CHECKING:
    from lexel.evaluation.sight_rows import Row


def eval_sight(
    datasets: Annotated[list[Path], typer.Argument(help="Datasets of rooms (lexel world build).")],
    encoder: Encoder = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write JSON there.", dir_okay=False)
    ] = None,
    threads: Threads = None,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Measure an image-text model on rooms: classes, synonyms, colours, and relevancy's peak."""
    from dataclasses import asdict

    from lexel.encoders.clip import load_encoder
    from lexel.evaluation.crops import MARGIN
    from lexel.evaluation.sight import FEWEST_PIXELS, Judged, look
    from lexel.evaluation.sight_rows import as_rows, by_class, confusions
    from lexel.io.atomic import replacing_file
    from lexel.io.json_files import write_json
    from lexel.io.results import check_writable
    from lexel.pipelines.device import pick_device
    from lexel.pipelines.room_relevancies import PRESETS, EncoderSource
    from lexel.pipelines.settings import DEFAULT_ENCODER

    set_threads(threads)
    if out:
        check_writable(out.parent)
    judged: list[Judged] = []
    with show_progress(quiet or as_json) as progress:
        model = load_encoder(
            encoder or DEFAULT_ENCODER, device=pick_device(device), seed=seed, progress=progress
        )
        source = EncoderSource(model, PRESETS["ours"])
        for dataset in datasets:
            judged += look(model, source, dataset, progress)
    rows = as_rows(judged, seed=seed)
    told = {
        "reading": source.provenance,
        "crops": {"margin": MARGIN, "fewest_pixels": FEWEST_PIXELS},
        "seed": seed,
        "rows": [asdict(row) for row in rows],
        "classes": by_class(judged),
        "confusions": confusions(judged),
    }
    if out:
        with replacing_file(out) as temporary:
            write_json(temporary, told)
    if as_json:
        print_json(told)
    else:
        _print(rows)


def _print(rows: list[Row]) -> None:
    table = [
        [
            row.set,
            row.measure,
            f"{row.value:.1f} ({row.low:.1f}–{row.high:.1f})",
            f"{row.chance:.1f}",
            "" if row.bar is None else f"{row.bar:.0f}",
            str(row.n),
        ]
        for row in rows
    ]
    print_table(["rooms", "measure", "right, %", "chance", "asked for", "questions"], table)
