"""The two stages that make the embedded encoder, from end to end and very small."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors.torch import load_file

from lexel.encoders.clip import load_encoder
from lexel.encoders.model_folder import load_model
from lexel.encoders.weights.embedded import HEAD_NAME
from lexel.errors import CancelledError
from lexel.progress import Silent
from lexel.scene import SentenceEncoder
from lexel.synthetic.dataset import Plan, build_dataset
from lexel.training.embedded.sight import Course, teach_sight
from lexel.training.embedded.words import SightPlan, WordsPlan, teach_words

WORDS = WordsPlan(dim=16, width=64, layers=1, drawn=8, steps=2)
SIGHT = SightPlan(image_px=32, patch_px=16, width=64, layers=1)


@dataclass(frozen=True, eq=False)
class Teacher:
    """A phrase means the sum of its words' random directions."""

    identity: SentenceEncoder = field(default_factory=lambda: SentenceEncoder("hash", "", 24))
    of: dict[str, npt.NDArray[np.float32]] = field(default_factory=dict)

    def encode(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.stack([sum(map(self._word, phrase.split())) for phrase in phrases])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    def _word(self, word: str) -> npt.NDArray[np.float32]:
        if word not in self.of:
            rng = np.random.default_rng(crc32(word.encode()))
            self.of[word] = rng.standard_normal(24).astype(np.float32)
        return self.of[word]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("made") / "words"
    teach_words(Teacher(), out, WORDS, SIGHT, Silent())
    return out


def test_words_come_as_a_model_with_a_sentence_head(words: Path) -> None:
    _, model = load_model(words)
    assert model.text_projection.shape == (64, 16)
    head = load_file(words / HEAD_NAME)
    assert head["weight"].shape == (24, 16) and head["bias"].shape == (24,)
    assert not list(words.glob("told*"))  # what the teacher said is not kept


def test_sight_meets_these_words_and_the_package_can_read_it(words: Path, tmp_path: Path) -> None:
    build_dataset(Plan("captions", 1, 1), tmp_path / "rooms", workers=1, progress=Silent())
    out = tmp_path / "clip"
    teach_sight(tmp_path / "rooms", words, out, SIGHT, Course(steps=2, batch=4), Silent())
    taught, spoken = load_file(out / "open_clip_model.safetensors"), load_model(words)[1]
    assert taught["text_projection"].dtype == torch.float16
    torch.testing.assert_close(taught["text_projection"], spoken.text_projection.half())
    assert (out / HEAD_NAME).read_bytes() == (words / HEAD_NAME).read_bytes()
    encoder = load_encoder(str(out))
    assert (encoder.image_size_px, encoder.identity.dim) == (32, 16)
    assert (out / "metrics.csv").read_text().startswith("step,kind,thing")


class Forgetful(Silent):
    """Cancels when the lesson itself begins."""

    def begin(self, stage: str, total: int | None) -> None:
        if stage == "distilling words":
            raise CancelledError


def test_what_the_teacher_said_is_kept_for_the_same_question_only(tmp_path: Path) -> None:
    with pytest.raises(CancelledError):
        teach_words(Teacher(), tmp_path / "w", WORDS, SIGHT, Forgetful())
    (kept,) = (tmp_path / "w").glob("told*")
    before = kept.read_bytes()
    for plan, same in ((WORDS, True), (replace(WORDS, seed=1), False)):
        with pytest.raises(CancelledError):
            teach_words(Teacher(), tmp_path / "w", plan, SIGHT, Forgetful())
        assert (kept.read_bytes() == before) == same
