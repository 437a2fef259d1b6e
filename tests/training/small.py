"""The smallest training there is."""

from __future__ import annotations

from pathlib import Path

from lexel.progress import Silent
from lexel.training.approaches import Size
from lexel.training.loop import train
from lexel.training.plan import Plan, Rhythm

SIZE = Size(voxels=8, maps=4, levels=2, channels=4, groups=2, hidden=8, pointing=8, points=300)


def small_plan(task: str = "ovssc", approach: str = "ours", **changed: object) -> Plan:
    """Eight steps of a network of 8³ voxels."""
    values = {"size": SIZE, "steps": 8, "batch": 2, "warm_up": 2, "lr": 1e-2, "positions": 200}
    return Plan(task, approach, ("encoder",), **{**values, **changed})  # type: ignore[arg-type]


def small_training(data: Path, out: Path, plan: Plan | None = None, save: int = 3) -> Path:
    """Train on the CPU with a checkpoint every `save` steps."""
    rhythm = Rhythm(report=2, save=save, validate=4, validation_views=2)
    return train(plan or small_plan(), [data], out, Silent(), validation=data, rhythm=rhythm)
