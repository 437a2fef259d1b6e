"""`lexel eval ovssc|vool` and `lexel summarize`: results of the 3D networks, and their table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import (
    Device,
    Json,
    Quiet,
    Seed,
    Threads,
    UnusedDevice,
    UnusedSeed,
    print_json,
    print_table,
    set_threads,
    show_progress,
)
from lexel.cli.training import eval_app, train_app

if TYPE_CHECKING:
    from lexel.evaluation.answers import Answerer

SURFACE = "surface"

Source = Annotated[str, typer.Option("--relevancies", help="Source below DATASET/relevancies.")]
ResultsFile = Annotated[
    Path, typer.Option("--out", "-o", help="Results CSV; .gz compresses it.", dir_okay=False)
]


@eval_app.command("ovssc", help="Measure completion: IoU on every label of datasets.")
@eval_app.command("vool", help="Measure localisation: IoU on every description of datasets.")
def eval_network(
    context: typer.Context,
    weights: Annotated[str, typer.Argument(help=f"File of `lexel train`; {SURFACE}: baseline.")],
    datasets: Annotated[list[Path], typer.Argument(help="Datasets: validation and test splits.")],
    relevancies: Source,
    out: ResultsFile,
    name: Annotated[
        str | None, typer.Option(help="Row of the table.", show_default="the approach")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Views of each dataset.")] = None,
    threads: Threads = None,
    device: Device = "auto",
    seed: Seed = 0,
    quiet: Quiet = False,
) -> None:
    """One command for both tasks: its own name tells which."""
    from lexel.evaluation.completion import Measurement, evaluate
    from lexel.io.results import check_writable
    from lexel.pipelines.device import pick_device

    set_threads(threads)
    check_writable(out.parent)
    task = context.info_name or ""
    answerer, approach = _answerer(weights, task, pick_device(device), seed)
    measurement = Measurement(task, name or approach, relevancies)
    with show_progress(quiet) as progress:
        count = evaluate(answerer, measurement, datasets, out, progress, limit=limit)
    if not quiet:
        typer.echo(f"Asked {count} questions. Wrote {out}")


def _answerer(weights: str, task: str, device: str, seed: int) -> tuple[Answerer, str]:
    """Who answers, and its row's name."""
    from lexel.completion.embedded import embedded_network
    from lexel.errors import WeightsError
    from lexel.evaluation.answers import NetworkAnswerer, SurfaceAnswerer

    if weights == SURFACE:
        return SurfaceAnswerer(), "observed surface"
    loaded = embedded_network(Path(weights))
    if loaded.task != task:
        raise WeightsError(f"this network is not for {task}", where=weights, got=loaded.task)
    return NetworkAnswerer(loaded.network, device, seed), loaded.approach


def summarize(
    results: Annotated[
        list[Path], typer.Argument(help="Results of lexel eval: of one task; for --report of all.")
    ],
    metric: Annotated[
        str, typer.Option(help="Column, such as unseen_voxel32x32x32_iou.")
    ] = "voxel32x32x32_iou",
    draws: Annotated[int, typer.Option(min=1, help="Tables that intervals rest on.")] = 1000,
    markdown: Annotated[
        Path | None, typer.Option(help="Also write the table there.", dir_okay=False)
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write one document of all tables, and print none.", dir_okay=False),
    ] = None,
    as_json: Json = False,
    seed: Seed = 0,
    device: UnusedDevice = None,
    quiet: Quiet = False,
) -> None:
    """Print the published table's rows and columns from results."""
    from dataclasses import asdict

    from lexel.evaluation.results import read_results
    from lexel.evaluation.summary import TUNING_METRIC, as_cells, as_markdown
    from lexel.evaluation.summary import summarize as make_table
    from lexel.io.atomic import replacing_file

    if report:
        _write_report(report, results, draws, seed)
        return
    measured, tuned = (read_results(results, m) for m in (metric, TUNING_METRIC))
    rows = make_table(measured, tuned, draws=draws, seed=seed)
    if markdown:
        with replacing_file(markdown) as temporary:
            temporary.write_text(as_markdown(rows, metric), encoding="utf-8", newline="\n")
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        print_table(*as_cells(rows))


def _write_report(file: Path, results: list[Path], draws: int, seed: int) -> None:
    from lexel.evaluation.report import write_report
    from lexel.io.atomic import replacing_file

    sights = [path for path in results if path.suffix == ".json"]
    tables = [path for path in results if path not in sights]
    text = write_report(tables, sights, draws=draws, seed=seed)
    with replacing_file(file) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    typer.echo(f"Wrote {file}")


@train_app.command("finish")
def finish(
    network: Annotated[Path, typer.Argument(help="File of `lexel train`.", dir_okay=False)],
    results: Annotated[list[Path], typer.Argument(help="Its results on validation rooms.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Weights to write.", dir_okay=False)],
    seed: UnusedSeed = None,
    device: UnusedDevice = None,
    quiet: Quiet = False,
) -> None:
    """Give a network the cut-off that is best on validation rooms, and write it ready for use."""
    from lexel.completion.embedded import with_cutoff
    from lexel.evaluation.results import read_results
    from lexel.evaluation.summary import TUNING_METRIC, best_cutoff

    measured = read_results(results, TUNING_METRIC)
    cutoff = float(measured.cutoffs[best_cutoff(measured, network.name)])
    with_cutoff(network, cutoff, out)
    if not quiet:
        typer.echo(f"Wrote {out}, cut-off {cutoff:g}")
