"""Teach an image tower to meet a text tower that stays as it is.

Locked-text tuning (Zhai et al., CVPR 2022), with the world's own knowledge in place of captions:
which named things fill each crop, and each patch of it. A crop is held against all names at once,
so each step tells the tower of every thing that is *not* there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from open_clip.model import CLIP
from torch import Tensor, nn

from lexel.encoders.normalisation import OPENAI_MEAN, OPENAI_STD
from lexel.progress import Progress
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

_ROOM = ("wall", "floor", "ceiling")
_PATCH_WEIGHT = 0.5
_LOG_EVERY = 50


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


def patch_features(model: CLIP, images: Tensor) -> tuple[Tensor, Tensor]:
    """Unit vectors of the class token [B, D] and of the patches [B, P, D]."""
    visual: Any = model.visual
    visual.output_tokens = True
    pooled, tokens = visual(images)
    visual.output_tokens = False
    return F.normalize(pooled.float(), dim=-1), F.normalize((tokens @ visual.proj).float(), dim=-1)


def meet(
    model: CLIP,
    tokenizer: Any,
    pictures: Pictures,
    *,
    steps: int,
    batch: int,
    seed: int,
    progress: Progress,
    learning_rate: float = 1e-3,
) -> Iterator[dict[str, float]]:
    """Train the image tower and the logit scale; yields a row of the log now and then."""
    visual: Any = model.visual
    side, patches = visual.image_size[0], visual.grid_size[0]
    bank, kinds = NameBank(model, tokenizer), len(thing_names())
    # Temperatures of the crop's and of the patches' softmax: two tasks, two widths.
    scales = nn.Parameter(torch.tensor([20.0, 10.0]).log())
    parameters = [*visual.parameters(), scales]
    optimiser = torch.optim.AdamW(parameters, lr=learning_rate, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, learning_rate, total_steps=steps, pct_start=0.08
    )
    rng = np.random.default_rng(seed)
    mean, std = torch.tensor(OPENAI_MEAN) * 255, torch.tensor(OPENAI_STD) * 255

    def draw() -> Crops:
        return draw_crops(pictures, batch, side, patches, rng)

    progress.begin("meeting words", steps)
    with ThreadPoolExecutor(1) as ahead:
        waiting = ahead.submit(draw)
        for step in range(steps):
            crops = waiting.result()
            waiting = ahead.submit(draw)
            pixels = ((torch.from_numpy(crops.images).float() - mean) / std).permute(0, 3, 1, 2)
            patch, whole = shares(crops.things, patches, kinds)
            template = int(rng.integers(len(TEMPLATES)))
            with torch.autocast("cpu", torch.bfloat16):
                pooled, tokens = patch_features(model, pixels)
            crop_scale, patch_scale = scales.clamp(max=4.6).exp()
            losses = [
                _missed(crop_scale * pooled @ bank.kinds[template].T, by_class(whole)),
                _missed(crop_scale * pooled @ bank.things[template].T, whole),
                _missed(patch_scale * tokens @ bank.kinds[template].T, by_class(patch)),
                _missed(patch_scale * tokens @ bank.things[template].T, patch),
            ]
            loss = losses[0] + losses[1] + _PATCH_WEIGHT * (losses[2] + losses[3])
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            progress.advance(1)
            if step % _LOG_EVERY == 0 or step == steps - 1:
                found = (pooled @ bank.kinds[template].T).argmax(1)
                right = by_class(whole).gather(1, found[:, None]) > 0
                names = ("kind", "thing", "patch_kind", "patch_thing")
                row = dict(zip(names, (float(x.detach()) for x in losses), strict=True))
                yield {"step": step, **row, "right": float(right.float().mean())}
    with torch.no_grad():
        model.logit_scale.fill_(float(scales[0]))


def _missed(logits: Tensor, share: Tensor) -> Tensor:
    """Kullback-Leibler divergence of what is there [..., N] from what is answered."""
    log = F.log_softmax(logits, -1)
    return (torch.xlogy(share, share) - share * log).sum(-1).mean()
