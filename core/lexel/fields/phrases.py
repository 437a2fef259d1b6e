"""The phrase table of a field: common phrases encoded ahead, for instant answers while typing."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from lexel.progress import Progress, Silent
from lexel.scene import PhraseEncoder, Phrases

_BATCH = 256


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """Some 5,000 phrases for rooms, workshops and gardens; lower case, each once."""
    text = importlib.resources.files(__package__).joinpath("vocabulary.txt")
    lines = text.read_text(encoding="utf-8").splitlines()
    return tuple(dict.fromkeys(phrase for line in lines for phrase in _phrases_of(line)))


def compute_phrases(
    clip: PhraseEncoder,
    sentence: PhraseEncoder | None = None,
    *,
    company: Sequence[str] = (),
    progress: Progress | None = None,
) -> Phrases:
    """The vocabulary and its company, encoded.

    Args:
        clip: the field's text encoder with the field's templates.
        sentence: the field's sentence encoder, where it has one.
        company: phrases that come first: the field's negatives, background labels and labels.
    """
    texts = tuple(dict.fromkeys((*company, *vocabulary())))
    progress = progress or Silent()
    progress.begin("encoding phrases", len(texts) * (1 if sentence is None else 2))
    vectors = _encoded(clip, texts, progress)
    return Phrases(
        texts, vectors, None if sentence is None else _encoded(sentence, texts, progress)
    )


def _encoded(
    encoder: PhraseEncoder, texts: Sequence[str], progress: Progress
) -> npt.NDArray[np.float16]:
    batches = []
    for start in range(0, len(texts), _BATCH):
        some = texts[start : start + _BATCH]
        batches.append(encoder.encode(some).astype(np.float16))
        progress.advance(len(some))
    return np.concatenate(batches)


def _phrases_of(line: str) -> Iterator[str]:
    """`a, b | c` stands for `a c` and `b c`; a line that starts with # for nothing."""
    if line.startswith("#") or not line.strip():
        return
    parts = [[word.strip() for word in part.split(",")] for part in line.split("|")]
    yield from (" ".join(words) for words in itertools.product(*parts))
