"""Whatever the service does, Blender's main thread waits for nothing and hears what to do."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from addon.asking import Question, open_local
from addon.service import JobWatch, Service
from addon.worker import Worker
from lexel.errors import LexelError
from lexel.service.address import HOST
from lexel.service.protocol import JobState
from lexel.service.wire import dump
from tests.addon import liar
from tests.addon.blender.scripts.stopwatch import held_up_s
from tests.pipelines.askable import make_field

MOST_S = 0.05  # that a tick may take
TIMEOUT_S = 0.4
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
FLOATS = b"X-Lexel-Dtype: float32\r\nX-Lexel-Shape: 1,512\r\n"


@pytest.fixture(scope="module")
def wordless(tmp_path_factory):
    """A field whose tower is not on this computer: new words need the service."""
    folder = tmp_path_factory.mktemp("wordless")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        path = make_field(folder)
        patch.setenv("LEXEL_CACHE", str(folder / "nowhere"))
        yield path


class Desk:
    """Somebody before Blender: a worker, a service, and a timer that ticks."""

    def __init__(self, file, timeout_s=TIMEOUT_S):
        self.service = Service(file, timeout_s)
        self.worker = Worker("desk", interrupt=self.service.interrupt)
        self.outcomes, self.longest_s = [], 0.0

    def submit(self, job, topic="ask"):
        self.worker.submit(topic, job, self.outcomes.append)

    def tick(self):
        began = held_up_s()
        more = self.worker.tick()
        self.longest_s = max(self.longest_s, held_up_s() - began)
        return more

    def settle(self, within_s=10.0):
        until = time.monotonic() + within_s
        while self.tick():
            assert time.monotonic() < until, "it never ends"
            time.sleep(0.002)

    def leave(self):
        gone = self.worker.stop()
        self.service.close()
        return gone


@pytest.fixture
def sit():
    """Makes desks, and sees that each is left as it should be, and no thread with it."""
    before, desks = threading.active_count(), []

    def make(file, timeout_s=TIMEOUT_S):
        desks.append(Desk(file, timeout_s))
        return desks[-1]

    yield make
    left = [desk.leave() for desk in desks]
    assert all(left), "a thread stayed"
    assert threading.active_count() == before
    assert max(desk.longest_s for desk in desks) < MOST_S


def error_of(desk):
    (outcome,) = desk.outcomes
    assert outcome.value is None and isinstance(outcome.error, LexelError)
    assert outcome.error.do, f"it does not say what to do: {outcome.error}"
    return str(outcome.error)


FAULTS = {
    "says nothing": (liar.polite(liar.hang), "did not answer within"),
    "a byte now and then": (liar.drip, "did not answer within"),
    "no greeting": (liar.hang, "did not answer within"),
    "not HTTP": (liar.polite(liar.says(b"SSH-2.0-OpenSSH_9.2\r\n" * 9)), "no HTTP"),
    "hangs up": (liar.polite(liar.says(b"", and_hangs_up=True)), "Start"),
    "half a head": (liar.polite(liar.says(GOOD, and_hangs_up=True)), "Start"),
    "half a body": (
        liar.polite(
            liar.says(
                GOOD + FLOATS + b"Content-Length: 2048\r\n\r\n" + b"\0" * 99, and_hangs_up=True
            )
        ),
        "broke off",
    ),
    "a body that stops": (
        liar.polite(liar.says(GOOD + FLOATS + b"Content-Length: 2048\r\n\r\n" + b"\0" * 99)),
        "did not answer within",
    ),
    "another protocol": (liar.says(liar.hello(protocol=2)), "Install the same version"),
    "a gigabyte": (
        liar.polite(liar.gigabyte(GOOD + FLOATS + b"Content-Length: 1048576000\r\n\r\n")),
        "too long",
    ),
    "a gigabyte of JSON": (
        liar.gigabyte(b"HTTP/1.1 200 OK\r\nContent-Length: 1048576000\r\n\r\n"),
        "too long",
    ),
    "a gigabyte of unknown length": (liar.polite(liar.gigabyte(GOOD + FLOATS + b"\r\n")), "long"),
    "a gigabyte in chunks": (
        liar.polite(
            liar.gigabyte(GOOD + FLOATS + b"Transfer-Encoding: chunked\r\n\r\n3e800000\r\n")
        ),
        "long",
    ),
    "a gigabyte of headers": (liar.polite(liar.gigabyte(b"HTTP/1.1 200 OK\r\nX: ")), "no HTTP"),
    "a matrix of 2**62": (
        liar.polite(
            liar.says(GOOD + b"X-Lexel-Dtype: float32\r\nX-Lexel-Shape: 2147483647,2147483647\r\n")
        ),
        "did not answer within",
    ),
    "other vectors": (
        liar.polite(
            liar.says(
                liar.answer(
                    np.zeros((2, 3), np.float32).tobytes(),
                    "application/octet-stream",
                    X_Lexel_Dtype="float32",
                    X_Lexel_Shape="2,3",
                )
            )
        ),
        "Install the same version",
    ),
    "no numbers": (
        liar.polite(
            liar.says(
                liar.answer(
                    np.full((1, 512), np.nan, np.float32).tobytes(),
                    "application/octet-stream",
                    X_Lexel_Dtype="float32",
                    X_Lexel_Shape="1,512",
                )
            )
        ),
        "finite numbers",
    ),
    "JSON that is none": (liar.says(liar.answer(b"{" * 10_000)), "no JSON"),
    "JSON of another kind": (liar.says(liar.answer(b'{"protocol": 1}')), "missing"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_service_that_goes_wrong_is_told_and_nothing_waits(sit, tmp_path, wordless, name):
    reply, said = FAULTS[name]
    with liar.liar(tmp_path, reply) as file:
        desk = sit(file)
        field = open_local(wordless, service=desk.service)
        desk.submit(lambda check: field.reply(Question("zebra"), check))
        desk.settle()
        assert said in error_of(desk)


def test_what_needs_no_service_is_answered_all_the_same(sit, tmp_path, wordless):
    with liar.liar(tmp_path, liar.hang) as file:
        desk = sit(file)
        field = open_local(wordless, service=desk.service)
        desk.submit(lambda check: field.reply(Question("mug"), check))
        desk.settle()
        assert desk.outcomes[0].value.queries[0].said == "there"


def test_nobody_listens(sit, tmp_path):
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    desk = sit(liar.announce(tmp_path / "service.json", port))
    desk.submit(lambda check: desk.service.hello())
    desk.settle()
    assert "cannot be reached" in error_of(desk) and "lexel serve" in error_of(desk)


def test_there_is_no_service(sit, tmp_path):
    desk = sit(tmp_path / "service.json")
    desk.submit(lambda check: desk.service.hello())
    desk.settle()
    assert "no service is running" in error_of(desk) and "lexel serve" in error_of(desk)


def test_a_token_file_of_another_version(sit, tmp_path):
    desk = sit(liar.announce(tmp_path / "service.json", 9, protocol=7))
    desk.submit(lambda check: desk.service.hello())
    desk.settle()
    assert "Install the same version" in error_of(desk)


def test_a_newer_question_does_not_wait_for_one_that_hangs(sit, tmp_path, wordless):
    with liar.liar(tmp_path, liar.polite(liar.hang)) as file:
        desk = sit(file, timeout_s=30)
        field = open_local(wordless, service=desk.service)
        desk.submit(lambda check: field.reply(Question("zebra"), check))
        time.sleep(0.2)
        began = time.monotonic()
        desk.submit(lambda check: field.reply(Question("mug"), check))
        desk.settle()
        assert time.monotonic() - began < 2
        assert [o.value.queries[0].text for o in desk.outcomes] == ["mug"]


def test_leaving_while_the_service_hangs_leaves_no_thread(sit, tmp_path):
    with liar.liar(tmp_path, liar.hang) as file:
        desk = sit(file, timeout_s=30)
        desk.submit(lambda check: desk.service.hello())
        time.sleep(0.1)
        began = time.monotonic()
        assert desk.leave()
        assert time.monotonic() - began < 1


KILLED = """
import socket, sys
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
connection, _ = server.accept()
connection.recv(1)
print("asked", flush=True)
connection.recv(1 << 20)
import time
time.sleep(60)
"""


def test_a_service_killed_in_mid_query(sit, tmp_path):
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE) as process:
        port = int(process.stdout.readline())
        desk = sit(liar.announce(tmp_path / "service.json", port), timeout_s=30)
        desk.submit(lambda check: desk.service.hello())
        assert process.stdout.readline().strip() == b"asked"
        desk.tick()
        process.kill()
        desk.settle()
    assert "Start" in error_of(desk)


def test_a_service_that_was_started_anew_is_found_again(sit, tmp_path):
    desk = sit(tmp_path / "service.json")
    for _ in range(2):
        with liar.liar(tmp_path, liar.polite(liar.hang)):
            desk.submit(lambda check: desk.service.hello().version)
            desk.settle()
        desk.submit(lambda check: desk.service.hello().version)
        desk.settle()
    versions = [outcome.value for outcome in desk.outcomes]
    assert versions == ["0.1.0", None, "0.1.0", None]


def job(state, version, **more):
    return liar.answer(dump(JobState("j1", "build", state, version, **more).as_json()))


def test_a_job_is_watched_to_its_end(sit, tmp_path):
    states = iter(
        [
            job("queued", 1),
            job("running", 2, stage="reading views", done=1, total=4),
            job("done", 3, result={"path": "/f.lexel"}),
        ]
    )
    reply = liar.polite(lambda connection, request: connection.sendall(next(states)))
    with liar.liar(tmp_path, reply) as file:
        desk, watch = sit(file), JobWatch()
        desk.submit(lambda check: desk.service.run_job("build", {}, check, watch), "job")
        desk.settle()
        assert desk.outcomes[0].value == {"path": "/f.lexel"}
        assert watch.state.ended


def test_a_job_that_fails_says_why(sit, tmp_path):
    failed = b'{"id":"j","kind":"build","state":"failed","version":4,"stage":"","done":0,"said":[],'
    failed += b'"error":{"what":"the scene has no depth","got":null,"do":"Give another."}}'
    with liar.liar(tmp_path, liar.polite(liar.says(liar.answer(failed)))) as file:
        desk = sit(file)
        desk.submit(lambda check: desk.service.run_job("build", {}, check, JobWatch()), "job")
        desk.settle()
        assert error_of(desk) == "the scene has no depth. Give another."


def test_a_job_that_was_cancelled_elsewhere_is_told(sit, tmp_path):
    with liar.liar(tmp_path, liar.polite(liar.says(job("cancelled", 2)))) as file:
        desk = sit(file)
        desk.submit(lambda check: desk.service.run_job("build", {}, check, JobWatch()), "job")
        desk.settle()
        assert "cancelled elsewhere" in error_of(desk)


def test_a_job_whose_service_dies_is_told(sit, tmp_path):
    states = iter([job("running", 1), b""])

    def reply(connection, request):
        if content := next(states):
            connection.sendall(content)
        else:
            connection.shutdown(socket.SHUT_RDWR)

    with liar.liar(tmp_path, liar.polite(reply)) as file:
        desk = sit(file)
        desk.submit(lambda check: desk.service.run_job("build", {}, check, JobWatch()), "job")
        desk.settle()
        assert "Start" in error_of(desk)


def test_a_job_that_nobody_waits_for_is_cancelled_there(sit, tmp_path):
    seen, polled = [], threading.Event()

    def reply(connection, request):
        seen.append(request)
        if request.startswith("GET"):  # a long poll
            polled.set()
            connection.recv(1)
        else:
            connection.sendall(job("running", len(seen)))

    with liar.liar(tmp_path, liar.polite(reply)) as file:
        desk = sit(file, timeout_s=30)
        desk.submit(lambda check: desk.service.run_job("build", {}, check, JobWatch()), "job")
        assert polled.wait(5)
        began = time.monotonic()
        desk.worker.cancel("job")
        desk.settle()
        assert time.monotonic() - began < 2
        assert desk.outcomes == []
        assert seen == ["POST /v1/jobs", "GET /v1/jobs/j1", "DELETE /v1/jobs/j1"]


def test_leaving_a_job_of_a_service_that_hangs_takes_a_moment(sit, tmp_path):
    polled = threading.Event()

    def reply(connection, request):
        if request == "POST /v1/jobs":
            connection.sendall(job("running", 1))
            return
        polled.set()
        connection.recv(1)

    with liar.liar(tmp_path, liar.polite(reply)) as file:
        desk = sit(file, timeout_s=30)
        desk.submit(lambda check: desk.service.run_job("build", {}, check, JobWatch()), "job")
        assert polled.wait(5)
        began = time.monotonic()
        assert desk.leave()
        assert time.monotonic() - began < 3
