"""What each patch of an image means, from one pass of an image tower.

The last block attends for the class token; without its attention every patch keeps the value it
would have handed over, which lies in the space of the text (MaskCLIP: Zhou et al., ECCV 2022).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from lexel.encoders.clip import ClipEncoder
from lexel.relevancy.tower import attend, check_tower, embed, project_attended

_BATCH = 16


@torch.inference_mode()
def patch_features(encoder: ClipEncoder, images: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
    """(B, g, g, D) float32 unit vectors of square images, g patches along each side.

    Raises:
        EncoderError: the encoder's image tower is no plain ViT.
    """
    tower = check_tower(encoder.model.visual, encoder.identity.name)
    parts = []
    for start in range(0, len(images), _BATCH):
        tokens = embed(tower, encoder.preprocess(images[start : start + _BATCH]))
        *first, last = tower.transformer.resblocks
        for block in first:
            tokens = block(tokens)
        values = project_attended(last, attend(last, tokens, class_only=True).value)
        parts.append(_as_grid(tower.ln_post(values[:, 1:]) @ tower.proj))
    return torch.cat(parts).cpu().numpy()


def _as_grid(patches: Tensor) -> Tensor:
    side = round(patches.shape[1] ** 0.5)
    unit = torch.nn.functional.normalize(patches.float(), dim=-1)
    return unit.unflatten(1, (side, side))
