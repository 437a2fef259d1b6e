"""A small field to ask: two mugs, a table and a floor, with their codes, boxes and phrases."""

from __future__ import annotations

import numpy as np

from lexel.encoders.phrases import ClipPhrases
from lexel.encoders.text_tower import text_tower_of
from lexel.encoders.text_tower_files import store_text_tower
from lexel.geometry.vectors import unit_rows
from lexel.io.fields import FieldContent, save_field
from lexel.query.text_tower import TextTower, TowerSentences
from lexel.scene import (
    Box,
    Codebook,
    FieldEncoder,
    FieldInfo,
    FieldPoints,
    Instance,
    Phrases,
)
from tests.io.fields.samples import make_view
from tests.query.test_text_tower import HEAD_SIZE, encoder, sentence_head

THINGS = ("mug", "mug", "table", "floor")
CENTRES = np.array([[0.5, 0, 0.8], [3, 0, 0.8], [0, 0, 0.4], [0, 0, 0]], np.float32)
SIZES = np.array([[0.1, 0.1, 0.1], [0.1, 0.1, 0.1], [1.2, 1, 0.75], [8, 8, 0.02]], np.float32)
EACH = 25
PROMPTS = ("a photo of a {}.",)
NEGATIVES = ("object", "things", "stuff", "texture")


def make_field(
    folder, *, phrases=(*NEGATIVES, "mug"), things=True, views=0, pretrained="tests", head=True
):
    """The field on disk; its text tower lies in the cache (LEXEL_CACHE)."""
    clip = encoder()
    own = ClipPhrases(clip, PROMPTS)
    random = np.random.default_rng(0)
    names = sorted(set(THINGS))
    texts = own.encode([*names, *NEGATIVES])
    # A random tower's texts all lie close together: codes are what tells them apart, and other
    # codes are alike to all of them.
    apart = texts - texts.mean(axis=0)
    frame = np.linalg.qr(texts.T)[0]
    other = random.standard_normal((60, texts.shape[1]))
    clips = np.concatenate(
        [unit_rows(apart[: len(names)]), unit_rows(other - other @ frame @ frame.T)]
    )
    code = np.array([names.index(name) for name in THINGS], np.int32)
    teacher = sentence_head()
    sentence = TowerSentences.of(TextTower.of(text_tower_of(clip, teacher)))
    sentences = np.concatenate([sentence.encode(names), np.zeros((60, HEAD_SIZE))])
    xyz = CENTRES[:, None] + SIZES[:, None] * random.uniform(-0.5, 0.5, (4, EACH, 3))
    told = clip.identity
    tower = store_text_tower(clip, teacher if head else None)
    info = FieldInfo(
        name="kitchen",
        builder={"name": "tests", "version": "0", "parameters": {}},
        encoder=FieldEncoder(told.name, pretrained, told.sha256, told.dim, PROMPTS, tower),
        sentence_encoder=teacher.identity,
    )
    content = FieldContent(
        info=info,
        points=FieldPoints(
            xyz.reshape(-1, 3).astype(np.float32),
            np.full((4 * EACH, 3), 200, np.uint8),
            np.repeat(code, EACH),
            instance=np.repeat(np.arange(4, dtype=np.int32), EACH) if things else None,
        ),
        codebook=Codebook(
            clip=clips.astype(np.float16),
            modality=np.zeros(len(clips), np.uint8),
            count=np.bincount(np.repeat(code, EACH), minlength=len(clips)).astype(np.int32),
            agreement=np.ones(len(clips), np.float32),
            background=np.linspace([-0.02, 0], [0.02, 0], 101).T.astype(np.float32),
            sentence=sentences.astype(np.float16),
        ),
        instances=tuple(map(_instance, range(4), code)) if things else (),
        phrases=_table(phrases, own, sentence) if phrases else None,
        views=tuple(make_view(shade) for shade in range(views)),
    )
    return save_field(folder / "kitchen.lexel", content)


def _table(phrases, own, sentence):
    rows = (encoder.encode(phrases).astype(np.float16) for encoder in (own, sentence))
    return Phrases(tuple(phrases), *rows)


def _instance(number, code):
    centre, size = CENTRES[number], SIZES[number]
    box = Box(centre, np.eye(3, dtype=np.float32), size)
    aabb = np.stack([centre - size / 2, centre + size / 2])
    return Instance(number, THINGS[number], 0.3, (int(code),), EACH, centre, aabb, box)
