"""Each call, as a client makes it, held to what Lexel answers in this process."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import lexel
from lexel.pipelines.ask import open_field
from lexel.service.client import Refused, Superseded
from lexel.service.protocol import Ask, Encode, ExampleCodes, Limits
from tests.service.running import running

TIGHT = 1e-5  # texts are encoded in other company


@pytest.fixture
def field(client, kitchen):
    return client.open_field(kitchen)


def test_hello_tells_versions_fields_encoders_and_limits(client, field):
    hello = client.greet()
    assert (hello.protocol, hello.version) == (1, lexel.__version__)
    assert hello.limits == Limits()
    assert [one["id"] for one in hello.fields] == [field.id]
    assert hello.fields[0]["num_points"] == 100
    (spoken,) = hello.encoders
    assert spoken["dim"] == field.field["encoder"]["dim"]


def test_a_field_is_opened_once_and_found_by_its_id(client, field, kitchen):
    assert client.open_field(kitchen) == client.field(field.id) == field
    assert field.field == json.loads((Path(kitchen) / "field.json").read_text())


def test_scores_are_those_of_the_same_question_asked_here(client, field, kitchen):
    own = open_field(kitchen)
    ask = Ask(("mug", "floor", "-table"), balance=0.3, top=2)
    scores, meta = client.ask(field.id, ask)
    answer = own.ask("mug; floor; -table", balance=0.3, top=2)
    np.testing.assert_allclose(scores, answer.codes.scores, atol=TIGHT)
    told = answer.queries[0]
    assert meta.queries[0].text == "mug"
    assert meta.queries[0].presence == pytest.approx(told.presence)
    assert meta.queries[0].threshold == pytest.approx(told.threshold)
    assert [hit["id"] for hit in meta.queries[0].hits] == [hit.id for hit in told.hits]
    assert meta.balance == answer.codes.balance
    assert not meta.meaningless


def test_negatives_stand_in_place_of_the_fields_own(client, field, kitchen):
    scores, _ = client.ask(field.id, Ask(("mug",), negatives=("table",)))
    own, without = (open_field(kitchen).ask("mug", instead=n) for n in (("table",), None))
    np.testing.assert_allclose(scores, own.codes.scores, atol=TIGHT)
    assert np.abs(scores - without.codes.scores).max() > 100 * TIGHT


def test_picked_codes_are_asked_like_words(client, field):
    scores, meta = client.ask(field.id, Ask((), examples=(ExampleCodes((1, 1, 2), (1, 2, -0.5)),)))
    assert scores[0].argmax() == 1
    assert meta.queries[0].presence is None


def test_who_looks_says_what_is_left(client, field):
    camera = np.eye(4)
    camera[:3, :3] = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]  # looks along +x
    text = "the mug behind the table"
    _, ahead = client.ask(field.id, Ask((text,), camera=camera, top=4))
    camera[:3, :3] = [[0, 0, -1], [1, 0, 0], [0, -1, 0]]
    _, back = client.ask(field.id, Ask((text,), camera=camera, top=4))
    assert ahead.queries[0].spatial
    best = [{hit["id"]: hit["score"] for hit in one.queries[0].hits} for one in (ahead, back)]
    assert best[0][0] > best[1][0]  # the mug at x = 0.5, the table at 0


def test_phrases_are_encoded_as_the_field_does(client, field, kitchen):
    name = client.greet().encoders[0]["name"]
    vectors = client.encode(Encode(name, ("mug", "a blue cup")))
    own = open_field(kitchen).encode(("mug", "a blue cup"), sentence=True)
    np.testing.assert_allclose(vectors, own.visual, atol=TIGHT)
    both = client.encode(Encode(name, ("mug", "a blue cup"), sentence=True))
    np.testing.assert_allclose(both, np.hstack([own.visual, own.sentence]), atol=TIGHT)


def test_a_lower_number_of_the_same_client_is_refused(client, field):
    client.ask(field.id, Ask(("mug",), client="one", seq=5))
    with pytest.raises(Superseded, match="newer"):
        client.ask(field.id, Ask(("table",), client="one", seq=4))
    client.ask(field.id, Ask(("table",), client="two", seq=4))
    client.ask(field.id, Ask(("table",), client="one", seq=6))


def test_many_type_at_once_and_each_gets_its_own(service, field):
    texts = ("mug", "table", "floor")
    with service.client() as alone:
        expected = {text: alone.ask(field.id, Ask((text,)))[0] for text in texts}
    start = threading.Barrier(12)

    def type_some(number: int) -> None:
        with service.client() as own:
            start.wait()
            for seq in range(20):
                text = texts[(number + seq) % 3]
                scores, meta = own.ask(field.id, Ask((text,), client=f"typist-{number}", seq=seq))
                np.testing.assert_array_equal(scores, expected[text])
                assert meta.queries[0].text == text

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(type_some, range(12)))


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (Ask(()), "nothing is asked"),
        (Ask(("",)), "nothing is asked"),
        (Ask(("mug",), balance=2.0), "balance"),
        (Ask(("mug",), camera=np.zeros((3, 3))), "camera"),
        (Ask((), examples=(ExampleCodes((9999,)),)), "code that the field has not"),
        (Ask((), examples=(ExampleCodes((1, 2), (1.0,)),)), "one weight"),
        (Ask(("mug",) * 65), "at most 64"),
        (Ask(("x" * 501,)), "500"),
        (Ask(("mug",), client="../secret"), "letters"),
        (Ask(("\U0001f600" * 400,) * 40), "too long"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(client, field, ask, says):
    with pytest.raises(Refused, match=says) as refused:
        client.ask(field.id, ask)
    assert refused.value.status == 400


def test_what_is_not_there_is_said(client, field, tmp_path):
    for call, says in (
        (lambda: client.field("nothing"), "no such open field"),
        (lambda: client.ask("nothing", Ask(("mug",))), "POST /v1/fields"),
        (lambda: client.encode(Encode("ViT-H/none", ("mug",))), "no open field speaks"),
        (lambda: client.job("nothing"), "no such job"),
        (lambda: client.cancel("nothing"), "no such job"),
    ):
        with pytest.raises(Refused, match=says) as refused:
            call()
        assert refused.value.status == 404
    for path in ("kitchen.lexel", str(tmp_path), str(tmp_path / "a\0b")):
        with pytest.raises(Refused) as refused:
            client.open_field(path)
        assert refused.value.status == 400


def test_a_field_that_was_written_anew_is_opened_anew(client, kitchen, tmp_path):
    copy = Path(shutil.copytree(kitchen, tmp_path / "copy.lexel"))
    first = client.open_field(copy)
    manifest = copy / "field.json"
    manifest.write_text(manifest.read_text().replace('"kitchen"', '"scullery"'))
    second = client.open_field(copy)
    assert (second.id, second.field["name"]) == (first.id, "scullery")
    assert second.sha256 != first.sha256


def test_the_field_longest_unused_is_closed_when_there_are_too_many(kitchen, tmp_path):
    with running(tmp_path, fields=(Path(kitchen),)) as service, service.client() as client:
        (first,) = (one["id"] for one in client.greet().fields)
        for number in range(32):
            client.open_field(shutil.copytree(kitchen, tmp_path / f"{number}.lexel"))
        assert len(client.greet().fields) == 32
        with pytest.raises(Refused, match="Open it"):
            client.field(first)
