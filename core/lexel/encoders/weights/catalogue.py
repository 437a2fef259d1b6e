"""Which weights have a name, and where they come from.

`ARCH/TAG` names are open_clip's own (`ViT-B-32/openai`), resolved through its registry to a
repository on the Hugging Face hub. OpenAI's own address serves TorchScript, which is a program;
the registry knows the same weights on the hub as safetensors, so those are taken.
`semabs[/APPROACH[/TASK]]` are Semantic Abstraction's checkpoints, `sentence/MODEL` sentence models
(`sentence_models.py`).
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any

from lexel.encoders.architectures import check_architecture
from lexel.encoders.normalisation import Normalisation
from lexel.errors import WeightsError

SEMABS_URL = "https://semantic-abstraction.cs.columbia.edu/downloads/models.tar.lz4"
RECOMMENDED = ("ViT-B-32/openai", "ViT-B-16/openai", "ViT-L-14/openai")
HF_ENDPOINT = "https://huggingface.co"
SAFE_NAME = "open_clip_model.safetensors"
PICKLE_NAME = "open_clip_pytorch_model.bin"
SENTENCE_PREFIX = "sentence/"
TEXT_PREFIX = "text/"  # `text/ARCH/TAG` is the text tower of ARCH/TAG, for programs without torch
UNTRAINED = "untrained"  # random weights, in the place of a TAG or a path
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

# (approach, task) -> the network its checkpoint holds, as the published repository trained them.
SEMABS_NETWORKS = {
    ("ours", "ovssc"): "SemAbs3D",
    ("ours", "vool"): "SemAbsVOOL",
    ("chefer_et_al", "ovssc"): "SemAbs3D",
    ("chefer_et_al", "vool"): "SemAbsVOOL",
    ("semaware", "ovssc"): "SemanticAwareOVSSC",
    ("semaware", "vool"): "SemanticAwareVOOL",
    ("clipspatial", "vool"): "ClipSpatialVOOL",
}


@dataclass(frozen=True)
class EncoderName:
    """An entry of open_clip's registry."""

    architecture: str
    pretrained: str

    def __str__(self) -> str:
        return f"{self.architecture}/{self.pretrained}"


@dataclass(frozen=True)
class HubEntry:
    """Where the hub keeps an encoder: files in order of preference, safetensors first."""

    name: EncoderName
    repository: str
    files: tuple[str, ...]
    quick_gelu: bool | None  # None: the registry does not say; the architecture decides
    normalisation: Normalisation

    def address(self, file: str) -> str:
        return f"{hub_folder_of(self.repository)}/{file}"


def hub_folder_of(repository: str) -> str:
    """The address under which the hub serves the files of a repository."""
    endpoint = os.environ.get("HF_ENDPOINT", HF_ENDPOINT).rstrip("/")
    return f"{endpoint}/{repository}/resolve/main"


def is_semabs(name: str) -> bool:
    return name == "semabs" or name.startswith("semabs/")


def semabs_members(name: str) -> list[tuple[str, str]]:
    """The (approach, task) pairs that `semabs`, `semabs/ours` or `semabs/ours/vool` mean."""
    wanted = name.split("/")[1:]
    pairs = [pair for pair in SEMABS_NETWORKS if list(pair[: len(wanted)]) == wanted]
    if not pairs:
        known = ", ".join(f"semabs/{a}/{t}" for a, t in SEMABS_NETWORKS)
        raise WeightsError("there is no such checkpoint", got=name, do=f"There are: {known}.")
    return pairs


def parse_encoder_name(name: str) -> EncoderName:
    """`ARCH/TAG` as the registry spells it, or a `WeightsError` with the nearest names."""
    architecture, _, tag = name.strip().rpartition("/")
    entry = EncoderName(architecture.replace("/", "-"), _clean(tag))
    if _PART.fullmatch(entry.architecture) and _PART.fullmatch(tag) and _config(entry):
        return entry
    raise WeightsError(
        "open_clip knows no weights of this name", where="encoder", got=name, do=_nearest(name)
    )


def hub_entry(name: str | EncoderName) -> HubEntry:
    """Where the hub keeps `ARCH/TAG`; an `EncoderError` when Lexel cannot read such an encoder."""
    encoder = parse_encoder_name(name) if isinstance(name, str) else name
    check_architecture(encoder.architecture)
    config = _config(encoder)
    repository, _, file = str(config.get("hf_hub", "")).rpartition("/")
    if not repository:
        raise WeightsError(
            "these weights are not on the Hugging Face hub",
            where=encoder,
            do="Download a .safetensors or .bin file of them yourself and pass its path.",
        )
    gelu = config.get("quick_gelu")
    return HubEntry(
        encoder,
        repository,
        _preferred(file),
        None if gelu is None else bool(gelu),
        Normalisation.from_config(config, encoder),
    )


def safetensors_name_for(stem: str, sha256: str | None = None) -> EncoderName | None:
    """The entry whose TorchScript original is called `stem`.pt or has this sha256.

    OpenAI's addresses carry the sha256 of the file, so a renamed copy is recognised too.
    """
    for encoder in _all_names():
        url = str(_config(encoder).get("url", ""))
        if not url.endswith(".pt") or encoder.architecture.endswith("-quickgelu"):
            continue
        if url.endswith(f"/{stem}.pt") or (sha256 and f"/{sha256}/" in url):
            return encoder
    return None


def name_of_repository(repository: str) -> EncoderName | None:
    """The first registry entry kept in hub repository `owner/name`."""
    for encoder in _all_names():
        if str(_config(encoder).get("hf_hub", "")).rpartition("/")[0] == repository:
            return encoder
    return None


def _preferred(file: str) -> tuple[str, ...]:
    if not file:
        return (SAFE_NAME, PICKLE_NAME)
    stem, dot, suffix = file.rpartition(".")
    return (f"{stem}.safetensors", file) if dot and suffix != "safetensors" else (file,)


def _clean(tag: str) -> str:
    return tag.lower().replace("-", "_")


def _config(encoder: EncoderName) -> dict[str, Any]:
    from open_clip.pretrained import get_pretrained_cfg

    return dict(get_pretrained_cfg(encoder.architecture, encoder.pretrained))


def _all_names() -> list[EncoderName]:
    from open_clip.pretrained import list_pretrained

    return [EncoderName(architecture, tag) for architecture, tag in list_pretrained()]


def _nearest(name: str) -> str:
    import difflib

    known = [str(encoder) for encoder in _all_names()]
    near = [k for k in known if k.startswith(name.rstrip("/") + "/")][:6]
    near = near or difflib.get_close_matches(name.replace("/", "-"), known, n=3, cutoff=0.5)
    return f"Did you mean {', '.join(near or RECOMMENDED)}? A file or folder must exist."
