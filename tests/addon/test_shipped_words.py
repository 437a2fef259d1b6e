"""The text tower that comes with the extension: any words, offline, with nothing installed."""

from __future__ import annotations

import json

import numpy as np
import pytest

import build_addon
from lexel.encoders.text_tower_files import store_embedded_tower
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import FieldContent, save_field
from lexel.io.hashing import sha256_of
from lexel.io.text_towers import load_text_tower
from lexel.query.text_tower import TextTower, TowerPhrases
from lexel.scene import Codebook, FieldEncoder, FieldInfo, FieldPoints
from lexel.scene import TextTower as NamedTower
from tests.addon.package import NAME, run
from tools.core_closure import BuildError

THINGS = ("a mug", "a chair", "a lamp")
PROMPTS = ("a photo of {}.",)

ASK = """
import json
from {name}.asking import Question, open_local
field = open_local({path!r})
replies = [field.reply(Question(text)) for text in {texts!r}]
print(json.dumps([[int(r.shown.score.argmax()), *r.words] for r in replies]))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The package with its words; the cache that they were made in is not the user's."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        try:
            return build_addon.build_folder(folder / NAME, words=True)
        except BuildError as missing:
            pytest.skip(str(missing))


def save(folder, tower):
    """A field of three things, each a code that means what the tower says of its name."""
    weights = load_text_tower(tower)
    told = weights.settings
    clip = TowerPhrases(TextTower.of(weights), PROMPTS).encode(THINGS)
    apart = unit_rows(clip - clip.mean(axis=0))
    named = NamedTower(tower.name, sha256_of(tower))
    encoder = FieldEncoder(told.name, told.pretrained, told.sha256, told.dim, PROMPTS, named)
    info = FieldInfo("shelf", {"name": "tests", "version": "0", "parameters": {}}, encoder)
    code = np.arange(len(THINGS), dtype=np.int32)
    points = FieldPoints(np.eye(3, dtype=np.float32), np.zeros((3, 3), np.uint8), code)
    ones = np.ones(len(THINGS))
    background = np.linspace([-0.2, 0], [0.2, 0], 101, dtype=np.float32).T
    codebook = Codebook(
        apart.astype(np.float16),
        np.zeros(len(THINGS), np.uint8),
        ones.astype(np.int32),
        ones.astype(np.float32),
        background,
    )
    return save_field(folder / "shelf.lexel", FieldContent(info, points, codebook))


def test_the_shipped_tower_is_the_one_that_fields_name(whole, monkeypatch, tmp_path):
    monkeypatch.setenv("LEXEL_CACHE", str(tmp_path))
    own = store_embedded_tower()
    assert (whole / "words" / own.name).read_bytes() == own.read_bytes()


def test_any_words_are_understood_with_nothing_installed(whole, tmp_path):
    (tower,) = (whole / "words").iterdir()
    path = save(tmp_path, tower)
    code = ASK.format(name=NAME, path=str(path), texts=THINGS)
    answers = json.loads(run(whole, code, LEXEL_CACHE=str(tmp_path / "nowhere")))
    assert answers == [[number, "tower"] for number in range(len(THINGS))]
