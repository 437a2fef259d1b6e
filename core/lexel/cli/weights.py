"""`lexel weights`: list, get, verify and self-test trained weights."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from lexel.encoders.weights import Check, Listed, Verdict
    from lexel.progress import Progress

app = typer.Typer(
    no_args_is_help=True, help="Trained weights: what is here, getting more, checking them."
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
_Device = Annotated[
    str | None, typer.Option("--device", help="Has no effect: weights are handled on the CPU.")
]
_Seed = Annotated[int | None, typer.Option("--seed", help="Has no effect: nothing is random here.")]


@app.command("list")
def list_command(
    as_json: Json = False, quiet: Quiet = False, device: _Device = None, seed: _Seed = None
) -> None:
    """List stored weights and the published ones that can be fetched."""
    from lexel.encoders.weights import cache_folder, list_weights

    lines = list_weights()
    if as_json:
        _print_json(lines)
        return
    rows = [(line.name, _state(line), str(line.path or line.source)) for line in lines]
    _print_table(("weights", "state", "where"), rows)
    if not quiet:
        typer.echo(f"Cache: {cache_folder()} (LEXEL_CACHE moves it)")


@app.command("get")
def get_command(
    name: Annotated[str, typer.Argument(help="ARCH/TAG, semabs, semabs/APPROACH[/TASK]")],
    source: Annotated[
        str | None, typer.Option("--from", help="A copy: path or address of the file or folder.")
    ] = None,
    sha256: Annotated[str | None, typer.Option(help="What the fetched file must have.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: _Device = None,
    seed: _Seed = None,
) -> None:
    """Get weights into the cache; an interrupted download goes on where it stopped."""
    from lexel.encoders.weights import fetch

    with _progress(quiet or as_json) as progress:
        paths = fetch(name, source, progress, sha256=sha256)
    if as_json:
        typer.echo(json.dumps({"name": name, "files": [str(path) for path in paths]}, indent=1))
    else:
        for path in paths:
            typer.echo(str(path))


@app.command("verify")
def verify_command(
    as_json: Json = False, quiet: Quiet = False, device: _Device = None, seed: _Seed = None
) -> None:
    """Re-hash every stored file; exit code 2 when one is not what was fetched."""
    from lexel.encoders.weights import verify

    with _progress(quiet or as_json) as progress:
        verdicts = verify(progress)
    if as_json:
        _print_json(verdicts)
    elif verdicts:
        rows = [(v.name, "sound" if v.sound else "DAMAGED", v.what, str(v.path)) for v in verdicts]
        _print_table(("weights", "state", "found", "file"), rows)
    else:
        typer.echo("There are no weights in the cache.")
    _require_sound(verdicts)


@app.command("selftest")
def selftest_command(
    name: Annotated[str | None, typer.Argument(help="Only these weights.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: _Device = None,
    seed: _Seed = None,
) -> None:
    """Compare weights with published figures, where they are known and the weights are here."""
    from lexel.encoders.weights import selftest

    with _progress(quiet or as_json) as progress:
        checks = selftest(name, progress)
    if as_json:
        _print_json(checks)
    else:
        rows = [(c.subject, c.what, c.expected, c.got, _mark(c), c.basis) for c in checks]
        _print_table(("weights", "figure", "expected", "got", "", "where the figure is from"), rows)
        typer.echo("Published figures can be checked on the published weights only.")
    _require_passed(checks)


def _require_sound(verdicts: Sequence[Verdict]) -> None:
    from lexel.errors import WeightsError

    damaged = [verdict for verdict in verdicts if not verdict.sound]
    if damaged:
        raise WeightsError(
            f"{len(damaged)} of {len(verdicts)} stored files are damaged",
            where=damaged[0].path,
            do="Delete what is damaged and run: lexel weights get NAME",
        )


def _require_passed(checks: Sequence[Check]) -> None:
    from lexel.errors import WeightsError

    failed = [check for check in checks if check.passed is False]
    if failed:
        raise WeightsError(
            f"{len(failed)} of {len(checks)} figures differ: these are not the published weights, "
            "or they are damaged",
            where=failed[0].subject,
            got=f"{failed[0].what}: {failed[0].got}",
            do="Run lexel weights verify, then get them again.",
        )


def _state(line: Listed) -> str:
    return f"{line.bytes / 1e6:,.1f} MB" if line.present else "not here"


def _mark(check: Check) -> str:
    return {True: "ok", False: "DIFFERS", None: "not checked"}[check.passed]


def _print_json(items: Sequence[Any]) -> None:
    plain = [dataclasses.asdict(item) for item in items]
    typer.echo(json.dumps(plain, indent=1, default=_as_text, ensure_ascii=False))


def _as_text(value: object) -> str:
    return value.as_posix() if isinstance(value, Path) else str(value)


def _print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=box.SIMPLE)
    for row in rows:
        table.add_row(*row)
    # Into a pipe a line stays a line, however long.
    width = None if sys.stdout.isatty() else 300
    Console(width=width, markup=False, highlight=False).print(table)


@contextlib.contextmanager
def _progress(silent: bool) -> Iterator[Progress]:
    """Bars that count bytes, on standard error; nothing when `silent`."""
    from lexel.progress import Silent

    if silent:
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn()
    console = Console(stderr=True, markup=False, highlight=False)
    with Bars(*columns, TimeRemainingColumn(), console=console, transient=True) as bars:
        yield _Bar(bars)


class _Bar:
    """A `Progress` that shows its current stage as one bar."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, stage: str, total: int | None) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(stage, total=total)

    def advance(self, steps: int = 1) -> None:
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def say(self, message: str) -> None:
        self._bars.console.print(message)
