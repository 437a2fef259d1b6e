"""Small random CLIPs, and relevancy of a tower read off an autograd graph."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
from open_clip.transformer import ResidualAttentionBlock, VisionTransformer
from torch import Tensor, nn

from lexel.encoders.clip import ClipEncoder, make_encoder

PATCH_PX, IMAGE_PX = 8, 32
VOCABULARY, CONTEXT = 49408, 77  # those of CLIP's own tokenizer


def tiny_model(
    *,
    seed: int = 0,
    embed_dim: int = 512,
    width: int = 64,
    head_width: int = 16,
    layers: int = 2,
    quick_gelu: bool = False,
) -> CLIP:
    """A CLIP that reads 32x32 pixels in 8x8 patches."""
    vision = CLIPVisionCfg(
        layers=layers, width=width, head_width=head_width, patch_size=PATCH_PX, image_size=IMAGE_PX
    )
    text = CLIPTextCfg(CONTEXT, VOCABULARY, width=64, heads=1, layers=1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = CLIP(embed_dim, vision, text, quick_gelu=quick_gelu)
        shake(model.visual)
    return model


def tiny_encoder(*, pretrained: str = "random", **changes: int | bool) -> ClipEncoder:
    """`tiny_model` ready for use."""
    return make_encoder(tiny_model(**changes), "tiny", pretrained)


def tiny_tower(
    *,
    layers: int = 2,
    heads: int = 2,
    width: int = 16,
    patches_per_side: int = 3,
    activation: type[nn.Module] = nn.GELU,
    layer_scale: float | None = None,
    seed: int = 0,
) -> VisionTransformer:
    """An image tower in double precision, none of its parameters at a trivial value."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        tower = VisionTransformer(
            image_size=4 * patches_per_side,
            patch_size=4,
            width=width,
            layers=layers,
            heads=heads,
            mlp_ratio=3.0,
            output_dim=12,
            act_layer=activation,
            ls_init_value=layer_scale,
        )
        shake(tower)
    return tower.double().eval().requires_grad_(False)


def shake(module: nn.Module) -> None:
    """Move biases and scales away from 0 and 1, where mistakes hide."""
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim == 1:
                parameter.add_(0.2 * torch.randn_like(parameter))


def autograd_relevance(
    tower: VisionTransformer, images: Tensor, text: Tensor, first_block: int
) -> Tensor:
    """Chefer et al. (ICCV 2021) by the book, a graph through the whole tower: [L, n, P].

    Blocks from `first_block` on count. The tower is stated anew here, so that its attention is a
    tensor one can differentiate by; that it is the same tower is asserted.
    """
    with torch.enable_grad():
        features, attention = _forward(tower, images.clone().requires_grad_())
        torch.testing.assert_close(features, tower(images), rtol=1e-4, atol=1e-5)
        logits = (100 * F.normalize(features, dim=-1) @ text.T).sum(0)
        return torch.stack(
            [
                _roll(
                    torch.autograd.grad(logit, attention, retain_graph=True), attention, first_block
                )
                for logit in logits
            ]
        ).detach()


def _forward(tower: VisionTransformer, images: Tensor) -> tuple[Tensor, list[Tensor]]:
    patches = tower.conv1(images).flatten(2).mT
    class_token = tower.class_embedding.repeat(len(images), 1, 1)
    x = tower.ln_pre(torch.cat([class_token, patches], dim=1) + tower.positional_embedding)
    kept = []
    for block in tower.transformer.resblocks:
        added, attention = _attend(block, block.ln_1(x))
        x = x + block.ls_1(added)
        x = x + block.ls_2(block.mlp(block.ln_2(x)))
        kept.append(attention)
    return tower.ln_post(x[:, 0]) @ tower.proj, kept


def _attend(block: ResidualAttentionBlock, x: Tensor) -> tuple[Tensor, Tensor]:
    attn = block.attn
    batch, tokens, width = x.shape
    joined = x @ attn.in_proj_weight.mT + attn.in_proj_bias
    q, k, v = joined.view(batch, tokens, 3, attn.num_heads, -1).permute(2, 0, 3, 1, 4)
    scores = torch.einsum("bhic,bhjc->bhij", q, k) / math.sqrt(q.shape[-1])
    attention = scores.softmax(-1)
    mixed = torch.einsum("bhij,bhjc->bihc", attention, v).reshape(batch, tokens, width)
    return attn.out_proj(mixed), attention


def _roll(gradients: Sequence[Tensor], attention: Sequence[Tensor], first_block: int) -> Tensor:
    batch, _, tokens, _ = attention[0].shape
    rolled = torch.eye(tokens, dtype=attention[0].dtype).repeat(batch, 1, 1)
    for gradient, probabilities in list(zip(gradients, attention, strict=True))[first_block:]:
        cam = (gradient * probabilities).clamp(min=0).mean(dim=1)
        rolled = rolled + torch.bmm(cam, rolled)
    return rolled[:, 0, 1:]


@contextmanager
def count_crops(encoder: ClipEncoder) -> Iterator[list[int]]:
    """Collects the size of every batch that enters the image tower."""
    batches: list[int] = []
    handle = encoder.model.visual.conv1.register_forward_pre_hook(
        lambda _, inputs: batches.append(len(inputs[0]))
    )
    try:
        yield batches
    finally:
        handle.remove()
