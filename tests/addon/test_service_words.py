"""Words that numpy cannot encode here come from the real service, and mean the same."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest

import lexel
from addon.asking import Question, open_local
from addon.service import Service
from lexel.service.protocol import Encode
from tests.pipelines.askable import make_field
from tests.service.running import running


@pytest.fixture
def kitchen(tmp_path, monkeypatch):
    """A field whose tower is in the cache."""
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    return make_field(tmp_path)


@pytest.fixture
def expected(kitchen):
    """What core answers of it, by balance."""
    field = lexel.open_field(kitchen)
    return {balance: field.ask("zebra", balance=balance).codes.scores[0] for balance in (0.0, 0.5)}


@contextmanager
def service_alone(kitchen, folder):
    """A service that has read the tower; afterwards this process finds none any more."""
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch, running(folder, fields=(kitchen,)) as service:
        patch.setenv("LEXEL_CACHE", str(kitchen.parent / "cache"))
        with service.client() as client:
            name = client.greet().encoders[0]["name"]
            client.encode(Encode(name, ("anything",), sentence=True))
        patch.setenv("LEXEL_CACHE", str(kitchen.parent / "nowhere"))
        yield service.file


@pytest.fixture
def served(kitchen, expected, tmp_path):
    with service_alone(kitchen, tmp_path / "run") as file:
        ours = Service(file)
        yield open_local(kitchen, service=ours)
        ours.close()


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_the_service_says_what_a_word_means(served, expected, balance):
    reply = served.reply(Question("zebra", balance=balance))
    np.testing.assert_allclose(reply.shown.score, expected[balance], atol=1e-5)
    assert reply.notes == () and reply.queries[0].text == "zebra"


def test_words_of_the_fields_own_table_ask_nobody(served):
    assert served.reply(Question("mug")).words == ("table",)


def test_the_sentence_half_is_left_out_only_while_nobody_encodes_it(
    kitchen, expected, tmp_path, monkeypatch
):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "nowhere"))
    with service_alone(kitchen, tmp_path / "run") as file:
        ours = Service(file)
        field = open_local(kitchen, service=ours)
        field.reply(Question("zebra"))
    reply = field.reply(Question("zebra", balance=0.5))
    assert "left out" in reply.notes[0] and "lexel serve" in reply.notes[0]
    with service_alone(kitchen, tmp_path / "run"):
        reply = field.reply(Question("zebra", balance=0.5))
        np.testing.assert_allclose(reply.shown.score, expected[0.5], atol=1e-5)
        ours.close()
