"""What Blender believes of the results of a service's jobs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from addon.jobs import COMPLETE, LOCATE, SceneQuestion, answer_scene, build_field
from addon.photograph import Photograph
from addon.service import JobWatch, Service
from lexel.errors import LexelError
from lexel.service.protocol import JobState
from lexel.service.wire import dump
from tests.addon import liar

OUT = Path(__file__).with_name("never-written.lexel")
THING = {"id": 6, "codes": [3, 1], "shares": [0.75, 0.25], "num_points": 40}


@pytest.fixture
def told(tmp_path):
    """Has a service tell a result, and does something with it."""

    def tell(result, work):
        done = dump(JobState("j1", "build", "done", 1, result=result).as_json())
        with liar.liar(tmp_path, liar.polite(liar.says(liar.answer(done)))) as file:
            service = Service(file)
            try:
                return work(service, lambda: None, JobWatch())
            finally:
                service.close()

    return tell


def photograph():
    size = (2, 3)
    return Photograph(
        np.zeros((*size, 3), np.uint8),
        np.ones(size, np.float32),
        np.ones(size, np.int32),
        np.eye(3),
        np.eye(4),
    )


def build(service, check, watch):
    return build_field(
        service, check, watch, photographs=[photograph()], out=OUT, weights="embedded"
    )


def test_objects_keep_their_numbers_and_the_field_is_where_it_was_wanted(told):
    built = told({"field": "/elsewhere.lexel", "objects": [THING]}, build)
    assert built.path == OUT
    assert built.codes == {7: ((3, 0.75), (1, 0.25))}


@pytest.mark.parametrize(
    "objects",
    [
        [{**THING, "codes": [3]}],
        [{**THING, "codes": [-1, 2]}],
        [{**THING, "codes": [2**40, 2]}],
        [{**THING, "codes": "ab"}],
        [{**THING, "shares": [None, 1]}],
        [{**THING, "id": "6"}],
        [{"id": 6}],
        ["thing"],
        {"id": 6},
    ],
)
def test_objects_that_are_none_are_refused(told, objects):
    with pytest.raises(LexelError, match="not understood") as refused:
        told({"field": str(OUT), "objects": objects}, build)
    assert "same version" in refused.value.do


@pytest.mark.parametrize("kind", [COMPLETE, LOCATE])
@pytest.mark.parametrize("folder", ["/etc", "results.lexel", None, 7])
def test_results_elsewhere_are_not_opened(told, kind, folder):
    question = SceneQuestion(kind, OUT, OUT, ("mug",), 0, None, quick=True)

    def work(*told_to):
        return answer_scene(*told_to, question=question)

    with pytest.raises(LexelError, match="not understood"):
        told({"folder": folder}, work)
    assert told({"folder": str(OUT / "a.lexel")}, work) == OUT / "a.lexel"
