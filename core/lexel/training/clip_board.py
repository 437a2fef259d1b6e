"""TensorBoard's copy of a training's numbers, where it is installed and asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lexel.errors import InputError


class Board:
    """Writes numbers for TensorBoard into a folder.

    Raises:
        InputError: TensorBoard is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as cause:
            raise InputError(
                "TensorBoard is not installed",
                where="--tensorboard",
                do="Run: pip install tensorboard, or read metrics.csv.",
            ) from cause
        self._writer: Any = SummaryWriter(str(folder))

    def write(self, values: Mapping[str, float]) -> None:
        """All of one step; `step` is among them."""
        for name, value in values.items():
            if name != "step":
                self._writer.add_scalar(name, value, int(values["step"]))
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()
