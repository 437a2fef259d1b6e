"""Exit codes: 0 done, 2 the input is wrong, 130 cancelled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

# What Ctrl-C does, at a moment when the encoder is at work.
INTERRUPTED = """
import _thread, signal, sys, threading
from lexel.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit "ignore"
sys.argv = ["lexel", *sys.argv[1:]]
import lexel.relevancy.extractor  # the import takes longest; what follows is the work
threading.Timer(0.8, _thread.interrupt_main).start()
sys.exit(main())
"""


def test_help_is_no_error(lexel):
    ran = lexel("--help")
    assert ran.code == 0
    for command in "doctor relevancy complete locate weights train eval summarize world".split():
        assert command in ran.out


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["complete"], ["doctor", "x", "--fast"], ["complete", "x", "--seed", "-1"]],
    ids=" ".join,
)
def test_a_command_line_that_cannot_be_parsed(lexel, arguments):
    assert lexel(*arguments).code == 2


def test_ctrl_c_is_130_and_leaves_nothing(tmp_path: Path, made: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (3000, 3000, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "photo.png")
    command = [
        "relevancy",
        tmp_path / "photo.png",
        "--labels",
        "a; b",
        "--preset",
        "ours",
    ]
    command += ["--encoder", made / "encoder.safetensors", "--out", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, *map(str, command)],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]
