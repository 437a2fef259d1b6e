"""The weights inside the package: what they are called, and where they lie."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from lexel.encoders.weights.catalogue import SAFE_NAME
from lexel.errors import WeightsError

EMBEDDED = "embedded"
TRAINING = "lexel"  # in the place of open_clip's tag
HEAD_NAME = "sentence_head.safetensors"


def package_encoder() -> Path:
    """Folder of the image-text model: open_clip's two files, and its sentence head."""
    folder = _folder() / "clip"
    if not (folder / SAFE_NAME).exists():
        raise _missing("clip", "ViT-B-32/openai")
    return folder


def package_network(task: str) -> Path:
    """The 3D network for `ovssc` or `vool`."""
    file = _folder() / f"{task}.safetensors"
    if not file.exists():
        raise _missing(file.name, f"semabs/ours/{task}")
    return file


def _folder() -> Path:
    return Path(str(resources.files("lexel"))) / "weights"


def _missing(name: str, published: str) -> WeightsError:
    return WeightsError(
        "this version carries no embedded weights",
        where=name,
        do=f"Get the published ones: lexel weights get {published}",
    )
