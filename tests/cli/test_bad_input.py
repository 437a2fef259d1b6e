"""Wrong, damaged or hostile input: one sentence, exit code 2, and nothing left on disk."""

from __future__ import annotations

import os
import pickle

import numpy as np
import pytest

from lexel.scene import Description
from tests.cli.conftest import everything
from tests.io.samples import semabs_dict, write_record3d, write_semabs

DEPTH = semabs_dict()["depth"]


class Hostile:
    """Makes a folder when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("trace",)


def hostile(folder):
    return write_semabs(folder, rgb=Hostile())


def truncated(folder):
    path = write_semabs(folder)
    path.write_bytes(path.read_bytes()[:-500])
    return path


def no_depth(folder):
    return write_semabs(folder, depth=np.full_like(DEPTH, np.nan))


def long_label(folder):
    return write_semabs(folder, ovssc_obj_classes=["x" * 10_000], descriptions=[])


def no_words(folder):
    return write_semabs(folder, ovssc_obj_classes=[], descriptions=[])


def wrong_sizes(folder):
    return write_record3d(folder, dw=33)


def missing(folder):
    return folder / "nothing.pkl"


@pytest.mark.parametrize("command", ["complete", "locate", "doctor"])
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (hostile, "Nothing was executed"),
        (truncated, "damaged, cut short, or no pickle"),
        (no_depth, "depth"),
        (long_label, "10,000 characters"),
        (wrong_sizes, "room.r3d"),
        (missing, "does not exist"),
    ],
)
def test_scenes(lexel, made, nowhere, command, make, sentence):
    path = make(nowhere)
    before = everything(nowhere)
    weights = [] if command == "doctor" else ["--weights", "untrained"]
    ran = lexel(command, path, *weights)
    assert ran.code == 2
    assert sentence in ran.err + ran.out
    assert ran.sentence.startswith("lexel: ")
    assert everything(nowhere) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--labels", ""], "no labels"),
        (["--labels", " ; "], "no labels"),
        pytest.param(["--labels", "x" * 10_000], "10,000 characters", id="long label"),
        (["--labels", "a\u2028b"], "control character or line break"),
        (["--preset", "slow"], "no such relevancy preset"),
        (["--compat", "exact"], "--compat knows one way"),
        (["--prompt", "no place"], "exactly one {}"),
        (["--weights", "nothing/here"], "no such file or folder"),
        (["--weights", "nothing.safetensors"], "no weights that Lexel wrote"),
        (["--encoder", "nothing.pth"], "no such file or folder"),
        (["--view", "3"], "view"),
        (["--device", "abacus"], "cannot be used"),
    ],
    ids=str,
)
def test_options(lexel, made, nowhere, arguments, sentence):
    given = {"--encoder": made / "encoder.safetensors", "--weights": made / "ovssc"}
    given |= dict([arguments])
    ran = lexel("complete", made / "room", *[x for pair in given.items() for x in pair])
    assert ran.code == 2
    assert sentence in ran.err
    assert everything(nowhere) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("the mug", "needs a relation between two things"),
        ("the mug on the ", "LabelError"),
        ("cup on tray in kitchen", "more than one relation"),
        ("mug|near|sofa", "bars must separate"),
        (str(Description("x" * 10_000, "on", "sofa")), "10,000 characters"),
    ],
    ids=["no relation", "no reference", "two relations", "unknown relation", "too long"],
)
def test_descriptions(lexel, made, nowhere, text, sentence):
    ran = lexel("locate", made / "room", text, "--weights", made / "vool")
    assert ran.code == 2
    assert sentence in ran.err or sentence == "LabelError"
    assert everything(nowhere) == []


@pytest.mark.parametrize("command", ["complete", "locate"])
def test_a_scene_without_words(lexel, nowhere, command):
    path = no_words(nowhere)
    before = everything(nowhere)
    ran = lexel(command, path, "--weights", "untrained", "--encoder", "ViT-S-32-alt/untrained")
    assert ran.code == 2
    assert {"complete": "no labels", "locate": "nothing to locate"}[command] in ran.err
    assert everything(nowhere) == before


def test_the_network_of_the_other_task(lexel, made, nowhere):
    ran = lexel("complete", made / "room", "--weights", made / "vool")
    assert ran.code == 2
    assert "not a network for completion" in ran.err
    assert everything(nowhere) == []


def test_a_hostile_checkpoint(lexel, made, nowhere):
    (nowhere / "args.pkl").write_bytes(pickle.dumps(Hostile()))
    (nowhere / "net.pth").write_bytes((made / "ovssc/latest.pth").read_bytes())
    ran = lexel("complete", made / "room", "--weights", nowhere)
    assert ran.code == 2
    assert "Nothing was executed" in ran.err
    assert everything(nowhere) == ["args.pkl", "net.pth"]


class TestWithoutWeights:
    """The one command that gets them is told."""

    def test_complete(self, lexel, made, nowhere):
        ran = lexel("complete", made / "room")
        assert ran.code == 2
        assert "lexel weights get semabs/ours/ovssc" in ran.err
        assert everything(nowhere.parent) == ["here"]

    def test_locate_by_another_training(self, lexel, made, nowhere):
        ran = lexel("locate", made / "room", "--approach", "semaware")
        assert ran.code == 2
        assert "lexel weights get semabs/semaware/vool" in ran.err
        assert everything(nowhere.parent) == ["here"]

    def test_the_encoder(self, lexel, made, nowhere):
        ran = lexel("complete", made / "room", "--weights", made / "ovssc")
        assert ran.code == 2
        assert "lexel weights get ViT-B-32/openai" in ran.err
        assert everything(nowhere.parent) == ["here"]

    def test_an_unknown_training(self, lexel, made, nowhere):
        ran = lexel("complete", made / "room", "--approach", "clipspatial")
        assert ran.code == 2
        assert "Choose one of: ours, chefer_et_al, semaware" in ran.err


class TestOutputThatMustNotBeTouched:
    """Told before the long work, not after it: there are no weights here to work with."""

    def test_a_folder_of_somebody_else(self, lexel, made, nowhere):
        theirs = nowhere / "out/tiny-room.lexel"
        theirs.mkdir(parents=True)
        (theirs / "thesis.txt").write_text("years of work", encoding="utf-8")
        before = everything(nowhere)
        ran = lexel("complete", made / "room")
        assert ran.code == 2
        assert "would be lost" in ran.err
        assert everything(nowhere) == before

    def test_a_file_of_that_name(self, lexel, made, nowhere):
        (nowhere / "out").write_text("a file", encoding="utf-8")
        ran = lexel("complete", made / "room")
        assert ran.code == 2
        assert everything(nowhere) == ["out"]
