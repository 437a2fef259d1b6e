"""Fields asked the way Blender does: the same answers and colours as everywhere else."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

import lexel
from addon.asking import Question, open_local
from lexel.errors import CancelledError, InputError, SceneError, WeightsError
from lexel.pipelines.painting import paint_field
from lexel.scene.recipe import Look, Mode
from tests.addon.package import NAME, run
from tests.io.fields.samples import write_field
from tests.pipelines.askable import CENTRES, EACH, make_field

FROM_ABOVE = np.array([[1.0, 0, 0, 0], [0, 0, 1, -5], [0, -1, 0, 1], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kitchen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        yield make_field(folder)


@pytest.fixture
def field(kitchen):
    return open_local(kitchen)


def rows(shown, table):
    """(N, …) what the points find in a table of rows."""
    return table[shown.index]


@pytest.mark.parametrize("mode", [Mode.HEAT, Mode.LABEL, Mode.RGB, Mode.AGREEMENT])
@pytest.mark.parametrize("text", ["mug; table -floor", "mug next to table; mug"])
def test_points_get_the_scores_and_colours_that_the_viewer_shows(kitchen, field, text, mode):
    others = lexel.open_field(kitchen)
    answer, look = others.ask(text), Look(mode=mode)
    for query in range(2):
        reply = field.reply(Question(text, look=look, query=query))
        painting = paint_field(others, answer, look, query)
        expected = painting.paint.table[painting.paint.index]
        np.testing.assert_array_equal(rows(reply.shown, reply.shown.table), expected)
        assert (reply.entries, reply.bar) == (painting.entries, painting.bar)
        if mode in (Mode.HEAT, Mode.LABEL):
            scores = rows(reply.shown, reply.shown.score)
            expected = others.point_scores(answer.codes, query)
            if len(reply.shown.score) == others.stored.num_codes or answer.codes.spatial[query]:
                np.testing.assert_allclose(scores, expected, atol=1e-6)


def test_an_answer_says_what_is_there_and_which_objects(field):
    reply = field.reply(Question("mug; zebra"))
    mug = reply.queries[0]
    assert mug.said == "there" and mug.threshold["image"] > 0
    assert reply.objects == (0, 1) and [hit.id for hit in mug.hits][:2] == [0, 1]
    found = rows(reply.shown, reply.shown.found)
    assert found[: 2 * EACH].all() and not found[2 * EACH :].any()
    codes = {field.objects[number].codes for number in reply.objects}
    assert len(codes) == 1  # both mugs have the mugs' code


def test_a_threshold_of_ones_own_decides_what_is_found(field):
    everything = field.reply(Question("mug", threshold=0.0))
    assert everything.shown.found.all() and len(everything.objects) == 4
    nothing = field.reply(Question("mug", threshold=1.1))
    assert not nothing.shown.found.any() and nothing.objects == ()


def test_a_relation_is_about_objects(field):
    reply = field.reply(Question("mug left of table", camera=FROM_ABOVE))
    scores = rows(reply.shown, reply.shown.score)
    assert reply.queries[0].spatial
    assert len(np.unique(scores)) <= len(CENTRES)
    assert reply.objects == tuple(
        np.unique(np.repeat(np.arange(4), EACH)[rows(reply.shown, reply.shown.found)])
    )


def test_nothing_asked_shows_the_points_own_colours(field):
    reply = field.reply(Question("  "))
    assert reply.queries == () and reply.objects == () and reply.bar is None
    assert not rows(reply.shown, reply.shown.table)[:, 3].any()
    assert not reply.shown.score.any() and not reply.shown.found.any()


def test_a_layer_is_shown_without_asking(tmp_path):
    field = open_local(write_field(tmp_path))
    assert field.layers == ("completion/chair", "localisation/the mug")
    shown = field.reply(Question(look=Look(layer="localisation/the mug"))).shown
    covered = rows(shown, shown.table)[:, 3] > 0
    assert np.flatnonzero(covered).tolist() == [39]
    assert rows(shown, shown.score)[~covered].max() == 0


def test_rows_keep_their_meaning_from_key_to_key(field):
    one, two = (field.reply(Question(text)).shown for text in ("mu", "mug"))
    assert one.index is two.index
    assert len(one.table) == len(one.score) == len(one.found) == len(two.table)


def test_columns_lie_in_memory(field):
    columns = field.columns()
    assert set(columns) >= {"code", "instance"}
    for column in (field.xyz_m, field.rgb, *columns.values()):
        assert column.flags.c_contiguous and len(column) == 4 * EACH


def test_a_question_that_nobody_waits_for_is_given_up(field):
    def gone():
        raise CancelledError("a newer question came")

    with pytest.raises(CancelledError):
        field.reply(Question("mug"), gone)


def test_what_is_no_query_gets_a_sentence(field):
    with pytest.raises(InputError):
        field.reply(Question("mug^"))
    with pytest.raises(SceneError):
        open_local(field.askable.stored.path / "points.ply")


def test_words_come_from_the_tower_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    bare = open_local(make_field(tmp_path, phrases=()))
    bare.prepare()
    assert bare.reply(Question("mug")).words == ("tower",)


def test_a_tower_that_is_missing_is_asked_for_and_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    path = make_field(tmp_path)
    (tower,) = (tmp_path / "cache" / "text").glob("*.safetensors")
    chosen = shutil.move(tower, tmp_path / "elsewhere.safetensors")
    assert open_local(path).reply(Question("mug")).words == ("table",)
    with pytest.raises(WeightsError, match="or choose the file by hand"):
        open_local(path).reply(Question("zebra"))
    assert open_local(path, chosen).reply(Question("zebra")).words == ("table", "tower")


def test_another_tower_is_never_taken_for_the_fields_own(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    path = make_field(tmp_path)
    (tower,) = (tmp_path / "cache" / "text").glob("*.safetensors")
    content = bytearray(tower.read_bytes())
    content[-1] ^= 1
    tower.write_bytes(content)
    for chosen in (None, tower):
        with pytest.raises(WeightsError, match="is not on this computer"):
            open_local(path, chosen).reply(Question("zebra"))


def test_a_sentence_half_that_cannot_be_had_is_told_once(tmp_path, monkeypatch):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path / "cache"))
    field = open_local(make_field(tmp_path, head=False))
    (note,) = field.reply(Question("zebra", balance=0.5)).notes
    assert "sentence half is left out" in note
    assert field.reply(Question("mug")).notes == ()


ASK = """
import json, sys
from {name}.asking import Question, open_local
field = open_local({path!r})
told = []
for text in {texts!r}:
    reply = field.reply(Question(text, balance=0.2))
    shown = reply.shown
    told.append([
        shown.score[shown.index].astype(float).tolist(), shown.table[shown.index].tolist(),
        reply.queries[0].said, list(reply.words),
    ])
assert not {{"lexel", "torch", "PIL", "open3d"}} & set(sys.modules)
print(json.dumps(told))
"""


def test_the_installed_extension_answers_as_core_does(package, kitchen, field):
    texts = ["mug", "zebra or mug", "mug next to table"]
    cache = str(kitchen.parent / "cache")
    code = ASK.format(name=NAME, path=str(kitchen), texts=texts)
    for text, got in zip(texts, json.loads(run(package, code, LEXEL_CACHE=cache)), strict=True):
        reply = field.reply(Question(text, balance=0.2))
        scores, colours, said, words = got
        np.testing.assert_allclose(scores, rows(reply.shown, reply.shown.score), atol=1e-5)
        close = np.abs(np.array(colours) - rows(reply.shown, reply.shown.table).astype(int))
        assert close.max() <= 1  # a heat on the edge between two colours
        assert said == reply.queries[0].said and set(words) <= {"table", "tower"}
