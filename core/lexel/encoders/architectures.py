"""Which of open_clip's architectures Lexel reads: a plain ViT and CLIP's own text tower.

Judged by the configuration, so nothing is built or fetched for an answer. Each other kind would
need its own derivation of relevancy, or a tokenizer from the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexel.errors import EncoderError

# Options of open_clip's `vision_cfg` that leave the image tower as relevancy was derived for it.
_PLAIN_OPTIONS = frozenset(
    "image_size patch_size layers width head_width mlp_ratio ls_init_value pool_type".split()
)
_WAY_OUT = "Use an open_clip ViT with a class token, such as ViT-B-32/openai."


def check_architecture(name: str) -> None:
    """Pass if open_clip's architecture `name` can serve.

    Raises:
        EncoderError: it is unknown, or of a kind that Lexel does not read.
    """
    import open_clip

    config = open_clip.get_model_config(name) if name in open_clip.list_models() else None
    if config is None:
        raise EncoderError(
            "open_clip knows no such architecture", got=name, do="Try ViT-B-32/openai."
        )
    fault = fault_of(config)
    if fault:
        raise EncoderError(fault, where=name, do=_WAY_OUT)


def fault_of(config: Mapping[str, Any]) -> str | None:
    """Why an encoder of this configuration cannot serve, or None."""
    return _image_fault(config["vision_cfg"]) or _text_fault(config)


def _image_fault(vision: Mapping[str, Any]) -> str | None:
    foreign = "timm_model_name" in vision and vision.get("timm_pool") != "token"
    if foreign or not isinstance(vision.get("layers", 12), int):
        return (
            "this encoder has no class token to answer from; relevancy for such encoders "
            "(SigLIP, ConvNeXt, ResNet) awaits its own derivation"
        )
    if not _PLAIN_OPTIONS.issuperset(vision) or vision.get("pool_type", "tok") != "tok":
        return (
            "relevancy was derived for open_clip's own plain ViT, pooled at its class token; the "
            "image tower of this encoder is another"
        )
    return None


def _text_fault(config: Mapping[str, Any]) -> str | None:
    if "multimodal_cfg" not in config and not any(k.startswith("hf_") for k in config["text_cfg"]):
        return None
    return (
        "the text tower or the tokenizer of this encoder is not CLIP's own and would be fetched "
        "from the network"
    )
