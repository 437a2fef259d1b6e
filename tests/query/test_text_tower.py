"""The numpy text tower against open_clip's own."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest
import torch
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

from lexel.encoders.clip import ClipEncoder, make_encoder
from lexel.encoders.phrases import ClipPhrases
from lexel.encoders.text_tower import text_tower_of
from lexel.errors import EncoderError
from lexel.geometry.vectors import unit_rows
from lexel.query.text_tower import TextTower, TowerPhrases, TowerSentences
from lexel.scene import SentenceEncoder, SentenceHead
from tests.relevancy.tiny_clip import CONTEXT, VOCABULARY

PHRASES = [
    "mug",
    "sofa",
    "a photograph of a blue mug in a home.",
    "",
    "something to sit on <end_of_text> or not",
    "wardrobe " * 100,
]
TEMPLATES = ("a photo of a {}.", "{}", "a photograph of a {} in a home.")
HEAD_SIZE = 7


@cache
def encoder(*, width=64, heads=4, layers=3, quick_gelu=False, halves=True) -> ClipEncoder:
    """A random CLIP whose text tower matters; `halves`: of weights that half precision can hold,
    as OpenAI's are."""
    vision = CLIPVisionCfg(layers=1, width=16, head_width=16, patch_size=8, image_size=8)
    text = CLIPTextCfg(CONTEXT, VOCABULARY, width=width, heads=heads, layers=layers)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = CLIP(32 if width < 512 else 512, vision, text, quick_gelu=quick_gelu)
        for name, parameter in model.named_parameters():
            if name.endswith(("bias", "ln_1.weight", "ln_2.weight", "ln_final.weight")):
                torch.nn.init.normal_(parameter, 0.5, 0.3)  # at 0 and 1 they would not count
    if halves:
        model = model.half().float()
    return make_encoder(model, "random", "tests")


def tower(clip: ClipEncoder, head: SentenceHead | None = None) -> TextTower:
    return TextTower.of(text_tower_of(clip, head))


def sentence_head() -> SentenceHead:
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(HEAD_SIZE, 32)), rng.normal(size=HEAD_SIZE)
    identity = SentenceEncoder("teacher", "0" * 64, HEAD_SIZE)
    return SentenceHead(identity, weight.astype(np.float32), bias.astype(np.float32))


@pytest.mark.parametrize("quick_gelu", [False, True])
@pytest.mark.parametrize(("layers", "heads"), [(1, 1), (3, 4)])
def test_small_towers_agree(layers, heads, quick_gelu):
    clip = encoder(layers=layers, heads=heads, quick_gelu=quick_gelu)
    ours, theirs = tower(clip).prompt_features(PHRASES), clip.prompt_features(PHRASES).numpy()
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_a_tower_of_the_size_of_vit_b_32_agrees():
    clip = encoder(width=512, heads=8, layers=12, quick_gelu=True)
    some = PHRASES[1:3]
    ours, theirs = tower(clip).prompt_features(some), clip.prompt_features(some).numpy()
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_rounding_weights_to_half_precision_hardly_turns_a_vector():
    clip = encoder(halves=False)
    ours, theirs = tower(clip).prompt_features(PHRASES), clip.prompt_features(PHRASES).numpy()
    cosine = (unit_rows(ours) * unit_rows(theirs)).sum(-1)
    assert cosine.min() > 0.99999


def test_texts_do_not_depend_on_their_company():
    ours = tower(encoder())
    together = ours.prompt_features(PHRASES * 40)
    alone = np.concatenate([ours.prompt_features([phrase]) for phrase in PHRASES])
    np.testing.assert_allclose(together, np.tile(alone, (40, 1)), atol=1e-5)


def test_templates_are_averaged_as_unit_vectors():
    clip = encoder()
    ours, theirs = tower(clip), clip.phrase_features(PHRASES, TEMPLATES).numpy()
    np.testing.assert_allclose(ours.phrase_features(PHRASES, TEMPLATES), theirs, atol=1e-5)
    encoded = TowerPhrases(ours, TEMPLATES).encode(PHRASES)
    np.testing.assert_allclose(encoded, ClipPhrases(clip, TEMPLATES).encode(PHRASES), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(encoded, axis=1), 1, atol=1e-6)


def test_the_sentence_head_maps_text_vectors_of_bare_phrases():
    clip, head = encoder(), sentence_head()
    expected = unit_rows(clip.prompt_features(PHRASES).numpy() @ head.weight.T + head.bias)
    sentences = TowerSentences.of(tower(clip, head))
    assert sentences.identity == head.identity
    np.testing.assert_allclose(sentences.encode(PHRASES), expected, atol=1e-5)


def test_a_tower_without_head_says_so():
    with pytest.raises(EncoderError, match="no sentence head"):
        TowerSentences.of(tower(encoder()))


def test_no_phrases_give_no_rows():
    assert tower(encoder()).prompt_features([]).shape == (0, 32)
    assert TowerPhrases(tower(encoder()), TEMPLATES).encode([]).shape == (0, 32)


class TestEncodersThatNumpyCannotRun:
    def refused(self, match: str, **text: object) -> None:
        vision = CLIPVisionCfg(layers=1, width=16, head_width=16, patch_size=8, image_size=8)
        sizes = {"width": 32, "heads": 1, "layers": 1}
        model = CLIP(16, vision, CLIPTextCfg(CONTEXT, VOCABULARY, **{**sizes, **text}))
        with pytest.raises(EncoderError, match=match):
            text_tower_of(make_encoder(model, "odd", "tests"))

    def test_layer_scale(self):
        self.refused("ls_1", ls_init_value=0.1)

    def test_not_causal(self):
        self.refused("not causal", no_causal_mask=True)

    def test_read_elsewhere_than_at_the_end(self):
        self.refused("read at 'last'", pool_type="last")

    def test_projection_with_bias(self):
        self.refused("text_projection", proj_bias=True)

    def test_another_tokenizer(self):
        other = dataclasses.replace(encoder(), tokenizer=lambda texts: texts)
        with pytest.raises(EncoderError, match="another tokenizer"):
            text_tower_of(other)
