"""`lexel serve`: fields, answers and jobs for other programs of this computer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import Device, Quiet, UnusedSeed, show_progress

if TYPE_CHECKING:
    from lexel.service.address import Address


def serve(
    fields: Annotated[
        list[Path] | None, typer.Argument(help="Fields to open at once: NAME.lexel.")
    ] = None,
    device: Device = "auto",
    quiet: Quiet = False,
    seed: UnusedSeed = None,
) -> None:
    """Answer other programs of this computer until stopped (docs/service.md)."""
    import logging

    from lexel.service.server import Setup, serve

    # Requests that were refused are told in any case.
    level = logging.WARNING if quiet else logging.INFO
    logging.basicConfig(format="%(asctime)s %(message)s", level=level)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    with show_progress(quiet) as progress:
        serve(Setup(tuple(fields or ()), device=device, progress=progress), _tell)


def _tell(address: Address, file: Path) -> None:
    typer.echo(f"Serving at http://127.0.0.1:{address.port}; the token is in {file}")
    typer.echo("Ctrl-C stops it.")
