"""A CLIP text tower in plain numpy: phrases to vectors with no torch.

The tower is causal: a token sees only those before it, and a text's vector is read at its end
token. So nothing after that token is computed, and of the last block only that token's row. Texts
of equal length go together. Letters: B texts, T tokens, W width, H heads, D text vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lexel.errors import EncoderError
from lexel.geometry.vectors import unit_rows
from lexel.query.activations import gelu, quick_gelu
from lexel.query.tokenizer import Tokenizer
from lexel.query.transformer import Block, Layers, Linear, Norm
from lexel.scene.field import Floats, SentenceEncoder
from lexel.scene.prompts import fill_templates
from lexel.scene.words import TowerWeights

_BATCH_TOKENS = 1024  # at once: keeps what lies between two layers in the processor's cache


@dataclass(frozen=True, eq=False)
class TextTower:
    """A text tower ready to be asked; `of` prepares one from stored weights.

    Attributes:
        tokenizer: CLIP's own.
        embedding: [V, W] float16, a row per token.
        positions: [context, W].
        projection: [W, D].
        sentence_head: from text vectors to those of `sentence`, where the tower has it.
    """

    tokenizer: Tokenizer
    embedding: npt.NDArray[np.float16]
    positions: Floats
    blocks: tuple[Block, ...]
    norm: Norm
    projection: Floats
    sentence_head: Linear | None = None
    sentence: SentenceEncoder | None = None

    @classmethod
    def of(cls, weights: TowerWeights) -> TextTower:
        """Matrices are widened to float32 once, here; the token embedding stays as it is stored."""
        settings, tensors = weights.settings, weights.tensors
        layers = Layers(tensors, settings.layer_norm_eps)
        activation = {"gelu": gelu, "quick_gelu": quick_gelu}[settings.activation]
        blocks = [
            layers.block(f"transformer.resblocks.{layer}", settings.heads, activation)
            for layer in range(settings.layers)
        ]
        head = weights.sentence_head
        return cls(
            Tokenizer.of(weights.merges, settings.context_length),
            tensors["token_embedding.weight"],
            layers.array("positional_embedding"),
            tuple(blocks),
            layers.norm("ln_final"),
            layers.array("text_projection"),
            *((Linear(head.weight, head.bias), head.identity) if head else ()),
        )

    def prompt_features(self, prompts: Sequence[str]) -> Floats:
        """Vectors of whole prompts, as they leave the tower: (P, D) float32."""
        tokens = [self._read(prompt) for prompt in prompts]
        features = np.empty((len(prompts), self.projection.shape[1]), np.float32)
        for rows in _batches([len(t) for t in tokens]):
            features[rows] = self._forward(np.array([tokens[row] for row in rows]))
        return features

    def phrase_features(self, phrases: Sequence[str], templates: Sequence[str]) -> Floats:
        """Mean over templates of the phrases' unit vectors: (P, D); not unit vectors again."""
        prompts = [p for phrase in phrases for p in fill_templates(phrase, templates)]
        unit = unit_rows(self.prompt_features(prompts))
        return unit.reshape(len(phrases), len(templates), unit.shape[1]).mean(1)

    def _read(self, prompt: str) -> list[int]:
        """Tokens up to the first end token, where the text's vector is read."""
        tokens = self.tokenizer.encode(prompt)
        return tokens[: tokens.index(self.tokenizer.end) + 1]

    def _forward(self, tokens: npt.NDArray[np.int64]) -> Floats:
        """[B, T] tokens, the last of each its end, to [B, D]."""
        x = self.embedding[tokens].astype(np.float32) + self.positions[: tokens.shape[1]]
        for block in self.blocks[:-1]:
            x = block(x)
        last = self.blocks[-1](x, only_last=True)[:, 0]
        return self.norm(last) @ self.projection


@dataclass(frozen=True, eq=False)
class TowerPhrases:
    """A text tower as a `PhraseEncoder`: phrases in templates, unit vectors [P, D]."""

    tower: TextTower
    templates: tuple[str, ...]

    def encode(self, phrases: Sequence[str]) -> Floats:
        return unit_rows(self.tower.phrase_features(phrases, self.templates))


@dataclass(frozen=True, eq=False)
class TowerSentences:
    """A text tower's sentence head as a `SentenceModel`: phrases as they are, [P, S]."""

    tower: TextTower
    head: Linear
    identity: SentenceEncoder

    @classmethod
    def of(cls, tower: TextTower) -> TowerSentences:
        """
        Raises:
            EncoderError: the tower has no sentence head.
        """
        if tower.sentence_head is None or tower.sentence is None:
            raise EncoderError(
                "this text tower has no sentence head",
                do="Use a sentence model, or leave the sentence half out (balance 0).",
            )
        return cls(tower, tower.sentence_head, tower.sentence)

    def encode(self, phrases: Sequence[str]) -> Floats:
        return unit_rows(self.head(self.tower.prompt_features(phrases)))


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of equal length together, at most `_BATCH_TOKENS` tokens at once."""
    rows_of: dict[int, list[int]] = {}
    for row, length in enumerate(lengths):
        rows_of.setdefault(length, []).append(row)
    return [
        rows[start : start + size]
        for length, rows in rows_of.items()
        for size in [max(1, _BATCH_TOKENS // length)]
        for start in range(0, len(rows), size)
    ]
