"""The embedded text tower learns a teacher's meaning; here the teacher is a hash of words."""

from itertools import combinations

import open_clip
import pytest
import torch
import torch.nn.functional as F
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg

from lexel.progress import Silent
from lexel.synthetic.catalogue import SYNONYMS, classes
from lexel.training.embedded.phrases import drawn_phrases, household_phrases, vocabulary
from lexel.training.embedded.text import Meaning, distil, encode, start_from_words

TOKENS = open_clip.SimpleTokenizer(context_length=16)
WORDS = "red blue chair sofa lamp table kettle banana".split()


@pytest.fixture
def model() -> CLIP:
    torch.manual_seed(0)
    vision = CLIPVisionCfg(layers=1, width=64, head_width=64, patch_size=16, image_size=32)
    text = CLIPTextCfg(context_length=16, width=32, heads=2, layers=1)
    return CLIP(16, vision, text)


def _teacher(phrases: list[str]) -> torch.Tensor:
    """A phrase means the sum of its words' fixed directions."""
    of = {
        w: torch.randn(24, generator=torch.Generator().manual_seed(n)) for n, w in enumerate(WORDS)
    }
    return F.normalize(torch.stack([sum(of[w] for w in p.split()) for p in phrases]), dim=-1)


def test_short_phrases_are_encoded_as_by_open_clip(model):
    tokens = TOKENS(["red chair", "a photograph of a blue kettle in a home."])
    torch.testing.assert_close(encode(model, tokens), model.encode_text(tokens))


def test_distilling_brings_phrases_to_their_meaning(model):
    phrases = [f"{a} {b}" for a, b in combinations(WORDS, 2)] + WORDS
    sentences = _teacher(phrases)
    meaning = Meaning.of(sentences, 16)
    head = torch.nn.Linear(16, 24)
    tokens = TOKENS(phrases)
    start_from_words(model, [t[1] for t in TOKENS(WORDS).tolist()], meaning(_teacher(WORDS)))
    log = distil(
        model, head, tokens, sentences, meaning, steps=60, seed=0, progress=Silent(),
        learning_rate=3e-3, common=len(phrases),
    )  # fmt: skip
    assert log[0]["household"] < 0.3
    assert log[-1]["household"] > 0.8
    with torch.no_grad():
        told = F.normalize(head(encode(model, tokens)), dim=-1)
    assert (told @ sentences.T).argmax(1).eq(torch.arange(len(phrases))).float().mean() > 0.5


def test_meaning_keeps_phrases_apart_and_of_unit_length():
    sentences = _teacher([f"{a} {b}" for a in WORDS for b in WORDS])
    vectors = Meaning.of(sentences, 8)(sentences)
    torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(len(vectors)))
    assert (vectors @ vectors.T).mean() < (sentences @ sentences.T).mean()


def test_the_phrases_hold_every_word_that_users_may_ask_in_the_world():
    phrases = set(household_phrases())
    assert {*classes(), *SYNONYMS.values()} <= phrases
    words = vocabulary(TOKENS)
    assert {"kettle", "sofa", "behind"} <= set(words)
    assert all(TOKENS.decode([token]).strip() == word for word, token in list(words.items())[:50])
    assert drawn_phrases(list(words), 20, 0) == drawn_phrases(list(words), 20, 0)
