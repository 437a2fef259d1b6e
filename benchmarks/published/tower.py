"""CLIP's image tower with its attention written out and a graph through every block.

Letters in shapes: B images, T tokens (the class token first), W width, h heads, D embedding.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from open_clip.transformer import QuickGELU, VisionTransformer
from torch import Tensor


@dataclass(frozen=True, eq=False)
class PlainTower:
    """The weights of an image tower, by their names in open_clip, as leaves of a graph."""

    weights: dict[str, Tensor]
    blocks: int
    heads: int
    quick_gelu: bool

    @classmethod
    def of(cls, visual: VisionTransformer) -> PlainTower:
        """The same weights, sharing their memory."""
        blocks = visual.transformer.resblocks
        leaves = {k: v.detach().requires_grad_() for k, v in visual.state_dict().items()}
        quick_gelu = isinstance(blocks[0].mlp.gelu, QuickGELU)
        return cls(leaves, len(blocks), blocks[0].attn.num_heads, quick_gelu)

    def encode(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        """[B, 3, S, S] -> features [B, D], attention probabilities [B, h, T, T] of every block."""
        w = self.weights
        patches = F.conv2d(images, w["conv1.weight"], stride=w["conv1.weight"].shape[-1])
        patches = patches.flatten(2).transpose(1, 2)
        first = w["class_embedding"].expand(len(images), 1, -1)
        tokens = torch.cat([first, patches], dim=1) + w["positional_embedding"]
        tokens = self._layer_norm("ln_pre", tokens)
        probabilities = []
        for index in range(self.blocks):
            tokens, probability = self._block(f"transformer.resblocks.{index}", tokens)
            probabilities.append(probability)
        return self._layer_norm("ln_post", tokens[:, 0]) @ w["proj"], probabilities

    def _block(self, name: str, tokens: Tensor) -> tuple[Tensor, Tensor]:
        added, probability = self._attend(f"{name}.attn", self._layer_norm(f"{name}.ln_1", tokens))
        tokens = tokens + added
        hidden = self._linear(f"{name}.mlp.c_fc", self._layer_norm(f"{name}.ln_2", tokens))
        hidden = hidden * torch.sigmoid(1.702 * hidden) if self.quick_gelu else F.gelu(hidden)
        return tokens + self._linear(f"{name}.mlp.c_proj", hidden), probability

    def _attend(self, name: str, tokens: Tensor) -> tuple[Tensor, Tensor]:
        w = self.weights
        joined = F.linear(tokens, w[f"{name}.in_proj_weight"], w[f"{name}.in_proj_bias"])
        query, key, value = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in joined.chunk(3, dim=-1)
        )
        query = query * query.shape[-1] ** -0.5
        probability = (query @ key.transpose(-2, -1)).softmax(-1)
        attended = (probability @ value).transpose(1, 2).flatten(2)
        return self._linear(f"{name}.out_proj", attended), probability

    def _linear(self, name: str, x: Tensor) -> Tensor:
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _layer_norm(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(x, weight.shape, weight, bias)
