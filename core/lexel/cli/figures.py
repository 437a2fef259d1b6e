"""`lexel figure` and `lexel object-views`: pictures by Blender, without a display."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lexel.cli.common import Device, Json, Out, Quiet, Seed, print_json, show_progress

if TYPE_CHECKING:
    from lexel.render.stage import Style

Light = Annotated[str, typer.Option(help="soft: daylight; flat: the exact colours.")]
Points = Annotated[str, typer.Option(help="spheres, or discs that lie on the surface.")]
Samples = Annotated[int, typer.Option(min=1, max=4096, help="Paths a pixel, before denoising.")]


def figure(
    recipes: Annotated[list[Path], typer.Argument(help="Recipes; several make a grid.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="A .png, or a .mp4 that turns.", dir_okay=False)
    ],
    preset: Annotated[
        str | None, typer.Option(help="Size and letters: column, page, slide, thumbnail.")
    ] = None,
    width: Annotated[int | None, typer.Option(min=16, max=16384, help="Pixels.")] = None,
    grid: Annotated[
        str | None, typer.Option(help="Columns and rows of several recipes, such as 2x2.")
    ] = None,
    light: Light = "soft",
    points: Points = "spheres",
    shadow: Annotated[bool, typer.Option(help="Let the ground below show a shadow.")] = True,
    cutaway: Annotated[
        bool | None,
        typer.Option(
            help="Leave out near walls and ceilings.", show_default="if the recipe has no camera"
        ),
    ] = None,
    samples: Samples = 16,
    frames: Annotated[int, typer.Option(min=1, max=100_000, help="Of a film.")] = 96,
    fps: Annotated[int, typer.Option(min=1, max=120, help="Frames a second.")] = 24,
    path: Annotated[
        Path | None, typer.Option(help="JSON of cameras that a film goes along.", dir_okay=False)
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    device: Device = "auto",
    seed: Seed = 0,
) -> None:
    """Draw a figure for a paper or a talk: same recipe, same pixels."""
    from lexel.render.figure_api import FigureOptions, make_figure

    style = _style(light, points, samples, device, seed, shadow=shadow)
    options = FigureOptions(preset, width, grid, style, frames, fps, path, device, cutaway)
    began = time.monotonic()
    with show_progress(quiet or as_json) as progress:
        report = make_figure(recipes, out, options, progress)
    seconds = time.monotonic() - began
    if as_json:
        print_json({**vars(report), "seconds": seconds})
        return
    typer.echo(f"Wrote {report.path}: {report.size_px[0]} x {report.size_px[1]}, {seconds:.0f} s")


def object_views(
    mesh: Annotated[Path, typer.Argument(help="A mesh or cloud: .glb, .obj, .ply, .stl, ….")],
    out: Out,
    azimuths: Annotated[int, typer.Option(min=1, max=360, help="All around.")] = 12,
    elevations: Annotated[int, typer.Option(min=1, max=90, help="From level to 60 degrees.")] = 3,
    size: Annotated[int, typer.Option(min=16, max=8192, help="Pixels of a side.")] = 512,
    light: Light = "soft",
    samples: Samples = 16,
    as_json: Json = False,
    quiet: Quiet = False,
    device: Device = "auto",
    seed: Seed = 0,
) -> None:
    """Draw an object from all around, with the cameras in views.json."""
    from lexel.render.object_views import ObjectViews, draw_object

    style = _style(light, "spheres", samples, device, seed, shadow=False)
    with show_progress(quiet or as_json) as progress:
        files = draw_object(mesh, out, ObjectViews(azimuths, elevations, size), style, progress)
    if as_json:
        print_json({"folder": out, "files": [file.name for file in files]})
        return
    typer.echo(f"Wrote {len(files)} views to {out}")


def _style(light: str, points: str, samples: int, device: str, seed: int, *, shadow: bool) -> Style:
    from lexel.render.stage import Light, PointShape, Style, choice

    return Style(
        light=choice(Light, light, "--light"),
        points=choice(PointShape, points, "--points"),
        shadow=shadow,
        samples=samples,
        # By default on the CPU: pictures are the same everywhere.
        device="cpu" if device in ("auto", "cpu") else "gpu",
        seed=seed % 2**31,
    )
