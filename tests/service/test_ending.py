"""`lexel serve` as a process: it starts light, and leaves nothing behind when it is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from lexel.io.samples import sample_scene
from lexel.service.client import Client, NoService, ServiceError
from lexel.service.protocol import Ask
from tests.fields.box_room import around
from tests.service.running import running
from tests.service.test_jobs import EMBEDDED, as_upload

START_S = 60
RUN = "import sys; from lexel.cli import main; sys.exit(main())"
GROUP = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if sys.platform == "win32" else {}
STOPS = [signal.CTRL_BREAK_EVENT] if sys.platform == "win32" else [signal.SIGINT, signal.SIGTERM]


@contextmanager
def process(folder: Path, *fields: str):
    """A service, and its `service.json`."""
    (folder / "run").mkdir(mode=0o700)
    (folder / "tmp").mkdir()
    places = {name: str(folder / "tmp") for name in ("TMPDIR", "TEMP", "TMP")}
    with subprocess.Popen(
        [sys.executable, "-c", RUN, "serve", *fields],
        env={**os.environ, **places, "LEXEL_RUNTIME": str(folder / "run")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **GROUP,
    ) as served:
        try:
            yield served, folder / "run" / "service.json"
        finally:
            served.kill()


def wait_until(true, seconds: float = START_S) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize("stop", STOPS)
def test_a_stopped_service_ends_its_jobs_and_leaves_nothing(tmp_path, kitchen, stop):
    with process(tmp_path, kitchen) as (served, file):
        wait_until(file.exists)
        with Client.find(file, 30) as client:
            token = file.read_text().split('"token":"')[1].split('"')[0]
            (field,) = client.greet().fields
            client.ask(field["id"], Ask(("mug",)))
            client.upload("boxes", 0, replace(as_upload(around(1)[0]), ids=None))
            order = {
                **EMBEDDED,
                "scene": str(sample_scene("scan")),
                "out": str(tmp_path / "a.lexel"),
            }
            job = client.start("build", order)
            assert any((tmp_path / "tmp").iterdir())
            wait_until(lambda: client.job(job.id).state == "running")
            threading.Timer(0.5, served.send_signal, [stop]).start()
            # A long poll is answered, or cut off, when the service ends; it is not waited for.
            began = time.monotonic()
            with suppress(ServiceError):
                client.job(job.id, after=10**6, wait_s=25)
            assert time.monotonic() - began < 20
        out, log = served.communicate(timeout=60)
    assert served.returncode == 0, log
    assert not file.exists()
    assert not any((tmp_path / "tmp").iterdir())
    assert not (tmp_path / "a.lexel").exists()
    assert str(file) in out
    assert f"job {job.id}: build cancelled" in log
    assert token not in out + log
    assert "Traceback" not in log


def test_a_field_that_is_none_stops_it_at_the_start(tmp_path):
    with process(tmp_path, str(tmp_path / "none.lexel")) as (served, file):
        _, log = served.communicate(timeout=START_S)
    assert served.returncode == 2
    assert log.startswith("lexel: ")
    assert not file.exists()


def test_who_still_asks_when_it_ends_is_told_so(tmp_path, kitchen):
    with running(tmp_path) as service:
        client = service.client()
        field = client.open_field(kitchen)
        client.ask(field.id, Ask(("mug",)))
    with client, pytest.raises(NoService, match="lexel serve"):
        client.ask(field.id, Ask(("mug",)))
    assert not service.file.exists()


def test_the_service_starts_without_torch():
    code = (
        "import sys, lexel.service.server; print('torch' in sys.modules, 'open3d' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
