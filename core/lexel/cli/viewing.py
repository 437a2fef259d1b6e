"""`lexel view`: the window."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from lexel.cli.common import UnusedDevice, UnusedSeed
from lexel.errors import InputError

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def can_show_windows() -> bool:
    """Whether there is a display, and what draws windows is installed."""
    display = sys.platform != "linux" or any(map(os.environ.get, _DISPLAYS))
    return display and find_spec("PyQt6") is not None


def view(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A field, a recording, results, a mesh, a cloud, a photo or a recipe.",
            show_default="the sample",
        ),
    ] = None,
    query: Annotated[str, typer.Option(help="Typed when the field is open.")] = "",
    connect: Annotated[
        str,
        typer.Option(
            help="A service that encodes words: http://127.0.0.1:PORT.", show_default="none"
        ),
    ] = "",
    screenshot: Annotated[
        Path | None,
        typer.Option(help="Write the window as a picture and leave.", dir_okay=False),
    ] = None,
    theme: Annotated[str, typer.Option(help="dark, light or system.", show_default="as set")] = "",
    device: UnusedDevice = None,
    seed: UnusedSeed = None,
) -> None:
    """Look at a field, a scan, a mesh or a photo, type, and see what answers."""
    if find_spec("PyQt6") is None:
        raise InputError("the viewer needs PyQt6", do='Install it: pip install "lexel[viewer]".')
    from lexel.viewer.app import view as show

    raise typer.Exit(show(path, query=query, connect=connect, screenshot=screenshot, theme=theme))
