"""`lexel demo`: the main job on the sample scenes, with the weights inside the package."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lexel.cli.common import Device, Json, Out, Quiet, Seed, print_json, print_table, show_progress
from lexel.cli.scenes import write_files
from lexel.cli.viewing import can_show_windows

if TYPE_CHECKING:
    from lexel.pipelines.api import Models
    from lexel.pipelines.settings import Settings
    from lexel.progress import Progress
    from lexel.scene import Answer

_QUESTIONS = "bookcase; piano; couch"


def demo(
    out: Out = Path("lexel-demo"),
    no_window: Annotated[
        bool, typer.Option("--no-window", help="Do not open the viewer at the end.")
    ] = False,
    device: Device = "auto",
    seed: Seed = 0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Complete a view, find what is hidden, build a field of a scan and ask it: all offline."""
    from lexel.encoders.weights.embedded import EMBEDDED
    from lexel.io.results import check_writable
    from lexel.pipelines.api import Models
    from lexel.pipelines.settings import Settings

    check_writable(out)
    models, settings = Models(weights=EMBEDDED, device=device), Settings(seed=seed)
    seconds: dict[str, float] = {}
    with show_progress(quiet or as_json) as progress:
        with _timed(seconds, "complete"):
            completed = _complete(out, models, settings, progress)
        with _timed(seconds, "locate"):
            located = _locate(out, models, settings, progress)
        with _timed(seconds, "build"):
            field = _build(out, models, progress)
        with _timed(seconds, "ask"):
            answers = _ask(field)
    files = sorted(path for path in out.iterdir() if path.suffix in (".png", ".lexel"))
    if as_json:
        told = {"found": _found(completed, located), "answers": answers}
        print_json({**told, "files": files, "seconds": seconds})
        return
    rows = [(f["text"], f"{f['voxels']:,}") for f in _found(completed, located)]
    print_table(("asked of the view", "voxels"), rows)
    print_table(("asked of the scan", "is it there?", "best object"), _answer_rows(answers))
    for path in files:
        typer.echo(f"Wrote {path}")
    typer.echo(", ".join(f"{name} {took:.0f} s" for name, took in seconds.items()))
    if not no_window and can_show_windows():
        from lexel.viewer.app import view

        typer.echo("Opening the viewer; --no-window leaves it out.")
        raise typer.Exit(view(field))


def _complete(out: Path, models: Models, settings: Settings, progress: Progress) -> Answer:
    from lexel.io.samples import sample_scene
    from lexel.pipelines import api

    answer = api.complete(sample_scene("view"), models=models, settings=settings, progress=progress)
    write_files(answer, out, film=False, progress=progress)
    _draw(answer, out)
    return answer


def _locate(out: Path, models: Models, settings: Settings, progress: Progress) -> Answer:
    from lexel.io.results import write_answer
    from lexel.io.samples import sample_scene
    from lexel.pipelines import api

    answer = api.locate(sample_scene("view"), models=models, settings=settings, progress=progress)
    write_answer(answer, out, progress)  # the picture of relevancies stays that of the completion
    _draw(answer, out)
    return answer


def _draw(answer: Answer, out: Path) -> None:
    from lexel.render.turntable import write_still

    write_still(answer, out / f"{answer.kind.value}.png")


def _build(out: Path, models: Models, progress: Progress) -> Path:
    from lexel.io.samples import sample_scene
    from lexel.pipelines.fields_api import build

    field = out / "scan.lexel"
    build(sample_scene("scan"), field, models=models, progress=progress)
    return field


def _ask(field: Path) -> list[dict[str, Any]]:
    from lexel.pipelines.ask import open_field

    return [query.as_json() for query in open_field(field).ask(_QUESTIONS).queries]


def _answer_rows(answers: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    rows = []
    for answer in answers:
        best = answer["hits"][0]["label"] if answer["hits"] else "none"
        sure = "" if answer["presence"] is None else f" ({answer['presence']:.0%})"
        rows.append((answer["text"], answer["said"] + sure, best))
    return rows


def _found(*answers: Answer) -> list[dict[str, Any]]:
    return [
        {"text": found.text, "kind": answer.kind.value, "voxels": len(found.points_m)}
        for answer in answers
        for found in answer.found
    ]


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began = time.monotonic()
    yield
    seconds[name] = time.monotonic() - began
