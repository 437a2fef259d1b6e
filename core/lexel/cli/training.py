"""`lexel train` and `lexel eval`: their commands lie beside."""

from __future__ import annotations

import typer

train_app = typer.Typer(no_args_is_help=True, help="Train networks.")
eval_app = typer.Typer(no_args_is_help=True, help="Measure networks.")
