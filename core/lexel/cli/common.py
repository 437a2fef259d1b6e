"""Options, progress bars and tables that the commands share."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from lexel.progress import Progress

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Device = Annotated[str, typer.Option(help="Where networks run: auto, cpu, cuda.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Same seed, same answer.")]
# Every command takes the same options, also those that nothing in it depends on.
UnusedDevice = Annotated[str | None, typer.Option("--device", help="Has no effect here.")]
UnusedSeed = Annotated[int | None, typer.Option("--seed", help="Has no effect here.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.", file_okay=False)]
Encoder = Annotated[
    str | None,
    typer.Option(
        help="Image-text model: ARCH/TAG of open_clip, or a weights file.",
        show_default="ViT-B-32/openai",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        help="3D networks: embedded, untrained, or a checkpoint's path.", show_default="published"
    ),
]
Approach = Annotated[
    str, typer.Option(help="Published training: ours, semaware, chefer_et_al, clipspatial.")
]
Preset = Annotated[
    str | None,
    typer.Option(
        help="How densely to read the image: ours, fast, light, chefer_et_al.",
        show_default="as the network was trained",
    ),
]
Prompts = Annotated[
    list[str] | None,
    typer.Option("--prompt", help='Template with one {}, such as "a photo of a {}."; repeatable.'),
]
Compat = Annotated[
    str | None,
    typer.Option(help="reference: as published, slips included.", metavar="reference"),
]
Threads = Annotated[int | None, typer.Option(min=1, help="CPU threads.", show_default="torch's")]
ViewIndex = Annotated[int, typer.Option("--view", min=0, help="Which view of a recording.")]


@contextlib.contextmanager
def show_progress(silent: bool, *, in_bytes: bool = False) -> Iterator[Progress]:
    """Bars on standard error, with time left; nothing when `silent`."""
    from lexel.progress import Silent

    if silent:
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars

    count = DownloadColumn() if in_bytes else MofNCompleteColumn()
    console = Console(stderr=True, markup=False, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        count,
        TimeRemainingColumn(),
    )
    hidden = not console.is_terminal  # in a pipe, what is said is enough
    with Bars(*columns, console=console, transient=True, disable=hidden) as bars:
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


def set_threads(count: int | None) -> None:
    """Let torch compute on `count` threads of the CPU; None leaves it as it is."""
    if count:
        import torch

        torch.set_num_threads(count)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    # ASCII: pipes on Windows may take no other letters.
    typer.echo(json.dumps(value, indent=1, default=_as_text))


def _as_text(value: object) -> str:
    return value.as_posix() if isinstance(value, Path) else str(value)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table on standard output."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=box.SIMPLE)
    for row in rows:
        table.add_row(*row)
    # Into a pipe a line stays a line, however long.
    width = None if sys.stdout.isatty() else 300
    Console(width=width, markup=False, highlight=False).print(table)
