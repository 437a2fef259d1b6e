"""The text tower of a loaded encoder as plain arrays, for programs without torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lexel.errors import EncoderError
from lexel.io.text_towers import tower_shapes
from lexel.scene import SentenceHead, TowerSettings, TowerWeights

if TYPE_CHECKING:
    from torch import Tensor

    from lexel.encoders.clip import ClipEncoder

TEXT_STEMS = (  # of the keys of a model whose text tower is CLIP's own
    "transformer.",
    "token_embedding.",
    "positional_embedding",
    "ln_final.",
    "text_projection",
    "cls_emb",
)


def text_tower_of(encoder: ClipEncoder, sentence_head: SentenceHead | None = None) -> TowerWeights:
    """What a text tower file holds of an encoder: matrices rounded to half precision.

    Raises:
        EncoderError: its text tower or tokenizer is of a kind that runs with torch only.
    """
    found = _text_tensors(encoder)
    settings = _settings(encoder, found)
    shapes = tower_shapes(settings)
    _check_kind(encoder, set(found) ^ set(shapes))
    arrays = {
        name: found[name].detach().cpu().numpy().astype(dtype)
        for name, (dtype, _) in shapes.items()
    }
    return TowerWeights(settings, _merges(encoder.tokenizer), arrays, sentence_head)


def _text_tensors(encoder: ClipEncoder) -> dict[str, Tensor]:
    state = {k.removeprefix("text."): v for k, v in encoder.model.state_dict().items()}
    return {k: v for k, v in state.items() if k.startswith(TEXT_STEMS)}


def _settings(encoder: ClipEncoder, found: Mapping[str, Tensor]) -> TowerSettings:
    from open_clip.transformer import QuickGELU

    block, told = _text_module(encoder).transformer.resblocks[0], encoder.identity
    context_length, width = found["positional_embedding"].shape
    return TowerSettings(
        name=told.name,
        pretrained=told.pretrained,
        sha256=told.sha256,
        dim=told.dim,
        width=width,
        heads=block.attn.num_heads,
        layers=len(_text_module(encoder).transformer.resblocks),
        mlp_width=block.mlp.c_fc.out_features,
        context_length=context_length,
        activation="quick_gelu" if isinstance(block.mlp.gelu, QuickGELU) else "gelu",
        layer_norm_eps=block.ln_1.eps,
    )


def _check_kind(encoder: ClipEncoder, strange: set[str]) -> None:
    """An `EncoderError` unless this is CLIP's own causal tower, read at the end token."""
    from open_clip.tokenizer import SimpleTokenizer, _clean_lower
    from open_clip.transformer import QuickGELU
    from torch import nn

    tower, tokenizer = _text_module(encoder), encoder.tokenizer
    pool = getattr(tower, "text_pool_type", None) or getattr(tower, "pool_type", None)
    activation = tower.transformer.resblocks[0].mlp.gelu
    faults = {
        f"tensors that CLIP's own has not, or lacks: {sorted(strange)[:3]}": bool(strange),
        f"read at '{pool}', not at the end token": pool != "argmax",
        "not causal": tower.attn_mask is None,
        f"the activation {type(activation).__name__}": type(activation) not in (nn.GELU, QuickGELU),
        "another tokenizer than CLIP's": not isinstance(tokenizer, SimpleTokenizer)
        or tokenizer.clean_fn is not _clean_lower
        or tokenizer.reduction_fn is not None
        or len(tokenizer.all_special_ids) != 2
        or tokenizer.context_length != len(tower.positional_embedding),
    }
    for fault, found in faults.items():
        if found:
            raise EncoderError(
                f"this text tower runs with torch only ({fault})",
                where=encoder.identity.name,
                do="Use an encoder with CLIP's own text tower, such as ViT-B-32/openai.",
            )


def _text_module(encoder: ClipEncoder) -> Any:
    """open_clip keeps the tower in the model itself, or as its `text`."""
    return getattr(encoder.model, "text", encoder.model)


def _merges(tokenizer: Any) -> npt.NDArray[np.int32]:
    """(M, 2) tokens that are joined, the first pair first; see `TowerWeights`."""
    pairs = sorted(tokenizer.bpe_ranks, key=tokenizer.bpe_ranks.get)
    token = tokenizer.encoder
    return np.array([(token[a], token[b]) for a, b in pairs], np.int32)
