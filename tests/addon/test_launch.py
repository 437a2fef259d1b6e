"""Starting a service, and leaving none behind."""

from __future__ import annotations

import os
import sys

import pytest

from addon.launch import Launcher
from addon.service import Service
from lexel.errors import CancelledError, InputError, LexelError
from tests.addon.blender.scripts.stopwatch import held_up_s

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="scripts stand in for the command")

SERVES = """
import sys, time
sys.path[:0] = {path!r}
from pathlib import Path
from tests.addon.liar import hello, liar, says
with liar(Path({folder!r}), says(hello())):
    time.sleep(60)
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Makes a program that stands in for `lexel`; services are announced in a folder of ours."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("LEXEL_RUNTIME", str(folder))

    def make(code):
        path = tmp_path / "lexel"
        code = code.format(path=[p for p in sys.path if p], folder=str(folder))
        path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def launcher():
    made = Launcher()
    yield made
    made.end()
    assert not made.running


def test_a_service_is_started_found_and_ended(command, launcher):
    launcher.start(command(SERVES))
    service = Service()
    assert service.hello().version == "0.1.0"
    service.close()
    launcher.start(command("raise SystemExit('never run: one is there already')"))
    began = held_up_s()
    launcher.ask_to_end()
    assert held_up_s() - began < 0.05
    launcher.end()
    with pytest.raises(LexelError):
        service.hello()


def test_what_ends_at_once_says_why(command, launcher):
    with pytest.raises(LexelError, match="no module called torch"):
        launcher.start(command("import sys; sys.exit('there is no module called torch')"))
    assert not launcher.running


def test_what_is_no_program_is_refused(tmp_path, launcher):
    with pytest.raises(InputError, match="Choose the `lexel` command"):
        launcher.start(tmp_path / "nothing")


def test_giving_up_ends_what_was_started(command, launcher, tmp_path):
    told = tmp_path / "run" / "pid"
    code = "import os, time; open({folder!r} + '/pid', 'w').write(str(os.getpid())); time.sleep(60)"

    def give_up():
        if told.exists() and told.read_text():
            raise CancelledError

    with pytest.raises(CancelledError):
        launcher.start(command(code), give_up)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
