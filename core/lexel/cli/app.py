"""`lexel`: its commands, and how errors become sentences and exit codes."""

from __future__ import annotations

import sys

import typer

from lexel.cli import scenes, weights
from lexel.errors import LexelError

app = typer.Typer(
    name="lexel",
    help="Ask 3D scenes questions in plain words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("doctor")(scenes.doctor)
app.command("relevancy")(scenes.relevancy)
app.command("complete")(scenes.complete)
app.command("locate")(scenes.locate)
app.add_typer(weights.app, name="weights")


def main() -> int:
    """Run the command line; the exit code is 0 done, 2 wrong input, 1 our fault, 130 cancelled."""
    try:
        app(standalone_mode=True)
    except LexelError as error:
        print(f"lexel: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("lexel: cancelled.", file=sys.stderr)
        return 130
    return 0
