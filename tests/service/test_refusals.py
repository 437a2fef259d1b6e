"""Strangers, oversized bodies, slow senders, nonsense: refused, noted, and the service lives."""

from __future__ import annotations

import json
import logging
import time
from contextlib import ExitStack

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uvicorn.protocols.http.h11_impl import H11Protocol

from lexel.service.client import Refused, ServiceError
from lexel.service.connections import LimitedProtocol
from lexel.service.protocol import Ask, Limits
from tests.service.running import read_all, running, status_of

ASK = b'{"queries":["mug"]}'


def fault(reply: bytes) -> dict[str, str]:
    return json.loads(reply.partition(b"\r\n\r\n")[2])["error"]


@pytest.mark.parametrize(
    ("headers", "status", "says"),
    [
        ({"Authorization": ""}, 401, "token"),
        ({"Authorization": "Bearer wrong"}, 401, "token"),
        ({"Authorization": "Basic dXNlcjpwdw=="}, 401, "token"),
        ({"Authorization": "Bearer \xfc"}, 401, "token"),
        ({"Host": "example.com"}, 403, "Host"),
        ({"Host": "127.0.0.1.example.com"}, 403, "Host"),
        ({"Host": "localhost:80:80"}, 403, "Host"),
        ({"Origin": "http://127.0.0.1"}, 403, "web pages"),
        ({"Origin": "null"}, 403, "web pages"),
    ],
)
def test_strangers_are_refused(service, headers, status, says):
    reply = service.raw(service.head("GET", "/v1/hello", **headers))
    assert status_of(reply) == status
    assert says in fault(reply)["what"]


def test_strangers_hold_no_connection(service):
    reply = service.raw(service.head("GET", "/v1/hello", Authorization="", Connection=""))
    assert status_of(reply) == 401  # and all was read: the service closed it


def test_uvicorn_still_calls_what_is_overridden():
    own = {name for name in vars(LimitedProtocol) if name.islower() and not name.startswith("_")}
    assert len(own) == 6
    assert own <= set(dir(H11Protocol))
    assert "shutdown" in vars(uvicorn.Server)


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1"])
def test_this_computer_s_own_names_are_let_in(service, host):
    assert status_of(service.raw(service.head("GET", "/v1/hello", Host=host))) == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/hello/", 404),
        ("GET", "/v2/hello", 404),
        ("GET", "/v1/../hello", 404),
        ("GET", "/v1/fields/..%2F..%2Fetc%2Fpasswd", 404),
        ("POST", "/v1/hello", 405),
        ("GET", "/v1/encode", 405),
        ("DELETE", "/v1/fields/abc", 405),
        ("PUT", "/v1/uploads/..%2Fa/0", 404),
        ("PUT", "/v1/uploads/a/-1", 400),
        ("PUT", f"/v1/uploads/a/{'9' * 5000}", 400),
        ("GET", "/v1/jobs/abc?after=nan", 404),
    ],
)
def test_calls_that_are_none_are_refused_as_json(service, method, path, status):
    reply = service.raw(service.head(method, path))
    assert status_of(reply) == status
    assert fault(reply)["what"]


@pytest.mark.parametrize(
    ("path", "limit"),
    [("/v1/fields", Limits().body_bytes), ("/v1/uploads/a/0", Limits().upload_bytes)],
)
def test_a_body_that_promises_too_much_is_refused_before_it_comes(service, path, limit):
    method = "PUT" if "uploads" in path else "POST"
    with service.socket() as sock:
        sock.sendall(service.head(method, path, Content_Length=str(limit + 1)))
        reply = read_all(sock)
    assert status_of(reply) == 413
    assert str(limit) in fault(reply)["what"]


def test_a_body_that_grows_too_long_is_refused(service):
    part = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with service.socket() as sock:
        sock.sendall(service.head("POST", "/v1/fields", Transfer_Encoding="chunked"))
        sock.sendall(part * 17)
        assert status_of(sock.recv(65536)) == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"path": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"path": ["a"]}',
        b'{"path": "\\ud800"}',
        b"1" * 9999,
    ],
)
def test_bodies_that_are_none_are_refused(service, body):
    head = service.head("POST", "/v1/fields", Content_Length=str(len(body)))
    reply = service.raw(head + body)
    assert status_of(reply) == 400
    assert fault(reply)["what"]


@pytest.mark.parametrize(
    "request_", [b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"\r\n" * 50 + b"x\r\n\r\n"]
)
def test_what_is_no_http_is_answered_as_json(service, request_):
    reply = service.raw(request_)
    assert status_of(reply) == 400
    assert "no HTTP" in fault(reply)["what"]


def test_a_head_without_end_is_refused(service):
    reply = service.raw(b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 200_000)
    assert not reply or status_of(reply) == 400


def test_refusals_are_noted_without_the_token(service, caplog):
    token = service.address.token
    with caplog.at_level(logging.DEBUG, "lexel.service"):
        service.raw(service.head("GET", f"/{token}", Host="example.com"))
        service.raw(service.head("GET", "/v1/hello"))
    notes = [record.getMessage() for record in caplog.records]
    assert any("403" in note for note in notes)
    assert any("200" in note for note in notes)
    assert token not in "".join(notes)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A service with little patience and little room."""
    limits = Limits(send_s=1.0, connections=8)
    with running(tmp_path_factory.mktemp("hasty"), limits=limits) as found:
        yield found


def answers_soon(service):
    """It takes notice of connections that have gone before long."""
    until = time.monotonic() + 20
    while True:
        try:
            with service.client() as client:
                client.greet()
        except ServiceError:
            assert time.monotonic() < until
            time.sleep(0.05)
        else:
            return


@pytest.mark.parametrize("begun", [b"", b"POST /v1/fields HT", "head", "half a body"])
def test_half_a_request_is_ended_in_time(hasty, begun):
    if isinstance(begun, str):
        length = "100" if begun == "half a body" else "5"
        half = b"{" if begun == "half a body" else b""
        begun = hasty.head("POST", "/v1/fields", Content_Length=length) + half
    began = time.monotonic()
    with hasty.socket() as sock:
        sock.sendall(begun)
        reply = read_all(sock)
    assert 0.9 < time.monotonic() - began < 10
    assert status_of(reply) == 408


def test_who_sends_a_byte_now_and_then_is_ended_too(hasty):
    began = time.monotonic()
    with hasty.socket() as sock, ExitStack() as broken:
        broken.enter_context(pytest.raises(OSError))  # noqa: PT011 - closed in any of several ways
        for byte in hasty.head("GET", "/v1/hello"):
            sock.sendall(bytes([byte]))
            time.sleep(0.1)
    assert time.monotonic() - began < 12  # the head would take 15


def test_a_patient_client_is_not_ended_between_requests(hasty):
    with hasty.client() as client:
        time.sleep(1.5)
        client.greet()


def test_one_connection_too_many_is_told_so(hasty):
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(hasty.socket())
        time.sleep(0.2)
        reply = hasty.raw(hasty.head("GET", "/v1/hello"))
    assert status_of(reply) == 503
    assert "8 connections" in fault(reply)["what"]
    answers_soon(hasty)


def test_half_open_connections_are_forgotten(hasty):
    for _ in range(30):
        with hasty.socket() as sock:
            sock.sendall(hasty.head("POST", "/v1/fields", Content_Length="50") + b'{"pa')
    answers_soon(hasty)


METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"])
PATHS = st.one_of(
    st.sampled_from(
        (
            "/v1/hello /v1/fields /v1/fields/x /v1/fields/x/ask /v1/encode /v1/jobs "
            "/v1/jobs/x?after=1&wait=x /v1/uploads/x/0"
        ).split()
    ),
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map("/v1/".__add__),
)
HALVES = st.just("\ud800")  # of a character: JSON may say it, no text can hold it
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | HALVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)
KEYS = st.sampled_from(
    (
        "queries negatives balance examples client seq camera top path encoder phrases sentence "
        "kind arguments"
    ).split()
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.dictionaries(KEYS, VALUES, max_size=6).map(lambda value: json.dumps(value).encode()),
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(METHODS, PATHS, BODIES, st.booleans())
def test_requests_of_any_kind_are_answered_and_never_our_fault(service, method, path, body, honest):
    length = str(len(body)) if honest else str(len(body) + 3)
    with service.socket() as sock:
        sock.sendall(service.head(method, path, Content_Length=length) + body)
        if not honest:
            return
        reply = read_all(sock)
    assert status_of(reply) < 500


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_asks_of_any_kind_are_answered_and_never_our_fault(service, kitchen_id, value):
    body = json.dumps(value).encode()
    head = service.head("POST", f"/v1/fields/{kitchen_id}/ask", Content_Length=str(len(body)))
    assert status_of(service.raw(head + body)) in (200, 400, 409)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_do_no_harm(service, sent):
    with service.socket() as sock:
        sock.sendall(sent)


@pytest.fixture(scope="module")
def kitchen_id(service, kitchen):
    with service.client() as client:
        return client.open_field(kitchen).id


def test_after_all_this_it_answers(client, kitchen):
    field = client.open_field(kitchen)
    scores, _ = client.ask(field.id, Ask(("mug",)))
    assert scores.shape == (1, field.field["num_codes"])
    with pytest.raises(Refused, match="whole path"):
        client.open_field("kitchen.lexel")
