"""Relevancy rolled out over several blocks, for `reference` runs of towers deeper than twelve.

Chefer et al. (ICCV 2021), eq. 5 to 7: R starts as the identity and R ← R + cam·R for each block,
where cam is the mean over heads of relu(dlogit/dA ∘ A). The published method counts blocks with
index > 10: one for ViT-B (see `closed_form`), thirteen for ViT-L, whose gradients need a graph
from block 11 on. Tokens entering that block are kept, so a further phrase spares the first ones.
"""

from __future__ import annotations

import torch
from open_clip.transformer import VisionTransformer
from torch import Tensor

from lexel.errors import EncoderError
from lexel.relevancy.tower import attend, cosine_logits, embed, project_attended

FIRST_COUNTED_BLOCK = 11
_CHUNK = 8


class Rollout:
    """Relevancy through all blocks from `FIRST_COUNTED_BLOCK` on."""

    def __init__(self, visual: VisionTransformer) -> None:
        self.visual = visual
        blocks = list(visual.transformer.resblocks)
        self.plain, self.counted = blocks[:FIRST_COUNTED_BLOCK], blocks[FIRST_COUNTED_BLOCK:]
        if not self.counted:
            raise EncoderError(
                f"the published rule counts blocks from index {FIRST_COUNTED_BLOCK} on and this "
                "tower has none, so its relevancy would be zero",
                got=f"{len(blocks)} blocks",
                do="Leave out --compat reference.",
            )

    def allocate(self, crops: int) -> Tensor:
        """Room for the tokens of that many crops: [n, T, W]."""
        return self.visual.proj.new_empty(crops, *self.visual.positional_embedding.shape)

    @torch.inference_mode()
    def capture(self, images: Tensor, into: Tensor, start: int) -> None:
        """Run the first blocks on images [B, 3, S, S] and keep the tokens."""
        tokens = embed(self.visual, images)
        for block in self.plain:
            tokens = block(tokens)
        into[start : start + len(images)] = tokens

    def relevance(self, kept: Tensor, text: Tensor) -> Tensor:
        """Relevancy of each patch of each crop for text features [L, D]: [L, n, P]."""
        with torch.enable_grad():
            chunks = [self._relevance(tokens.clone(), text) for tokens in kept.split(_CHUNK)]
        return torch.cat(chunks, dim=1)

    def _relevance(self, tokens: Tensor, text: Tensor) -> Tensor:
        probabilities: list[Tensor] = []
        for block in self.counted:
            attention = attend(block, tokens, class_only=False)
            probability = attention.probabilities()
            if not probability.requires_grad:
                probability.requires_grad_()
            probabilities.append(probability)
            tokens = tokens + project_attended(block, probability @ attention.value)
            tokens = tokens + block.ls_2(block.mlp(block.ln_2(tokens)))
        logits = cosine_logits(self.visual, tokens[:, 0], text).sum(0)
        return torch.stack([self._roll(logit, probabilities) for logit in logits])

    @staticmethod
    def _roll(logit: Tensor, probabilities: list[Tensor]) -> Tensor:
        gradients = torch.autograd.grad(logit, probabilities, retain_graph=True)
        batch, _, num_tokens, _ = probabilities[0].shape
        rolled = torch.eye(num_tokens, device=logit.device, dtype=logit.dtype).expand(batch, -1, -1)
        for gradient, probability in zip(gradients, probabilities, strict=True):
            cam = (gradient * probability.detach()).clamp_min(0).mean(1)
            rolled = rolled + cam @ rolled
        return rolled[:, 0, 1:]
