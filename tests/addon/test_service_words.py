"""Words that numpy cannot encode here come from the real service, and mean the same."""

from __future__ import annotations

import numpy as np
import pytest

import lexel
from addon.asking import Question, open_local
from addon.service import Service
from lexel.service.protocol import Encode
from tests.pipelines.askable import make_field
from tests.service.running import running


@pytest.fixture
def served(tmp_path, monkeypatch):
    """A field, what core answers of it, and a service; this process has no tower any more."""
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    path = make_field(tmp_path)
    expected = {b: lexel.open_field(path).ask("zebra", balance=b).codes for b in (0.0, 0.5)}
    folder = tmp_path / "run"
    folder.mkdir()
    with running(folder, fields=(path,)) as service, service.client() as client:
        name = client.greet().encoders[0]["name"]
        client.encode(Encode(name, ("anything",), sentence=True))  # it reads its tower now
        monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "nowhere"))
        ours = Service(service.file)
        yield path, ours, expected
        ours.close()


@pytest.mark.parametrize("balance", [0.0, 0.5])
def test_the_service_says_what_a_word_means(served, balance):
    path, service, expected = served
    reply = open_local(path, service=service).reply(Question("zebra", balance=balance))
    np.testing.assert_allclose(reply.shown.score, expected[balance].scores[0], atol=1e-5)
    assert reply.notes == () and reply.queries[0].text == "zebra"


def test_words_of_the_fields_own_table_ask_nobody(served):
    path, service, _ = served
    assert open_local(path, service=service).reply(Question("mug")).words == ("table",)
