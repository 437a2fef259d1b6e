"""Training the completion networks, on a toy world."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from lexel.completion.embedded import embedded_network
from lexel.errors import CancelledError, InputError
from lexel.progress import Silent
from lexel.training.approaches import APPROACHES
from lexel.training.checkpoint import CHECKPOINT_NAME
from lexel.training.loop import train
from lexel.training.plan import Rhythm
from tests.room_world import make_dataset
from tests.training.small import small_plan, small_training


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("train"), views=4, sources=("encoder", "other"))


def metrics(folder: Path) -> list[dict[str, str]]:
    with (folder / "metrics.csv").open() as stream:
        return list(csv.DictReader(stream))


class Killed(Silent):
    """Dies, or is cancelled, after some steps."""

    def __init__(self, after: int, error: BaseException) -> None:
        self.left, self.error = after, error

    def begin(self, stage: str, total: int | None) -> None:
        self.counts = stage.startswith("training")

    def advance(self, steps: int = 1) -> None:
        if self.counts and steps:
            self.left -= 1
            if self.left < 0:
                raise self.error


@pytest.mark.parametrize("error", [RuntimeError("killed"), CancelledError("cancelled")])
def test_goes_on_after_a_kill_to_the_same_bytes(
    tmp_path: Path, data: Path, error: Exception
) -> None:
    whole = small_training(data, tmp_path / "whole")
    broken = tmp_path / "broken"
    with pytest.raises(type(error)):
        train(small_plan(), [data], broken, Killed(4, error), rhythm=Rhythm(2, 3, 4, 2))
    again = small_training(data, broken)
    assert again.read_bytes() == whole.read_bytes()
    for name in (CHECKPOINT_NAME, "plan.json"):
        assert (broken / name).read_bytes() == (whole.parent / name).read_bytes()
    assert [row["step"] for row in metrics(broken)] == ["2", "4", "6", "8"]


def test_stopping_early_and_going_on_is_one_training(tmp_path: Path, data: Path) -> None:
    plan = small_plan(precision="bf16")
    whole = small_training(data, tmp_path / "whole", plan)
    parts = tmp_path / "parts"
    train(plan, [data], parts, Silent(), rhythm=Rhythm(stop_after=5))
    assert small_training(data, parts, plan).read_bytes() == whole.read_bytes()


def test_other_options_do_not_go_on(tmp_path: Path, data: Path) -> None:
    small_training(data, tmp_path)
    with pytest.raises(InputError, match=r"begun with another lr.*empty folder"):
        small_training(data, tmp_path, small_plan(lr=2e-2))


def test_a_damaged_checkpoint_is_told(tmp_path: Path, data: Path) -> None:
    small_training(data, tmp_path)
    file = tmp_path / CHECKPOINT_NAME
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(InputError, match=r"checkpoint is damaged.*Delete it"):
        small_training(data, tmp_path)


@pytest.mark.parametrize(("task", "approach"), APPROACHES)
def test_every_approach_trains_and_is_read_back(
    tmp_path: Path, data: Path, task: str, approach: str
) -> None:
    file = small_training(data, tmp_path, small_plan(task, approach, steps=2))
    loaded = embedded_network(file)
    assert (loaded.task, loaded.approach) == (task, approach)
    assert type(loaded.network) is APPROACHES[task, approach].kind
    config = loaded.network.config
    assert config.normalised_relevancy == (not APPROACHES[task, approach].colour)
    assert loaded.trained["views"] == 4 and loaded.trained["seed"] == 0


def test_learns(tmp_path: Path, data: Path) -> None:
    """On rooms that it was not trained on. Chance is log 2: half of the positions are true."""
    held = make_dataset(
        tmp_path / "held", views=4, seed=9, sources=("encoder",), split="validation"
    )
    plan = small_plan(steps=60, batch=1, lr=2e-2)
    rhythm = Rhythm(report=5, validate=60, validation_views=4)
    train(plan, [data], tmp_path, Silent(), validation=held, rhythm=rhythm)
    rows = metrics(tmp_path)
    assert float(rows[-1]["validation_loss"]) < 0.75 * math.log(2)
    assert float(rows[-1]["loss"]) < 0.7 * float(rows[0]["loss"])


@pytest.mark.parametrize("split", ["validation", "unseen_instances", "unseen_instances_synonyms"])
def test_a_split_to_test_on_is_never_trained_on(tmp_path: Path, split: str) -> None:
    data = make_dataset(tmp_path / "data", views=2, sources=("encoder",), split=split)
    with pytest.raises(InputError, match="must not learn from a split they are tested on"):
        small_training(data, tmp_path / "out")
