"""`lexel weights`: list, get, verify and self-test trained weights."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import (
    Json,
    Quiet,
    UnusedDevice,
    UnusedSeed,
    print_json,
    print_table,
    show_progress,
)

if TYPE_CHECKING:
    from lexel.encoders.weights import Check, Listed, Verdict

app = typer.Typer(
    no_args_is_help=True, help="Trained weights: what is here, getting more, checking them."
)


@app.command("list")
def list_command(
    as_json: Json = False,
    quiet: Quiet = False,
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """List stored weights and the published ones that can be fetched."""
    from lexel.encoders.weights import cache_folder, list_weights

    lines = list_weights()
    if as_json:
        print_json([dataclasses.asdict(item) for item in lines])
        return
    rows = [(line.name, _state(line), str(line.path or line.source)) for line in lines]
    print_table(("weights", "state", "where"), rows)
    if not quiet:
        typer.echo(f"Cache: {cache_folder()} (LEXEL_CACHE moves it)")


@app.command("get")
def get_command(
    name: Annotated[
        str,
        typer.Argument(
            help="ARCH/TAG, text/ARCH/TAG, sentence/MODEL, semabs, semabs/APPROACH/TASK"
        ),
    ],
    source: Annotated[
        str | None, typer.Option("--from", help="A copy: path or address of the file or folder.")
    ] = None,
    sha256: Annotated[str | None, typer.Option(help="What the fetched file must have.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Get weights into the cache; an interrupted download goes on where it stopped."""
    from lexel.encoders.weights import fetch

    with show_progress(quiet or as_json, in_bytes=True) as progress:
        paths = fetch(name, source, progress, sha256=sha256)
    if as_json:
        print_json({"name": name, "files": paths})
    else:
        for path in paths:
            typer.echo(str(path))


@app.command("verify")
def verify_command(
    as_json: Json = False,
    quiet: Quiet = False,
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Re-hash every stored file; exit code 2 when one is not what was fetched."""
    from lexel.encoders.weights import verify

    with show_progress(quiet or as_json, in_bytes=True) as progress:
        verdicts = verify(progress)
    if as_json:
        print_json([dataclasses.asdict(item) for item in verdicts])
    elif verdicts:
        rows = [(v.name, "sound" if v.sound else "DAMAGED", v.what, str(v.path)) for v in verdicts]
        print_table(("weights", "state", "found", "file"), rows)
    else:
        typer.echo("There are no weights in the cache.")
    _require_sound(verdicts)


@app.command("selftest")
def selftest_command(
    name: Annotated[str | None, typer.Argument(help="Only these weights.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Compare weights with published figures, where they are known and the weights are here."""
    from lexel.encoders.weights import selftest

    with show_progress(quiet or as_json) as progress:
        checks = selftest(name, progress)
    if as_json:
        print_json([dataclasses.asdict(item) for item in checks])
    else:
        rows = [(c.subject, c.what, c.expected, c.got, _mark(c), c.basis) for c in checks]
        print_table(("weights", "figure", "expected", "got", "", "where the figure is from"), rows)
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
