"""Which image towers relevancy can be read from, and what is said of the others."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from open_clip.modified_resnet import ModifiedResNet
from open_clip.timm_model import TimmModel
from open_clip.transformer import VisionTransformer
from torch import nn

from lexel.errors import EncoderError
from lexel.relevancy.extractor import prepare
from lexel.relevancy.presets import get_preset
from tests.relevancy.tiny_clip import tiny_encoder

RGB = np.zeros((16, 16, 3), np.uint8)


def siglip_like() -> nn.Module:
    """A timm tower with attention pooling, as SigLIP's: no class token."""
    return TimmModel(
        "vit_tiny_patch16_224", embed_dim=8, image_size=32, pool="map", proj=None, pretrained=False
    )


def resnet() -> nn.Module:
    return ModifiedResNet((1, 1, 1, 1), output_dim=8, heads=1, image_size=32, width=4)


def vit(**changes: object) -> nn.Module:
    sizes = {"image_size": 8, "patch_size": 4, "width": 8, "layers": 1, "heads": 1, "mlp_ratio": 2}
    return VisionTransformer(**sizes, output_dim=8, **changes)


@pytest.mark.parametrize(
    ("tower", "sentence"),
    [
        (siglip_like, "SigLIP.*got TimmModel.*ViT-B-32/openai"),
        (resnet, "ResNet.*got ModifiedResNet"),
        (lambda: vit(pool_type="avg"), "does not pool at its class token"),
        (lambda: vit(attentional_pool=True, attn_pooler_heads=1), "does not pool at its class"),
        (lambda: vit(qk_norm=True, block_type="custom"), "attention blocks are modified"),
    ],
    ids=["SigLIP", "ResNet", "mean pooling", "attention pooling", "other attention"],
)
def test_other_towers_are_refused_with_a_sentence(tower, sentence):
    encoder = tiny_encoder()
    encoder.model.visual = tower()
    named = dataclasses.replace(
        encoder, identity=dataclasses.replace(encoder.identity, name="their/model")
    )
    with pytest.raises(EncoderError, match=sentence) as refused:
        prepare(named, RGB, get_preset("fast"))
    assert refused.value.where == "their/model"


def test_reference_mode_refuses_a_tower_without_a_counted_block():
    with pytest.raises(EncoderError, match="3 blocks"):
        prepare(tiny_encoder(layers=3), RGB, get_preset("fast"), reference=True)
