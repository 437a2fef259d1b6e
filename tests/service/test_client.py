"""The client against servers that lie: an error in time that says what to do, and no memory."""

from __future__ import annotations

import json
import time
import tracemalloc

import numpy as np
import pytest

from lexel.service.client import BadReply, Client, NoService, Refused, ServiceError, TooSlow
from lexel.service.protocol import Ask, Hello, Limits
from lexel.service.wire import dump
from tests.addon.blender.scripts.stopwatch import held_up_s
from tests.service.liar import dripping, flooding, hanging, lying, saying

HELLO = dump(Hello(1, "0.1.0", (), (), Limits()).as_json())
META = dump({"queries": [], "tier": 1, "balance": 0, "words": [], "meaningless": False})


def reply(
    body: bytes, *headers: bytes, status: bytes = b"200 OK", length: int | None = None
) -> bytes:
    size = str(len(body) if length is None else length).encode()
    return b"\r\n".join([b"HTTP/1.1 " + status, b"Content-Length: " + size, *headers, b"", body])


def scores(*headers: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    usual = (b"Content-Type: application/octet-stream", b"X-Lexel-Meta: " + META)
    return reply(body, *usual, *headers, length=length)


def greet(says, timeout_s=1.0):
    with lying(says) as address, Client(address, timeout_s) as client:
        return client.greet()


def ask(says, timeout_s=1.0):
    with lying(says) as address, Client(address, timeout_s) as client:
        return client.ask("x", Ask(("mug",)))


def test_an_honest_one_is_believed():
    assert greet(saying(reply(HELLO))).version == "0.1.0"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\x01\x02\x03",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nConte",
        reply(HELLO)[:-10],
        reply(HELLO, length=10**9),
        reply(HELLO, length=10**30),
        reply(b"[]"),
        reply(b"{}"),
        reply(b"[" * 60_000),
        reply(HELLO.replace(b'"protocol":1', b'"protocol":2')),
        reply(HELLO.replace(b'"protocol":1', b'"protocol":[1]')),
        b"HTTP/1.1 200 OK\r\n\r\n" + HELLO,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n" + HELLO,
        b"HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_greeting_is_an_error(said):
    with pytest.raises(ServiceError) as error:
        greet(saying(said))
    assert str(error.value)


def test_another_protocol_is_told_so():
    with pytest.raises(BadReply, match=r"another protocol than 1 \(got 2\).*same version"):
        greet(saying(reply(HELLO.replace(b'"protocol":1', b'"protocol":2'))))


@pytest.mark.parametrize(
    "says",
    [hanging(), hanging(b"HTTP/1.1 200"), hanging(reply(HELLO)[:-1]), dripping(reply(HELLO))],
)
def test_who_hangs_is_given_up_in_time(says):
    began = time.monotonic()
    with pytest.raises(TooSlow, match=r"0\.4 s"):
        greet(says, timeout_s=0.4)
    # The liar itself is waited for when it ends.
    assert time.monotonic() - began < 15


def test_giving_up_takes_no_longer_than_was_said():
    with lying(dripping(reply(HELLO) * 3, 0.05)) as address, Client(address, 0.4) as client:
        began = held_up_s()
        with pytest.raises(TooSlow):
            client.greet()
        assert held_up_s() - began < 0.8


F32 = b"X-Lexel-Dtype: float32"
ONE = np.array([[0.5, 0.25]], "<f4").tobytes()


def test_honest_scores_are_read():
    meta = json.loads(META)
    query = {"text": "mug", "presence": None, "said": "", "threshold": {}, "range": {}}
    meta["queries"] = [{**query, "spatial": False, "num_selected": 0, "hits": []}]
    said = scores(F32, b"X-Lexel-Shape: 1,2", body=ONE).replace(META, dump(meta))
    found, told = ask(saying(said))
    np.testing.assert_array_equal(found, [[0.5, 0.25]])
    assert told.queries[0].text == "mug"


@pytest.mark.parametrize(
    "said",
    [
        scores(F32, b"X-Lexel-Shape: 1,2", body=ONE),  # scores of a query that nothing is said of
        scores(F32, b"X-Lexel-Shape: 0,2").replace(META, b"none"),
        scores(F32, b"X-Lexel-Shape: 1,3", body=ONE),
        scores(F32, b"X-Lexel-Shape: 2", body=ONE),
        scores(F32, b"X-Lexel-Shape: 1,-2", body=ONE),
        scores(F32, b"X-Lexel-Shape: 1,9999999999", body=ONE),
        scores(F32, b"X-Lexel-Shape: 60000,60000", length=60000 * 60000 * 4),
        scores(b"X-Lexel-Dtype: object", b"X-Lexel-Shape: 1,1", body=ONE),
        scores(b"X-Lexel-Dtype: float64", b"X-Lexel-Shape: 1,1", body=ONE),
        scores(body=ONE),
        reply(HELLO),
    ],
)
def test_what_is_no_answer_is_an_error(said):
    with pytest.raises(BadReply) as error:
        ask(saying(said))
    assert str(error.value)


@pytest.mark.parametrize(
    "head",
    [
        scores(F32, b"X-Lexel-Shape: 1,268435456", length=2**30),
        reply(b"", b"Content-Type: application/json", length=2**30),
        b"HTTP/1.1 500 No\r\nContent-Length: 1073741824\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n",
    ],
)
def test_a_gigabyte_is_not_read(head):
    tracemalloc.start()
    try:
        with pytest.raises(ServiceError):
            ask(flooding(head))
        assert tracemalloc.get_traced_memory()[1] < 40e6
    finally:
        tracemalloc.stop()


def test_a_refusal_that_says_nothing_is_still_one():
    with pytest.raises(Refused, match="did not say why") as error:
        greet(saying(reply(b"<html>", status=b"500 Oh")))
    assert error.value.status == 500


def test_nobody_there_is_told_with_what_to_do(tmp_path):
    with pytest.raises(NoService, match="lexel serve"):
        Client.find(tmp_path / "service.json")
    with lying(saying(b"")) as address:
        pass
    with Client(address, 1) as client, pytest.raises(NoService, match="lexel serve"):
        client.greet()


def test_a_connection_that_was_closed_meanwhile_is_opened_again():
    with lying(saying(reply(HELLO))) as address, Client(address, 2) as client:
        for _ in range(3):
            client.greet()
            time.sleep(0.05)
