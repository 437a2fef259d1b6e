"""`lexel view`: the window."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import UnusedDevice, UnusedSeed
from lexel.errors import InputError


def view(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A field, a recording, results, a mesh, a cloud, a photo or a recipe.",
            show_default="the sample",
        ),
    ] = None,
    query: Annotated[str, typer.Option(help="Typed when the field is open.")] = "",
    screenshot: Annotated[
        Path | None,
        typer.Option(help="Write the window as a picture and leave.", dir_okay=False),
    ] = None,
    theme: Annotated[str, typer.Option(help="dark, light or system.", show_default="as set")] = "",
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Look at a field, type, and see what answers."""
    if find_spec("PyQt6") is None:
        raise InputError("the viewer needs PyQt6", do='Install it: pip install "lexel[viewer]".')
    from lexel.viewer.app import view as show

    raise typer.Exit(show(path, query=query, screenshot=screenshot, theme=theme))
