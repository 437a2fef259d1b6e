"""A field that is asked: from a folder and words to places."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import lexel
from lexel.encoders.clip import load_encoder
from lexel.encoders.phrases import ClipPhrases
from lexel.errors import (
    CancelledError,
    EncoderError,
    InputError,
    LabelError,
    SceneError,
    WeightsError,
)
from lexel.io.clouds import read_ply
from lexel.io.fields import save_field
from lexel.pipelines.export_answer import export_answer
from lexel.progress import Silent
from lexel.query.examples import example_of_codes
from lexel.scene import FieldEncoder
from tests.io.fields.samples import make_content
from tests.pipelines.askable import CENTRES, EACH, NEGATIVES, PROMPTS, make_field


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    """Folder of a field; the text towers of all fields here lie in the cache beside it."""
    folder = tmp_path_factory.mktemp("kitchen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        yield make_field(folder)


@pytest.fixture
def field(kitchen):
    return lexel.open_field(kitchen)


def test_the_things_that_are_asked_for_come_first(field):
    answer = field.ask("mug; table")
    mug, table = answer.queries
    assert [hit.label for hit in mug.hits[:2]] == ["mug", "mug"]
    assert table.hits[0].label == "table"
    assert (mug.text, mug.num_selected, table.num_selected) == ("mug", 2 * EACH, EACH)
    np.testing.assert_allclose(table.hits[0].centre, CENTRES[2], atol=1e-6)
    assert table.hits[0].count == EACH
    assert set(mug.threshold) == set(mug.range) == {"image"}
    assert not answer.meaningless


def test_words_come_from_the_table_then_from_the_tower_and_mean_the_same(tmp_path, field):
    quick = field.ask("mug")
    assert quick.words == ("table",)
    bare = lexel.open_field(make_field(tmp_path, phrases=()))
    slow = bare.ask("mug")
    assert slow.words == ("tower",)
    np.testing.assert_allclose(slow.codes.scores, quick.codes.scores, atol=2e-3)
    assert field.ask("mug; table").words == ("table", "tower")


def test_negatives_stand_beside_those_of_the_text_and_of_the_field(field):
    added = field.ask("mug", negatives=["table"]).codes.scores
    np.testing.assert_array_equal(added, field.ask("mug -table").codes.scores)
    # Sums of a product depend on how many columns it has: in the last digit.
    assert (added <= field.ask("mug").codes.scores + 1e-6).all()


def test_the_sentence_half_speaks_through_the_towers_head(field):
    answer = field.ask("mug", balance=0.5)
    assert answer.codes.balance == 0.5
    assert (answer.codes.scores[0, :3] != field.ask("mug").codes.scores[0, :3]).any()


def test_where_nothing_encodes_sentences_the_half_is_left_out_aloud(kitchen, tmp_path):
    said = []

    class Listener(Silent):
        def say(self, message):
            said.append(message)

    field = lexel.open_field(make_field(tmp_path, head=False), progress=Listener())
    assert field.ask("mug", balance=0.5).codes.balance == 0.5  # the table has it
    assert not said
    assert field.ask("zebra", balance=0.5).codes.balance == 0
    assert "left out" in said[0]


def test_a_sentence_model_named_by_a_field_is_no_path(kitchen, tmp_path, monkeypatch):
    """A folder of that name lies here, and is left alone."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "teacher").mkdir()
    field = lexel.open_field(make_field(tmp_path, head=False))
    assert field.stored.info.sentence_encoder.name == "teacher"
    assert field.ask("zebra", balance=1).codes.balance == 0


@pytest.mark.parametrize("pretrained", ["untrained", "local"])
def test_a_phrase_that_nothing_here_encodes_is_told_with_what_to_get(
    kitchen, tmp_path, monkeypatch, pretrained
):
    path = make_field(tmp_path, pretrained=pretrained)
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "elsewhere"))
    field = lexel.open_field(path)
    assert field.ask("mug").meaningless == (pretrained == "untrained")
    with pytest.raises(WeightsError, match="not on this computer"):
        field.ask("zebra")


def test_without_its_tower_a_field_of_the_embedded_encoder_is_asked_with_torch(
    kitchen, tmp_path, monkeypatch
):
    embedded = load_encoder("embedded")
    told = embedded.identity
    content = make_content(instances=(), evidence=None, views=(), layers=(), phrases=None)
    rows = ClipPhrases(embedded, PROMPTS).encode(["mug", "lamp"]).astype(np.float16)
    encoder = FieldEncoder(told.name, told.pretrained, told.sha256, told.dim, PROMPTS)
    content = replace(
        content,
        info=replace(content.info, encoder=encoder, sentence_encoder=None),
        points=replace(content.points, instance=None),
        codebook=replace(content.codebook, clip=np.tile(rows, (3, 1)), sentence=None),
    )
    field = lexel.open_field(save_field(tmp_path / "torch.lexel", content))
    answer = field.ask("mug")
    assert answer.words == ("torch",)
    assert answer.codes.scores[0, 0] > answer.codes.scores[0, 1]
    changed = replace(encoder, sha256="0" * 64)
    other = replace(content, info=replace(content.info, encoder=changed))
    with pytest.raises(EncoderError, match="other weights"):
        lexel.open_field(save_field(tmp_path / "other.lexel", other)).ask("mug")


def test_a_relation_picks_the_mug_that_it_is_true_of(field):
    on, plain = field.ask("the mug on the table; mug").queries
    assert on.spatial and not plain.spatial
    assert on.hits[0].id == 0 and on.hits[0].score > 0.5 > on.hits[1].score
    scores = field.point_scores(field.ask("the mug on the table").codes, 0)
    assert (scores[:EACH] > 0.5).all() and (scores[EACH:] < 0.5).all()


def test_a_known_label_is_one_thing(kitchen, tmp_path):
    phrases = (*NEGATIVES, "mug on the table")
    field = lexel.open_field(make_field(tmp_path, phrases=phrases))
    assert not field.ask("mug on the table").queries[0].spatial


def test_a_field_without_objects_answers_with_cells(kitchen, tmp_path):
    field = lexel.open_field(make_field(tmp_path, things=False))
    assert field.ask("mug").queries[0].hits == ()
    answer = field.ask("the mug on the table")
    best = answer.queries[0].hits[0]
    assert np.linalg.norm(best.centre - CENTRES[0]) < 0.3 and best.count > 0
    assert len(field.point_scores(answer.codes, 0)) == 4 * EACH


def test_left_and_behind_need_somebody_who_looks(kitchen, tmp_path):
    field = lexel.open_field(make_field(tmp_path, views=2))
    with pytest.raises(InputError, match=r"depend on who looks.*--camera"):
        field.ask("the mug behind the table")
    field.ask("the mug on the table")
    along_x = np.eye(4)
    along_x[:3, :3] = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]
    from_behind = along_x @ np.diag([-1.0, 1.0, -1.0, 1.0])
    behind, before = (
        field.ask("the mug behind the table", camera=camera).queries[0].hits[0]
        for camera in (along_x, from_behind)
    )
    assert behind.id == 0 and behind.score > 3 * before.score
    field.ask("the mug behind the table", camera=1)
    with pytest.raises(InputError, match="no such view"):
        field.ask("the mug behind the table", camera=2)


def test_examples_and_cancelling(field):
    picked = example_of_codes(field.engine, field.stored.code[:3], name="picked")
    answer = field.ask("table", examples=[picked])
    assert answer.queries[1].text == "picked" and answer.queries[1].presence is None
    assert answer.queries[1].said == "cannot be told"
    assert answer.queries[1].hits[0].label == "mug"

    def stop():
        raise CancelledError

    with pytest.raises(CancelledError):
        field.ask("table", check=stop)


def test_what_is_there_is_said_to_be_there(field):
    there = field.ask("table").queries[0]
    assert there.presence > 0.9 and there.said == "there"


def test_an_answer_is_json(field):
    told = json.loads(json.dumps(field.ask("mug; the mug on the table", top=1).as_json()))
    assert [len(query["hits"]) for query in told["queries"]] == [1, 1]
    assert told["tier"] == 1 and told["words"] == ["table", "tower"]


@pytest.mark.parametrize("text", ["mug", "mug; table", "the mug on the table"])
def test_every_point_in_a_ply(tmp_path, field, text):
    answer = field.ask(text)
    table = read_ply(export_answer(field, answer, tmp_path / "a.ply"))
    expected = np.stack([field.point_scores(answer.codes, i) for i in range(len(answer.queries))])
    np.testing.assert_array_equal(table["score"], expected.max(axis=0))
    colours = {tuple(row) for row in zip(table["red"], table["green"], table["blue"], strict=True)}
    assert len(colours) > 1


def test_every_point_in_an_npz(tmp_path, field):
    answer = field.ask("mug; table")
    with np.load(export_answer(field, answer, tmp_path / "a.npz"), allow_pickle=False) as told:
        assert told["names"].tolist() == ["mug", "table"]
        np.testing.assert_array_equal(told["scores"], answer.codes.scores[:, field.stored.code])
        np.testing.assert_array_equal(told["xyz_m"], field.points.xyz_m)


def test_asking_what_is_in_the_table_loads_no_torch(kitchen):
    code = (
        "import sys, lexel; lexel.open_field(sys.argv[1]).ask('mug; mug -things');"
        "sys.exit(int('torch' in sys.modules))"
    )
    command = [sys.executable, "-c", code, str(kitchen)]
    assert subprocess.run(command, timeout=120).returncode == 0


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        (lambda field: field.ask(""), LabelError, "nothing is asked for"),
        (lambda field: field.ask("m" * 600), LabelError, "600 characters"),
        (lambda field: field.ask("mug", balance=2), InputError, "between 0 and 1"),
        (lambda field: lexel.open_field("nowhere.lexel"), SceneError, "nowhere"),
    ],
)
def test_what_cannot_be_asked(field, fault, error, told):
    with pytest.raises(error, match=told):
        fault(field)
