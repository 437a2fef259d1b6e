"""Starting a service, and leaving none behind."""

from __future__ import annotations

import os
import sys
import time

import pytest

from addon.launch import Launcher
from addon.service import NoServiceError, Service
from lexel.errors import CancelledError, InputError, LexelError
from tests.addon.liar import hello, liar, says

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


@pytest.fixture
def service():
    made = Service()
    yield made
    made.close()


def patient():
    """Does not give up."""


def test_a_service_is_started_found_and_ended(command, launcher, service, tmp_path):
    log = tmp_path / "logs" / "service.log"
    launcher.ensure(service, str(command(SERVES)), log, patient)
    assert service.hello().version == "0.1.0" and launcher.running
    launcher.ensure(service, None, log, patient)  # it runs: no command is needed
    began = time.monotonic()
    launcher.ask_to_end()
    assert time.monotonic() - began < 0.05
    launcher.end()
    with pytest.raises(NoServiceError, match="lexel serve"):
        service.hello()


def test_one_that_runs_already_is_used(launcher, service, tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_RUNTIME", str(tmp_path))
    with liar(tmp_path, says(hello())):
        launcher.ensure(service, None, tmp_path / "log", patient)
    assert not launcher.running


def test_what_ends_at_once_says_why(command, launcher, service, tmp_path):
    program = command("import sys; sys.exit('there is no module called torch')")
    with pytest.raises(LexelError, match="no module called torch") as caught:
        launcher.ensure(service, str(program), tmp_path / "log", patient)
    assert str(tmp_path / "log") in caught.value.do and not launcher.running


@pytest.mark.parametrize("name", [None, "nothing"])
def test_what_is_no_program_is_refused(command, launcher, service, tmp_path, name):
    command("")
    program = name and str(tmp_path / name)
    with pytest.raises(InputError, match="`lexel`"):
        launcher.ensure(service, program, tmp_path / "log", patient)


def test_giving_up_ends_what_was_started(command, launcher, service, tmp_path):
    told = tmp_path / "run" / "pid"
    code = "import os, time; open({folder!r} + '/pid', 'w').write(str(os.getpid())); time.sleep(60)"

    def give_up():
        if told.exists() and told.read_text():
            raise CancelledError

    with pytest.raises(CancelledError):
        launcher.ensure(service, str(command(code)), tmp_path / "log", give_up)
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)
