"""Image-text encoders: any CLIP that open_clip builds."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
from open_clip.model import CLIP, CLIPTextCfg, CLIPVisionCfg
from PIL import Image
from torch import Tensor

from lexel.encoders.architectures import check_architecture
from lexel.encoders.normalisation import OPENAI_MEAN, OPENAI_STD, Colour, Normalisation
from lexel.encoders.weights import find_encoder_weights, load_tensors
from lexel.encoders.weights.architecture import OPENAI_ONLY_KEYS
from lexel.encoders.weights.catalogue import UNTRAINED
from lexel.errors import WeightsError
from lexel.progress import Progress
from lexel.scene.prompts import fill_templates

_HEAD_WIDTH = 64
_TEXT_BATCH = 64


@dataclass(frozen=True)
class EncoderIdentity:
    """Which encoder made a result.

    Attributes:
        name: architecture, or the name (never the whole path) of the file the user gave.
        pretrained: tag of the training; "untrained" for random weights.
        sha256: of the weights file; empty for random weights.
        dim: size of the shared embedding.
        seed: of random weights.
    """

    name: str
    pretrained: str
    sha256: str
    dim: int
    seed: int | None = None

    @property
    def untrained(self) -> bool:
        return self.pretrained == UNTRAINED


@dataclass(frozen=True, eq=False)
class ClipEncoder:
    """An open_clip model ready for inference, with its tokenizer.

    Attributes:
        image_mean, image_std: of red, green and blue in 0..1, as in its training.
    """

    model: CLIP
    tokenizer: Any
    identity: EncoderIdentity
    image_mean: Colour = OPENAI_MEAN
    image_std: Colour = OPENAI_STD

    @property
    def image_size_px(self) -> int:
        size = self.model.visual.image_size
        return int(size[0] if isinstance(size, tuple) else size)

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    def preprocess(self, images: Sequence[Image.Image]) -> Tensor:
        """Square images as the tower's input [B, 3, S, S].

        Resized by Pillow's own bicubic arithmetic: other resamplers differ by up to 1e-2 here.
        """
        size = (self.image_size_px, self.image_size_px)
        resized = [
            i if i.size == size else i.resize(size, Image.Resampling.BICUBIC) for i in images
        ]
        pixels = torch.from_numpy(np.stack([np.asarray(i) for i in resized]))
        scaled = pixels.permute(0, 3, 1, 2).float().div_(255)
        mean = torch.tensor(self.image_mean)[:, None, None]
        std = torch.tensor(self.image_std)[:, None, None]
        return scaled.sub_(mean).div_(std).to(self.device)

    @torch.inference_mode()
    def image_features(self, images: Sequence[Image.Image]) -> Tensor:
        """Features of square images, as they leave the image tower: [N, D]."""
        return self.model.encode_image(self.preprocess(images))

    @torch.inference_mode()
    def prompt_features(self, prompts: Sequence[str]) -> Tensor:
        """Features of whole prompts, as they leave the text tower: [P, D]."""
        tokens = self.tokenizer(list(prompts)).to(self.device)
        return torch.cat([self.model.encode_text(batch) for batch in tokens.split(_TEXT_BATCH)])

    def phrase_features(self, phrases: Sequence[str], templates: Sequence[str]) -> Tensor:
        """Mean over templates of the phrases' unit features: [L, D]; not unit vectors again."""
        prompts = [p for phrase in phrases for p in fill_templates(phrase, templates)]
        unit = F.normalize(self.prompt_features(prompts), dim=-1)
        return unit.view(len(phrases), len(templates), -1).mean(1)


def load_encoder(
    name: str, *, device: str = "cpu", seed: int = 0, progress: Progress | None = None
) -> ClipEncoder:
    """The encoder called `ARCH/TAG`, `ARCH/untrained`, `embedded`, or at a path.

    Nothing is downloaded.

    Raises:
        WeightsError: its weights are missing, damaged or of another architecture.
        EncoderError: the architecture is unknown, or of a kind that Lexel does not read.
    """
    architecture, _, tag = name.rpartition("/")
    if tag == UNTRAINED:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = _build(architecture, quick_gelu=False)
        made = make_encoder(model, architecture, UNTRAINED, device=device)
        return replace(made, identity=replace(made.identity, seed=seed))
    weights = find_encoder_weights(name)
    state = load_tensors(weights.path)
    if weights.quick_gelu is None and progress:
        progress.say(
            f"{name}: nothing here tells which activation it was trained with; "
            f"{'QuickGELU' if _only_openai_has(state) else 'GELU'} is used. Weights fetched by "
            "name (lexel weights get ARCH/TAG) know theirs."
        )
    model = encoder_from_tensors(state, weights.architecture, weights.quick_gelu, weights.name)
    trained = weights.pretrained or "local"
    return make_encoder(
        model,
        weights.architecture or Path(weights.name).name,
        trained,
        weights.sha256,
        device=device,
        normalisation=weights.normalisation,
    )


def make_encoder(
    model: CLIP,
    name: str,
    pretrained: str,
    sha256: str = "",
    *,
    device: str = "cpu",
    normalisation: Normalisation | None = None,
) -> ClipEncoder:
    """A model made ready for inference, with its tokenizer (CLIP's own where `name` is no
    architecture of open_clip), and OpenAI's normalisation unless another is given."""
    if name in open_clip.list_models():
        tokenizer = open_clip.get_tokenizer(name)
    else:
        tokenizer = open_clip.SimpleTokenizer(context_length=model.positional_embedding.shape[0])
    ready = model.eval().requires_grad_(False).to(device)
    with torch.inference_mode():
        dim = ready.encode_text(tokenizer(["size"]).to(device)).shape[-1]
    identity = EncoderIdentity(name, pretrained, sha256, int(dim))
    pixels = normalisation or Normalisation()
    return ClipEncoder(ready, tokenizer, identity, pixels.mean, pixels.std)


def encoder_from_tensors(
    state: Mapping[str, Tensor],
    architecture: str | None,
    quick_gelu: bool | None,
    where: object,
) -> CLIP:
    """A model with the given weights, in OpenAI's or open_clip's spelling of the keys.

    Args:
        state: tensors by name.
        architecture: open_clip's name; None builds what the tensors' shapes say.
        quick_gelu: the activation of OpenAI's own training; None decides by keys only OpenAI's
            files have.
        where: for messages.
    """
    if quick_gelu is None:
        quick_gelu = _only_openai_has(state)
    tensors = {
        _plain_key(k): v.float() if v.is_floating_point() else v
        for k, v in state.items()
        if k not in OPENAI_ONLY_KEYS
    }
    model = (
        _build(architecture, quick_gelu) if architecture else _shaped(tensors, quick_gelu, where)
    )
    try:
        model.load_state_dict(tensors)
    except RuntimeError as cause:
        raise WeightsError(
            f"the weights do not fit the architecture {architecture or 'their shapes suggest'}",
            where=where,
            got=str(cause).replace("\n", " "),
            do="Name the architecture they were trained with, or get the weights again.",
        ) from cause
    return model


def _build(architecture: str, quick_gelu: bool) -> CLIP:
    check_architecture(architecture)
    with _quiet():
        return open_clip.create_model(
            architecture, load_weights=False, pretrained_text=False, force_quick_gelu=quick_gelu
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """open_clip warns on the root logger that weights come later; they do."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)


def _shaped(state: Mapping[str, Tensor], quick_gelu: bool, where: object) -> CLIP:
    """A plain CLIP of the sizes the tensors have; heads are 64 wide, as in all of OpenAI's."""
    try:
        patches = state["visual.positional_embedding"].shape[0] - 1
        vision_width, _, patch, _ = state["visual.conv1.weight"].shape
        vocabulary, text_width = state["token_embedding.weight"].shape
        vision = CLIPVisionCfg(
            layers=_count_blocks(state, "visual.transformer"),
            width=vision_width,
            head_width=_HEAD_WIDTH,
            patch_size=patch,
            image_size=patch * round(patches**0.5),
        )
        text = CLIPTextCfg(
            context_length=state["positional_embedding"].shape[0],
            vocab_size=vocabulary,
            width=text_width,
            heads=max(1, text_width // _HEAD_WIDTH),
            layers=_count_blocks(state, "transformer"),
        )
        return CLIP(state["visual.proj"].shape[1], vision, text, quick_gelu=quick_gelu)
    except (KeyError, ValueError, IndexError, ZeroDivisionError) as cause:
        raise WeightsError(
            f"these are not the weights of a CLIP with a ViT image tower ({cause})",
            where=where,
            do="Give the architecture by name (ARCH/TAG), or another file.",
        ) from cause


def _only_openai_has(state: Mapping[str, Tensor]) -> bool:
    return any(key in state for key in OPENAI_ONLY_KEYS)


def _count_blocks(state: Mapping[str, Tensor], stem: str) -> int:
    prefix = f"{stem}.resblocks."
    return len({k.removeprefix(prefix).split(".")[0] for k in state if k.startswith(prefix)})


def _plain_key(key: str) -> str:
    """Without the prefixes that wrappers for training and separate text towers leave behind."""
    return key.removeprefix("module.").removeprefix("_orig_mod.").removeprefix("text.")
