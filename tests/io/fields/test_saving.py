"""A field is written whole or not at all, over nothing but an older field."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lexel.errors import CancelledError, InputError, SceneError
from lexel.io.fields import FieldContent, check_field_path, open_field, save_field
from lexel.io.layers import Layer
from lexel.progress import Silent
from lexel.scene import Evidence, LayerNote
from tests.io.fields.samples import CODES, make_content, write_field

BOOK, POINTS = "codebook.safetensors", "points.ply"


def with_part(part: str, **changes: Any) -> Callable[[FieldContent], FieldContent]:
    """A content with values of one of its parts changed; functions get the old value."""

    def change(content: FieldContent) -> FieldContent:
        old = getattr(content, part)
        new = {k: v(getattr(old, k)) if callable(v) else v for k, v in changes.items()}
        return replace(content, **{part: replace(old, **new)})

    return change


def with_layer(note: LayerNote, layer: Layer) -> Callable[[FieldContent], FieldContent]:
    return lambda content: replace(content, layers=(*content.layers, (note, layer)))


SCORES = Layer(np.zeros(40, np.float32))
NO_REGIONS = Evidence(
    np.zeros(CODES + 1, np.int64),
    np.empty(0, np.int32),
    np.empty((0, 4), np.int32),
    np.empty(0, np.float32),
)


@pytest.mark.parametrize(
    ("change", "name", "told"),
    [
        (with_part("points", code=lambda c: c + 1), POINTS, "a 'code' is not one"),
        (with_part("points", code=lambda c: c.astype(np.int64)), POINTS, "of type int32"),
        (with_part("points", rgb=lambda c: c[:-1]), POINTS, "'rgb' should be 40 x 3"),
        (with_part("points", xyz_m=lambda c: c * np.inf), POINTS, "no finite number"),
        (with_part("points", instance=lambda c: c + 1), POINTS, "is not in instances.json"),
        (with_part("codebook", clip=lambda c: c.astype(np.float32)), BOOK, "of type float16"),
        (with_part("codebook", clip=lambda c: c * np.nan), BOOK, "no unit vector"),
        (with_part("codebook", count=lambda c: c + 1), BOOK, "how many points have each code"),
        (with_part("codebook", sentence=None), BOOK, "'sentence' is missing"),
        (with_part("info", sentence_encoder=None), BOOK, "'sentence' has no place"),
        (with_part("info", forward=np.zeros(3)), "field.json", "'forward' should be a unit"),
        (with_part("info", builder={"name": "x"}), "field.json", "'builder.version' is missing"),
        (with_part("phrases", texts=("a",)), "phrases.safetensors", "should have 1 rows"),
        (with_part("phrases", texts=5 * ("",)), "phrases.json", "a phrase cannot be one"),
        (with_part("evidence", view=lambda v: v + 1), "views/evidence.safetensors", "'view'"),
        (lambda c: replace(c, views=()), "views/evidence.safetensors", "one of the 0 views"),
        (
            lambda c: replace(c, views=(), evidence=NO_REGIONS),
            "views/evidence.safetensors",
            "it needs views",
        ),
        (lambda c: replace(c, instances=2 * c.instances), "instances.json", "the same id"),
        (lambda c: replace(c, layers=2 * c.layers), "field.json", "two layers have one name"),
        (
            with_layer(LayerNote("a", 12, "a", None, (0, 0)), SCORES),
            "field.json",
            "'layers.a.tier' should be a whole number in 0..9",
        ),
        (
            with_layer(LayerNote("a", 3, "a", None, (0, 1)), SCORES),
            "layers/a.safetensors",
            "the range of its scores is",
        ),
        (
            with_layer(LayerNote("a", 3, "a", None, (0, 0)), Layer(SCORES.score[1:])),
            "layers/a.safetensors",
            "it needs 40 scores",
        ),
    ],
)
def test_what_is_no_field_is_refused_before_anything_is_written(
    tmp_path: Path, change: Callable[[FieldContent], FieldContent], name: str, told: str
) -> None:
    target = tmp_path / "room.lexel"
    with pytest.raises(SceneError) as caught:
        save_field(target, change(make_content()))
    assert str(target / name) in str(caught.value)
    assert told in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_more_codes_than_a_field_may_have(tmp_path: Path) -> None:
    content = make_content(num_codes=65_537, evidence=None)
    with pytest.raises(SceneError, match=r"codebook\.safetensors: it needs 1\.\.65536 codes"):
        save_field(tmp_path / "room.lexel", content)


def test_a_field_without_points_is_refused(tmp_path: Path) -> None:
    empty = make_content(1)
    points = replace(empty.points, **{k: v[:0] for k, v in vars(empty.points).items()})
    with pytest.raises(SceneError, match=r"points\.ply: a field needs points"):
        save_field(tmp_path / "room.lexel", replace(empty, points=points))


def test_numbers_of_a_layer_may_be_numpys(tmp_path: Path) -> None:
    numbers: Any = (np.int64(3), (np.float32(0), np.float32(0)))
    note = LayerNote("a", numbers[0], "a", None, numbers[1])
    field = open_field(write_field(tmp_path, layers=((note, SCORES),)))
    assert field.layers == (LayerNote("a", 3, "a", None, (0.0, 0.0)),)


def test_evidence_without_regions_comes_back(tmp_path: Path) -> None:
    field = open_field(write_field(tmp_path, evidence=NO_REGIONS))
    assert field.evidence is not None and len(field.evidence.view) == 0


def test_an_older_field_is_replaced(tmp_path: Path) -> None:
    folder = write_field(tmp_path)
    (folder / "layers" / "left-by-a-killed-append.safetensors").write_bytes(b"x")
    (folder / POINTS).write_bytes(b"damaged")
    save_field(folder, make_content(7, layers=(), evidence=None, views=()))
    assert open_field(folder).num_points == 7
    assert sorted(p.name for p in folder.iterdir()) == [
        BOOK, "field.json", "instances.json", "phrases.json", "phrases.safetensors", POINTS,
    ]  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["room.lexel"]


def test_other_things_are_never_replaced(tmp_path: Path) -> None:
    target = tmp_path / "room.lexel"
    target.mkdir()
    check_field_path(target)  # an empty folder is nothing
    (target / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds what a new field would replace"):
        save_field(target, make_content())
    (target / "notes.txt").unlink()
    save_field(target, make_content())
    (target / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        save_field(target, make_content())
    assert (target / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["room", "room.ply", ".lexel"])
def test_the_name_of_a_field_ends_in_lexel(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"ends in \.lexel"):
        save_field(tmp_path / name, make_content())


class StopsAt(Silent):
    """Cancels the work at a step."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def advance(self, steps: int = 1) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise CancelledError


@pytest.mark.parametrize("steps", range(0, 12, 3))
def test_a_cancelled_write_leaves_what_was_there(tmp_path: Path, steps: int) -> None:
    with pytest.raises(CancelledError):
        save_field(tmp_path / "new.lexel", make_content(), StopsAt(steps))
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from lexel.io.fields import save_field
from lexel.progress import Silent
from tests.io.fields.samples import make_content

class Killed(Silent):
    left = int(sys.argv[2])

    def advance(self, steps=1):
        self.left -= 1
        if self.left < 0:
            os._exit(9)

save_field(sys.argv[1], make_content(9), Killed())
"""


@pytest.mark.parametrize("steps", [0, 7])
def test_a_killed_write_leaves_the_old_field(tmp_path: Path, steps: int) -> None:
    """At once after the points, and in the middle of the sums."""
    folder = write_field(tmp_path)
    before = open_field(folder).sha256
    command = [sys.executable, "-c", KILLED, str(folder), str(steps)]
    assert subprocess.run(command, check=False, timeout=120).returncode == 9
    assert open_field(folder).sha256 == before
    save_field(folder, make_content(9))
    assert open_field(folder).num_points == 9
