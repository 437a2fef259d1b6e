"""Teach a small text tower to place words as a sentence model does (distillation).

The tower never sees a picture here. Image towers are then taught to meet it ("locked-text tuning",
Zhai et al., CVPR 2022), so that a word which captioned no picture still lands near its meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from open_clip.model import CLIP
from torch import Tensor, nn

from lexel.progress import Progress

_WHITENING = 0.25  # 0 keeps the teacher's spread of directions, 0.5 makes all equally wide
_BATCH = 512
_START = 0.05  # spread of the first token embeddings
_LOG_EVERY = 100


@dataclass(frozen=True, eq=False)
class Meaning:
    """A linear view of the teacher's space, where the world's words lie well apart.

    Attributes:
        mean: [S] of the teacher's vectors of household phrases.
        basis: [S, D] their widest directions, each scaled by its width to the power -2·0.25.
    """

    mean: Tensor
    basis: Tensor

    @classmethod
    def of(cls, sentences: Tensor, dim: int) -> Meaning:
        """From the teacher's unit vectors [N, S] of phrases that should lie apart."""
        mean = sentences.mean(0)
        _, width, directions = torch.linalg.svd(sentences - mean, full_matrices=False)
        width = width / width[0]
        return cls(mean, directions[:dim].T * width[:dim] ** (-2 * _WHITENING))

    def __call__(self, sentences: Tensor) -> Tensor:
        """[..., S] of the teacher to unit vectors [..., D]."""
        return F.normalize((sentences - self.mean) @ self.basis, dim=-1)


def start_from_words(model: CLIP, tokens: Sequence[int], words: Tensor) -> None:
    """Token embeddings of whole words begin as the widest directions of their meaning [W, D]."""
    with torch.no_grad():
        width = model.token_embedding.weight.shape[1]
        _, _, directions = torch.linalg.svd(words - words.mean(0), full_matrices=False)
        start = words @ directions[:width].T
        rows = torch.as_tensor(tokens)
        model.token_embedding.weight[rows, : start.shape[1]] = _START * start / start.std()


def encode(model: CLIP, tokens: Tensor) -> Tensor:
    """[B, D] as `model.encode_text`, over no more places than the longest phrase needs."""
    length = int(tokens.argmax(1).max()) + 1
    x = model.token_embedding(tokens[:, :length]) + model.positional_embedding[:length]
    mask = None if model.attn_mask is None else model.attn_mask[:length, :length]
    x = model.ln_final(model.transformer(x, attn_mask=mask))
    end = x[torch.arange(len(x)), tokens.argmax(1)]
    return end @ model.text_projection


def distil(
    model: CLIP,
    head: nn.Linear,
    tokens: Tensor,
    sentences: Tensor,
    meaning: Meaning,
    *,
    steps: int,
    seed: int,
    progress: Progress,
    learning_rate: float = 1e-3,
    common: int = 0,
) -> list[dict[str, Any]]:
    """Train the text tower and the sentence head; returns the log.

    Args:
        model: whose text tower is trained.
        head: from the tower's vectors [D] to the teacher's [S].
        tokens: [N, T] of the phrases.
        sentences: [N, S] the teacher's unit vectors of them.
        meaning: where the tower's own vectors should lie.
        steps: batches.
        common: half of each batch is drawn from so many first phrases; 0: from all.
    """
    texts = [model.token_embedding, model.transformer, model.ln_final, head]
    parameters = [p for module in texts for p in module.parameters()]
    parameters += [model.positional_embedding, model.text_projection]
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, learning_rate, total_steps=steps, pct_start=0.05
    )
    rng = np.random.default_rng(seed)
    log: list[dict[str, Any]] = []
    progress.begin("distilling words", steps)
    for step in range(steps):
        near = rng.integers(0, common or len(tokens), _BATCH // 2)
        far = rng.integers(0, len(tokens), _BATCH - len(near))
        rows = torch.from_numpy(np.concatenate([near, far]))
        target = sentences[rows]
        with torch.autocast("cpu", torch.bfloat16):
            out = encode(model, tokens[rows])
            told = head(out)
        own = (F.normalize(out.float(), dim=-1) * meaning(target)).sum(-1)
        taught = (F.normalize(told.float(), dim=-1) * target).sum(-1)
        loss = (1 - own).mean() + 0.5 * (1 - taught).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        if step % _LOG_EVERY == 0 or step == steps - 1:
            half = len(near)
            row = {"step": step, "household": float(own[:half].mean().detach())}
            log.append(row | {"any": float(own[half:].mean().detach())})
        progress.advance(1)
    return log
