"""Teach an image tower to meet a text tower that stays as it is.

Locked-text tuning (Zhai et al., CVPR 2022), with the world's own knowledge in place of captions:
which named things fill each crop, and each patch of it. A crop is held against all names at once,
so each step tells the tower of every thing that is *not* there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from open_clip.model import CLIP
from torch import Tensor, nn

from lexel.encoders.normalisation import OPENAI_MEAN, OPENAI_STD
from lexel.progress import Progress
from lexel.training.checkpoint import load_training, save_training
from lexel.training.embedded.phrases import TEMPLATES
from lexel.training.embedded.pictures import (
    Crops,
    Pictures,
    by_class,
    draw_crops,
    shares,
    thing_names,
)
from lexel.training.embedded.text import encode
from lexel.training.schedule import learning_rate as rate_at

_ROOM = ("wall", "floor", "ceiling")
_PATCH_WEIGHT = 0.5
_WARM_UP = 0.08  # share of the steps in which the rate rises
_LOG_EVERY = 50
_MOST_PIECES = 2  # sums of two gradients do not depend on their order
LOSSES = ("kind", "thing", "patch_kind", "patch_thing")


class NameBank:
    """Unit vectors of all names, in each template: the classes, and the classes with colours."""

    def __init__(self, model: CLIP, tokenizer: Any) -> None:
        things = thing_names()
        kinds = list(dict.fromkeys(kind for kind, _ in things))
        with torch.no_grad():

            def vectors(template: str, names: list[str]) -> Tensor:
                tokens = tokenizer([template.format(name) for name in names])
                return F.normalize(encode(model, tokens).float(), dim=-1)

            rooms = [vectors(t, list(_ROOM)).mean(0, keepdim=True) for t in TEMPLATES]
            self.kinds = [
                torch.cat([vectors(t, kinds), room])
                for t, room in zip(TEMPLATES, rooms, strict=True)
            ]
            self.things = [
                torch.cat([vectors(t, [f"{c} {k}" for k, c in things]), room])
                for t, room in zip(TEMPLATES, rooms, strict=True)
            ]


class Sight(nn.Module):
    """An image tower that learns, and the temperatures of two softmaxes; its words stay.

    Args:
        model: whose image tower is trained.
        tokenizer: of its text tower.
    """

    def __init__(self, model: CLIP, tokenizer: Any) -> None:
        super().__init__()
        self.bank = NameBank(model, tokenizer)
        self.tower: Any = model.visual
        self.tower.output_tokens = True  # of the patches too; `meet` takes it back
        # Of the crop's and of the patches' softmax: two tasks, two widths.
        self.scales = nn.Parameter(torch.tensor([20.0, 10.0]).log())

    def forward(self, crops: Crops, template: int) -> tuple[list[Tensor], float]:
        """Losses of kind, thing, patch kind and patch thing; share of crops named rightly."""
        kinds = len(thing_names())
        patch, whole = shares(crops.things, self.tower.grid_size[0], kinds)
        # Its cache of cast weights is shared by all threads: sums would depend on their timing.
        with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
            pooled, tokens = patch_features(self.tower, _pixels(crops.images))
        crop_scale, patch_scale = self.scales.clamp(max=4.6).exp()
        kind, thing = self.bank.kinds[template], self.bank.things[template]
        losses = [
            _missed(crop_scale * pooled @ kind.T, by_class(whole)),
            _missed(crop_scale * pooled @ thing.T, whole),
            _missed(patch_scale * tokens @ kind.T, by_class(patch)),
            _missed(patch_scale * tokens @ thing.T, patch),
        ]
        found = (pooled.detach() @ kind.T).argmax(1)
        right = by_class(whole).gather(1, found[:, None]) > 0
        return losses, float(right.float().mean())


def patch_features(tower: Any, images: Tensor) -> tuple[Tensor, Tensor]:
    """Unit vectors of the class token [B, D] and of the patches [B, P, D]."""
    pooled, tokens = tower(images)
    return F.normalize(pooled.float(), dim=-1), F.normalize((tokens @ tower.proj).float(), dim=-1)


def meet(
    model: CLIP,
    tokenizer: Any,
    pictures: Pictures,
    *,
    steps: int,
    batch: int,
    seed: int,
    progress: Progress,
    checkpoint: Path,
    learning_rate: float = 1e-3,
    save_every: int = 200,
) -> Iterator[dict[str, float]]:
    """Train the image tower and the logit scale; yields a row of the log now and then.

    Begun again, it goes on from `checkpoint`: crops depend on the seed and the step alone.
    """
    sight = Sight(model, tokenizer)
    optimiser = torch.optim.AdamW(sight.parameters(), lr=learning_rate, weight_decay=0.05)
    settings = {"steps": steps, "batch": batch, "seed": seed, "learning_rate": learning_rate}
    first = load_training(checkpoint, sight, optimiser, settings) if checkpoint.exists() else 0
    side, patches = sight.tower.image_size[0], sight.tower.grid_size[0]

    def draw(step: int) -> tuple[Crops, int]:
        rng = np.random.default_rng([seed, step])
        crops = draw_crops(pictures, batch, side, patches, rng)
        return crops, int(rng.integers(len(TEMPLATES)))

    progress.begin("meeting words", steps)
    progress.advance(first)
    with ThreadPoolExecutor(1) as ahead, _Pieces(sight, batch) as pieces:
        waiting = ahead.submit(draw, first)
        for step in range(first, steps):
            crops, template = waiting.result()
            waiting = ahead.submit(draw, step + 1)
            optimiser.zero_grad()
            losses, right = pieces.descend(crops, template)
            nn.utils.clip_grad_norm_(sight.parameters(), 1.0)
            for group in optimiser.param_groups:
                group["lr"] = rate_at(step, learning_rate, int(_WARM_UP * steps), steps)
            optimiser.step()
            progress.advance(1)
            if step % _LOG_EVERY == 0 or step == steps - 1:
                yield {"step": step, **dict(zip(LOSSES, losses, strict=True)), "right": right}
            if (step + 1) % save_every == 0 or step == steps - 1:
                save_training(checkpoint, sight, optimiser, step + 1, settings)
    with torch.no_grad():
        model.logit_scale.fill_(float(sight.scales[0]))
    sight.tower.output_tokens = False


class _Pieces:
    """A batch cut into pieces, each on a core of its own.

    A small tower's products are too small to share a core's work well: two pieces on two cores
    take 0.7 of the time that one batch on two takes.
    """

    def __init__(self, sight: Sight, batch: int) -> None:
        self._sight, self._threads = sight, torch.get_num_threads()
        self._count = min(self._threads, _MOST_PIECES, batch)
        self._pool = ThreadPoolExecutor(self._count)

    def __enter__(self) -> _Pieces:
        torch.set_num_threads(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        torch.set_num_threads(self._threads)

    def descend(self, crops: Crops, template: int) -> tuple[list[float], float]:
        """Gradients of the batch's mean loss; the losses, and the share named rightly."""
        pieces = zip(
            np.array_split(crops.images, self._count),
            np.array_split(crops.things, self._count),
            strict=True,
        )

        def one(piece: tuple[NDArray[np.uint8], NDArray[np.int16]]) -> list[float]:
            losses, right = self._sight(Crops(*piece), template)
            share = len(piece[0]) / len(crops.images)
            total = losses[0] + losses[1] + _PATCH_WEIGHT * (losses[2] + losses[3])
            (share * total).backward()
            return [share * x for x in (*(float(loss.detach()) for loss in losses), right)]

        *losses, right = np.sum(list(self._pool.map(one, pieces)), axis=0).tolist()
        return losses, right


def _pixels(images: NDArray[np.uint8]) -> Tensor:
    """The tower's input [B, 3, S, S] of crops [B, S, S, 3]."""
    mean, std = torch.tensor(OPENAI_MEAN) * 255, torch.tensor(OPENAI_STD) * 255
    return ((torch.from_numpy(images).float() - mean) / std).permute(0, 3, 1, 2)


def _missed(logits: Tensor, share: Tensor) -> Tensor:
    """Kullback-Leibler divergence of what is there [..., N] from what is answered."""
    log = F.log_softmax(logits, -1)
    return (torch.xlogy(share, share) - share * log).sum(-1).mean()
