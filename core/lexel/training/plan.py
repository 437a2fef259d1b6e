"""What a training is asked to do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from lexel.errors import InputError
from lexel.training.approaches import Size
from lexel.training.samples import Recipe


@dataclass(frozen=True)
class Plan:
    """Everything a training depends on besides its data.

    Attributes:
        task, approach: what is trained.
        relevancies: sources that samples draw from.
        size: of the network.
        steps: of the optimiser, in all.
        batch: views in a step, over all processes.
        lr, warm_up, weight_decay: of the optimiser and its schedule.
        seed: of first weights and samples.
        positions, questions, repeats: see `Recipe`.
        precision: `float32` or `bf16`.
    """

    task: str
    approach: str
    relevancies: tuple[str, ...]
    size: Size = field(default_factory=Size)
    steps: int = 10_000
    batch: int = 2
    lr: float = 5e-3
    warm_up: int = 200
    weight_decay: float = 1e-5
    seed: int = 0
    positions: int = 8000
    questions: int = 4
    repeats: int = 8
    precision: str = "bf16"

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.task, self.size.points, self.positions, self.questions, self.repeats)


@dataclass(frozen=True)
class Rhythm:
    """How often things happen, in steps; they change nothing in the weights."""

    report: int = 10
    save: int = 200
    validate: int = 500
    validation_views: int = 32
    stop_after: int | None = None


def check_plan(plan: Plan) -> None:
    """An `InputError` when the plan cannot be carried out."""
    if not plan.relevancies:
        raise InputError("training needs relevancies", do="Name a source: --relevancies NAME.")
    numbers = (plan.steps, plan.batch, plan.positions, plan.questions, plan.repeats)
    if min(numbers) < 1 or plan.size.points < 1 or not plan.lr > 0:
        raise InputError("steps, batch, points and rate must be positive", got=numbers)


def settings_of(plan: Plan) -> dict[str, Any]:
    """The plan as JSON gives it back: tuples are lists there."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(plan).items()}
