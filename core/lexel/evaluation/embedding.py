"""Pictures and texts as unit vectors of one image-text model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from lexel.encoders.clip import load_encoder
from lexel.encoders.model_folder import (
    image_size_px,
    is_model_folder,
    load_model,
    make_tokenizer,
)
from lexel.encoders.normalisation import Normalisation
from lexel.encoders.pixels import Pixels, read_pixels, stream_batches
from lexel.encoders.weights.catalogue import SAFE_NAME
from lexel.progress import Progress
from lexel.scene.prompts import fill_templates

_BATCH = 64


@dataclass(frozen=True, eq=False)
class ImageTextModel:
    """A model to be measured: any image tower, unlike encoders, which relevancy must fit.

    Attributes:
        name: as the user gave it; of a folder its last part only.
    """

    name: str
    model: Any
    tokenizer: Any
    normalisation: Normalisation
    device: str

    @torch.inference_mode()
    def embed_images(self, files: Sequence[Path], progress: Progress, workers: int = 2) -> Tensor:
        """[N, D] float32 unit vectors, on the CPU: of the middle square of each image.

        Raises:
            SceneError: a file is no image.
        """
        size_px = image_size_px(self.model)

        def read(file: Path) -> Pixels:
            return read_pixels(file, size_px, self.normalisation)

        progress.begin("images", len(files))
        features = []
        batches = [files[at : at + _BATCH] for at in range(0, len(files), _BATCH)]
        for batch, pixels in stream_batches(batches, read, workers):
            images = torch.from_numpy(pixels).to(self.device)
            features.append(F.normalize(self.model.encode_image(images).float(), dim=-1).cpu())
            progress.advance(len(batch))
        return torch.cat(features)

    @torch.inference_mode()
    def embed_texts(self, texts: Sequence[str], progress: Progress) -> Tensor:
        """[N, D] float32 unit vectors, on the CPU."""
        progress.begin("texts", len(texts))
        features = []
        for at in range(0, len(texts), _BATCH):
            tokens = self.tokenizer(list(texts[at : at + _BATCH])).to(self.device)
            features.append(F.normalize(self.model.encode_text(tokens).float(), dim=-1).cpu())
            progress.advance(len(tokens))
        return torch.cat(features)

    def embed_classes(
        self, names: Sequence[str], templates: Sequence[str], progress: Progress
    ) -> Tensor:
        """[C, D] float32 unit vectors: of each name, the mean over the templates.

        Raises:
            LabelError: a template has no `{}`.
        """
        prompts = [prompt for name in names for prompt in fill_templates(name, templates)]
        each = self.embed_texts(prompts, progress).view(len(names), len(templates), -1)
        return F.normalize(each.mean(1), dim=-1)


def open_model(
    name: str, device: str, *, seed: int = 0, progress: Progress | None = None
) -> ImageTextModel:
    """The model in a folder of open_clip's layout, or else the encoder called `name`.

    Raises:
        WeightsError: its weights are missing or damaged.
        EncoderError: it is unknown, or none that Lexel builds.
    """
    path = Path(name).expanduser()
    folder = path.parent if path.name == SAFE_NAME else path
    if is_model_folder(folder):
        config, model = load_model(folder)
        ready = model.requires_grad_(False).to(device)
        told = folder.resolve().name
        return ImageTextModel(told, ready, make_tokenizer(config), config.normalisation, device)
    encoder = load_encoder(name, device=device, seed=seed, progress=progress)
    pixels = Normalisation(encoder.image_mean, encoder.image_std)
    told = f"{encoder.identity.name}/{encoder.identity.pretrained}"
    return ImageTextModel(told, encoder.model, encoder.tokenizer, pixels, device)
