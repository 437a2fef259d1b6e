"""Relevancy from the last block alone, without a graph.

Chefer et al., "Generic Attention-model Explainability" (ICCV 2021), eq. 5 and 6, for the image
tower of CLIP: a block's relevancy is the mean over heads of relu(dlogit/dA ∘ A). Of the last
block only the class token's row of A reaches the logit, so its gradient runs through one token's
output projection, MLP, final normalisation and projection, never through the tower. Writing o for
the class token's attended values (heads side by side),

    dlogit/dA[h, j] = (dlogit/do)[h] · V[h, j],

so with B[h, j] = A[h, j] V[h, j] cached (A ≥ 0) every phrase is

    relevancy[j] = mean over h of relu((dlogit/do)[h] · B[h, j]).

dlogit/do of all crops is four matrix products: the encoder runs once per crop, a further phrase
costs no encoder pass at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from open_clip.transformer import LayerScale, QuickGELU, ResidualAttentionBlock, VisionTransformer
from torch import Tensor, nn

from lexel.errors import EncoderError
from lexel.relevancy.tower import LOGIT_SCALE, attend, embed, project_attended

# Crops whose gradients are in memory at once.
_CHUNK = 128
_QUICK_GELU_SLOPE = 1.702


@dataclass(eq=False)
class Activations:
    """What is kept of n crops: n·(P·W + 6·W) numbers (P patches).

    Attributes:
        weighted_values: [n, h, P, W/h], attention to each patch times the patch's value.
        mlp_input: [n, W], the class token after attention.
        mlp_slope: [n, 4·W], the derivative of the MLP's activation at that token.
        output: [n, W], the class token after the block.
    """

    weighted_values: Tensor
    mlp_input: Tensor
    mlp_slope: Tensor
    output: Tensor

    def __getitem__(self, crops: slice) -> Activations:
        return Activations(
            self.weighted_values[crops],
            self.mlp_input[crops],
            self.mlp_slope[crops],
            self.output[crops],
        )


class LastBlock:
    """Relevancy through the last block of an image tower."""

    def __init__(self, visual: VisionTransformer) -> None:
        self.visual = visual
        self.block: ResidualAttentionBlock = visual.transformer.resblocks[-1]

    def allocate(self, crops: int) -> Activations:
        """Room for that many crops."""
        like = self.visual.proj
        width, heads = self.visual.transformer.width, self.block.attn.num_heads
        patches = self.visual.positional_embedding.shape[0] - 1
        return Activations(
            like.new_empty(crops, heads, patches, width // heads),
            like.new_empty(crops, width),
            like.new_empty(crops, self.block.mlp.c_fc.out_features),
            like.new_empty(crops, width),
        )

    @torch.inference_mode()
    def capture(self, images: Tensor, into: Activations, start: int) -> None:
        """Run the encoder on images [B, 3, S, S] and keep them as crops start.. of `into`."""
        tokens = embed(self.visual, images)
        for block in self.visual.transformer.resblocks[:-1]:
            tokens = block(tokens)
        attention = attend(self.block, tokens, class_only=True)
        probabilities = attention.probabilities()
        added = project_attended(self.block, probabilities @ attention.value)
        mlp_input = tokens[:, 0] + added[:, 0]
        kept = slice(start, start + len(images))
        patch_probabilities = probabilities[:, :, 0, 1:, None]
        torch.mul(patch_probabilities, attention.value[:, :, 1:], out=into.weighted_values[kept])
        mlp = self.block.mlp
        hidden = mlp.c_fc(self.block.ln_2(mlp_input))
        into.mlp_input[kept] = mlp_input
        into.mlp_slope[kept] = _slope(mlp.gelu, hidden)
        into.output[kept] = mlp_input + self.block.ls_2(mlp.c_proj(mlp.gelu(hidden)))

    @torch.inference_mode()
    def relevance(self, kept: Activations, text: Tensor) -> Tensor:
        """Relevancy of each patch of each crop for text features [L, D]: [L, n, P]."""
        chunks = [
            self._relevance(kept[i : i + _CHUNK], text) for i in range(0, len(kept.output), _CHUNK)
        ]
        return torch.cat(chunks, dim=1)

    def _relevance(self, kept: Activations, text: Tensor) -> Tensor:
        gradient = self._attended_gradient(kept, text)
        heads = kept.weighted_values.shape[1]
        per_head = gradient.unflatten(-1, (heads, -1)).permute(1, 2, 3, 0)  # [n, h, W/h, L]
        scores = kept.weighted_values @ per_head  # [n, h, P, L]
        return scores.relu_().mean(1).permute(2, 0, 1)

    def _attended_gradient(self, kept: Activations, text: Tensor) -> Tensor:
        """dlogit/do of each phrase and crop: [L, n, W]."""
        block = self.block
        gradient = self._output_gradient(kept.output, text)
        hidden = _scaled(block.ls_2, gradient) @ block.mlp.c_proj.weight
        through = (hidden * kept.mlp_slope) @ block.mlp.c_fc.weight
        gradient = gradient + _layer_norm_gradient(block.ln_2, kept.mlp_input, through)
        return _scaled(block.ls_1, gradient) @ block.attn.out_proj.weight

    def _output_gradient(self, output: Tensor, text: Tensor) -> Tensor:
        """dlogit/d(class token after the block): [L, n, W]."""
        features = self.visual.ln_post(output) @ self.visual.proj
        length = torch.linalg.vector_norm(features, dim=-1, keepdim=True)
        unit = features / length
        cosine = text @ unit.T
        # d(cosine)/d(features) = (text - cosine·unit) / length
        gradient = (text[:, None] - cosine[..., None] * unit) * (LOGIT_SCALE / length)
        return _layer_norm_gradient(self.visual.ln_post, output, gradient @ self.visual.proj.T)


def _slope(activation: nn.Module, x: Tensor) -> Tensor:
    """Derivative of the activation at x."""
    if isinstance(activation, QuickGELU):
        gate = torch.sigmoid(_QUICK_GELU_SLOPE * x)
        return gate * (1 + _QUICK_GELU_SLOPE * x * (1 - gate))
    if isinstance(activation, nn.GELU) and activation.approximate == "none":
        density = torch.exp(-0.5 * x * x) * (2 * torch.pi) ** -0.5
        return 0.5 * (1 + torch.erf(x * 2**-0.5)) + x * density
    raise EncoderError(
        "the image tower's activation has no derivative here", got=type(activation).__name__
    )


def _scaled(layer_scale: nn.Module, gradient: Tensor) -> Tensor:
    return gradient * layer_scale.gamma if isinstance(layer_scale, LayerScale) else gradient


def _layer_norm_gradient(norm: nn.LayerNorm, x: Tensor, gradient: Tensor) -> Tensor:
    """Gradient [L, n, W] at the input x [n, W] of a layer norm, given it at the output."""
    centred, _, inverse_std = torch.native_layer_norm(
        x, norm.normalized_shape, None, None, norm.eps
    )
    scaled = gradient * norm.weight
    along = (scaled * centred).mean(-1, keepdim=True)
    return (scaled - scaled.mean(-1, keepdim=True) - centred * along) * inverse_std
