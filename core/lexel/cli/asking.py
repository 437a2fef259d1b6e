"""`lexel ask`: what is in a field, where, and how surely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import (
    Device,
    Json,
    Quiet,
    UnusedSeed,
    print_json,
    print_table,
    show_progress,
)

if TYPE_CHECKING:
    from lexel.geometry.transforms import Float
    from lexel.pipelines.askable import FieldAnswer, QueryAnswer


def ask(
    field: Annotated[Path, typer.Argument(help="A field: a folder NAME.lexel.")],
    text: Annotated[
        str,
        typer.Argument(
            help='"mug; chair -table", "the mug on the table", mug^2, "red" and not "blue".'
        ),
    ],
    without: Annotated[
        list[str] | None,
        typer.Option("--not", help="What nothing must be taken for; repeatable."),
    ] = None,
    balance: Annotated[float, typer.Option(min=0.0, max=1.0, help="0 visual, 1 sentence.")] = 0.0,
    top: Annotated[int, typer.Option(min=0, help="Most places to show for each query.")] = 5,
    export: Annotated[
        Path | None,
        typer.Option(help="Write a score for every point: .ply or .npz.", dir_okay=False),
    ] = None,
    camera: Annotated[
        str | None,
        typer.Option(
            help="Who says left and behind: a view's number, or JSON with world_from_camera."
        ),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: Device = "auto",
    seed: UnusedSeed = None,
) -> None:
    """Ask a field what is there, where, and how surely."""
    from lexel.io.viewer_camera import load_viewer_camera
    from lexel.pipelines.ask import open_field
    from lexel.pipelines.export_answer import check_export_path, export_answer

    if export is not None:
        check_export_path(export)
    who: int | Float | None = None
    if camera is not None:
        who = int(camera) if camera.isdecimal() else load_viewer_camera(Path(camera))
    with show_progress(quiet or as_json) as progress:
        asked = open_field(field, device=device, progress=progress)
        answer = asked.ask(text, negatives=without or (), balance=balance, top=top, camera=who)
        if export is not None:
            export_answer(asked, answer, export)
    if as_json:
        print_json({"field": field, **answer.as_json(), "export": export})
        return
    _print(answer)
    if export is not None:
        typer.echo(f"Wrote {export}")


def _print(answer: FieldAnswer) -> None:
    if answer.meaningless:
        typer.echo("MEANINGLESS: this field was built with random weights.")
    for query in answer.queries:
        typer.echo(_sentence(query))
        if query.hits:
            print_table(("object", "score", "centre, m", "size, m", "points"), _rows(query))


def _sentence(query: QueryAnswer) -> str:
    sure = "" if query.presence is None else f" ({query.presence:.0%})"
    limits = ", ".join(f"{value:.3f} ({kind})" for kind, value in query.threshold.items())
    selected = "" if query.spatial else f"; {query.num_selected:,} points above {limits}"
    return f"{query.text}: {query.said}{sure}{selected}"


def _rows(query: QueryAnswer) -> list[tuple[str, ...]]:
    return [
        (
            f"{hit.label} #{hit.id}".strip(),
            f"{hit.score:.3f}",
            "{:.2f} {:.2f} {:.2f}".format(*hit.centre),
            "{:.2f} {:.2f} {:.2f}".format(*(hit.aabb[1] - hit.aabb[0])),
            f"{hit.count:,}",
        )
        for hit in query.hits
    ]
