"""An open_clip image tower, opened up at its attention.

Shapes: B crops, T tokens (the class token first), W width, h heads, D embedding.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from open_clip.transformer import ResidualAttentionBlock, VisionTransformer
from torch import Tensor, nn

from lexel.errors import EncoderError

# Logits are cosines times this, as CLIP's trained temperature has it.
LOGIT_SCALE = 100.0


def check_tower(visual: nn.Module, name: str) -> VisionTransformer:
    """`visual` itself, if relevancy can be read from it.

    Raises:
        EncoderError: it has no class token, or attends in a way that was not derived here.
    """
    ways_out = "Use an open_clip ViT with a class token, such as ViT-B-32/openai."
    if not isinstance(visual, VisionTransformer):
        raise EncoderError(
            "relevancy needs open_clip's own ViT image tower with a class token; encoders without "
            "one (SigLIP, ConvNeXt, ResNet) await a derivation of their own",
            where=name,
            got=type(visual).__name__,
            do=ways_out,
        )
    if visual.attn_pool is not None or visual.pool_type != "tok":
        raise EncoderError("this tower does not pool at its class token", where=name, do=ways_out)
    blocks = visual.transformer.resblocks
    if not all(type(block) is ResidualAttentionBlock for block in blocks):
        raise EncoderError("this tower's attention blocks are modified", where=name, do=ways_out)
    return visual


def embed(visual: VisionTransformer, images: Tensor) -> Tensor:
    """Images [B, 3, S, S], normalised, as tokens [B, T, W]."""
    patches = visual.conv1(images).flatten(2).transpose(1, 2)
    class_token = visual.class_embedding.expand(len(images), 1, -1)
    tokens = torch.cat([class_token, patches], dim=1) + visual.positional_embedding
    return visual.ln_pre(tokens)


@dataclass(frozen=True, eq=False)
class Attention:
    """Queries of some tokens, and keys and values of all: each [B, h, tokens, W/h]."""

    query: Tensor
    key: Tensor
    value: Tensor

    def probabilities(self) -> Tensor:
        """[B, h, queries, T]."""
        scale = self.query.shape[-1] ** -0.5
        return ((self.query * scale) @ self.key.transpose(-2, -1)).softmax(-1)


def attend(block: ResidualAttentionBlock, tokens: Tensor, class_only: bool) -> Attention:
    """What a block's attention works on; queries of the class token alone if `class_only`."""
    normed = block.ln_1(tokens)
    width, heads = normed.shape[-1], block.attn.num_heads
    weight, bias = block.attn.in_proj_weight, block.attn.in_proj_bias
    asking = normed[:, :1] if class_only else normed
    query = F.linear(asking, weight[:width], bias[:width])
    key, value = F.linear(normed, weight[width:], bias[width:]).split(width, dim=-1)
    return Attention(*(x.unflatten(-1, (heads, -1)).transpose(1, 2) for x in (query, key, value)))


def project_attended(block: ResidualAttentionBlock, attended: Tensor) -> Tensor:
    """What attended values [B, h, queries, W/h] add to the tokens: [B, queries, W]."""
    joined = attended.transpose(1, 2).flatten(2)
    return block.ls_1(block.attn.out_proj(joined))


def cosine_logits(visual: VisionTransformer, class_token: Tensor, text: Tensor) -> Tensor:
    """Logits [B, L] of class tokens [B, W] after the last block, against `text` [L, D]."""
    features = visual.ln_post(class_token) @ visual.proj
    return LOGIT_SCALE * F.normalize(features, dim=-1) @ text.T
