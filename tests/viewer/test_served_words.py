"""A field whose words a service encodes."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.errors import EncoderError, InputError, WeightsError
from lexel.pipelines.ask import open_field
from lexel.progress import Silent
from lexel.service.protocol import Encode
from lexel.viewer.served_words import TOKEN_VARIABLE, connect
from tests.service.running import running

WORD = "xylophone"  # no phrase of the field's table


@pytest.fixture(scope="module")
def service(tmp_path_factory, kitchen):
    """It has the field's text tower; who asks it from the tests below has none."""
    with running(tmp_path_factory.mktemp("service")) as found, found.client() as client:
        told = client.open_field(kitchen).field["encoder"]
        client.encode(Encode(f"{told['name']}/{told['pretrained']}", (WORD,), True))
        yield found


@pytest.fixture
def url(service, monkeypatch, tmp_path):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv(TOKEN_VARIABLE, service.address.token)
    return f"http://127.0.0.1:{service.address.port}"


def test_words_that_nobody_here_can_encode_come_from_the_service(url, kitchen):
    with pytest.raises(WeightsError):
        open_field(kitchen).ask(WORD)
    served = connect(url)
    answer = served.open_field(kitchen, Silent()).ask(f"{WORD}; mug", balance=0.3)
    served.client.close()
    assert answer.codes.balance == pytest.approx(0.3)
    assert answer.codes.scores.shape[0] == 2 and np.isfinite(answer.codes.scores).all()


@pytest.mark.parametrize(
    "wrong",
    ["https://127.0.0.1:80", "http://example.org:80", "http://127.0.0.1", "localhost:1", ""],
)
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(InputError, match="address"):
        connect(wrong)


def test_a_service_that_is_not_there_or_does_not_know_us_is_told(url, monkeypatch):
    with pytest.raises(InputError):
        connect("http://127.0.0.1:1")
    monkeypatch.setenv(TOKEN_VARIABLE, "a-token-that-is-not-the-right-one")
    with pytest.raises(InputError):
        connect(url)


def test_a_service_that_has_gone_is_no_answer(tmp_path, kitchen, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "empty"))
    with running(tmp_path) as service:
        monkeypatch.setenv(TOKEN_VARIABLE, service.address.token)
        served = connect(f"http://127.0.0.1:{service.address.port}")
    field = served.open_field(kitchen, Silent())
    with pytest.raises(EncoderError):
        field.ask("a word that nobody has encoded yet")
    served.client.close()
