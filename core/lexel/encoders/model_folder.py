"""open_clip's own folder of a model: `open_clip_config.json` and `open_clip_model.safetensors`.

`open_clip.create_model("local-dir:FOLDER")` builds the same model. Nothing is ever downloaded.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lexel.encoders.normalisation import Normalisation
from lexel.encoders.weights.catalogue import SAFE_NAME
from lexel.encoders.weights.local import CONFIG_NAME
from lexel.encoders.weights.tensors import load_tensors
from lexel.errors import EncoderError, WeightsError
from lexel.io.atomic import replacing_file
from lexel.io.json_files import read_json_object, write_json

if TYPE_CHECKING:
    from torch import Tensor, nn

_NEEDED = ("embed_dim", "vision_cfg", "text_cfg")
_VOCABULARY, _CONTEXT = 49_408, 77  # of CLIP's own tokenizer


@dataclass(frozen=True)
class ModelConfig:
    """What open_clip builds a model from.

    Attributes:
        model: open_clip's `model_cfg`.
        normalisation: of the image tower's input.
    """

    model: Mapping[str, Any]
    normalisation: Normalisation = field(default_factory=Normalisation)

    def as_json(self) -> dict[str, Any]:
        """The content of `open_clip_config.json`."""
        pixels = {
            "mean": list(self.normalisation.mean),
            "std": list(self.normalisation.std),
            "interpolation": "bicubic",
            "resize_mode": "shortest",
        }
        return {"model_cfg": copy.deepcopy(dict(self.model)), "preprocess_cfg": pixels}


def is_model_folder(name: str | Path) -> bool:
    """Whether `name` is a folder with a configuration and safetensors weights."""
    folder = Path(name).expanduser()
    return (folder / CONFIG_NAME).is_file() and (folder / SAFE_NAME).is_file()


def read_config(file: Path) -> ModelConfig:
    """From `open_clip_config.json`, or a bare `model_cfg` such as open_clip's own files hold.

    Raises:
        SceneError: the file cannot be read as JSON.
        EncoderError: it does not describe a model, or one with a tokenizer from the network.
    """
    content = read_json_object(file)
    model = content.get("model_cfg", content)
    pixels = content.get("preprocess_cfg") or {}
    if not isinstance(model, dict) or not isinstance(pixels, dict):
        raise EncoderError("this is no model configuration of open_clip", where=file)
    check_config(model, file)
    return ModelConfig(model, Normalisation.from_config(pixels, file))


def check_config(model: Mapping[str, Any], where: object) -> None:
    """An `EncoderError` unless open_clip's towers and CLIP's own tokenizer are all it needs."""
    towers = [model.get("vision_cfg"), model.get("text_cfg")]
    if any(key not in model for key in _NEEDED) or not all(isinstance(t, dict) for t in towers):
        raise EncoderError(
            "this is no model configuration of open_clip", where=where, do=f"It needs {_NEEDED}."
        )
    text = model["text_cfg"]
    if "multimodal_cfg" in model or any(str(key).startswith("hf_") for key in text):
        raise EncoderError(
            "the text tower or the tokenizer of this model is not CLIP's own and would be fetched "
            "from the network",
            where=where,
            do="Use another, such as ViT-B-32.",
        )
    if text.get("vocab_size", _VOCABULARY) < _VOCABULARY:
        raise EncoderError(
            "the text tower has fewer words than CLIP's tokenizer",
            where=where,
            got=text["vocab_size"],
            do=f"Let vocab_size be {_VOCABULARY}.",
        )


def build_model(config: ModelConfig, where: object) -> nn.Module:
    """The model with random weights, from torch's random numbers.

    Raises:
        EncoderError: open_clip cannot build it.
    """
    from open_clip.model import CLIP, CustomTextCLIP

    settings = copy.deepcopy(dict(config.model))
    kind = CustomTextCLIP if settings.pop("custom_text", False) else CLIP
    if "timm_model_name" in settings["vision_cfg"]:
        settings["vision_cfg"]["timm_model_pretrained"] = False  # True would download
    try:
        return kind(**settings)
    except (TypeError, ValueError, RuntimeError, AssertionError, KeyError) as cause:
        raise EncoderError(
            "open_clip cannot build this model", where=where, got=cause, do="Check its options."
        ) from cause


def make_tokenizer(config: ModelConfig) -> Any:
    """CLIP's own tokenizer, as open_clip sets it up for this configuration."""
    from open_clip import SimpleTokenizer

    text = config.model["text_cfg"]
    length = text.get("context_length", _CONTEXT)
    return SimpleTokenizer(context_length=length, **text.get("tokenizer_kwargs", {}))


def image_size_px(model: Any) -> int:
    """Side of the square that a model's image tower reads."""
    size = model.visual.image_size
    return int(size[0] if isinstance(size, tuple | list) else size)


def load_model(folder: str | Path) -> tuple[ModelConfig, nn.Module]:
    """The model that lies in a folder, on the CPU, in evaluation mode.

    Raises:
        WeightsError: the weights are damaged or of another model.
        EncoderError: the configuration is none that Lexel builds.
    """
    place = Path(folder).expanduser()
    config = read_config(place / CONFIG_NAME)
    model = build_model(config, place)
    load_into(model, load_tensors(place / SAFE_NAME), place)
    return config, model.eval()


def load_into(model: nn.Module, tensors: Mapping[str, Tensor], where: object) -> None:
    """Copy weights into a model; all of them must fit."""
    try:
        model.load_state_dict(dict(tensors))
    except RuntimeError as cause:
        raise WeightsError(
            "the weights do not fit the model",
            where=where,
            got=str(cause).replace("\n", " "),
            do="Name the architecture they were trained with, or get the weights again.",
        ) from cause


def save_config(folder: Path, config: ModelConfig) -> None:
    """Write `open_clip_config.json`, whole or not at all."""
    with replacing_file(folder / CONFIG_NAME) as temporary:
        write_json(temporary, config.as_json())


def save_weights(folder: Path, model: nn.Module) -> Path:
    """Write `open_clip_model.safetensors` over the one before, at once."""
    from safetensors.torch import save_file

    tensors = {k: v.detach().cpu().contiguous() for k, v in model.state_dict().items()}
    with replacing_file(folder / SAFE_NAME) as temporary:
        save_file(tensors, temporary, {"format": "pt"})
    return folder / SAFE_NAME
