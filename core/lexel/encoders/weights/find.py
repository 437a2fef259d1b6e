"""Finds weights that are present, and says the one command that gets those that are not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from lexel.encoders.normalisation import Normalisation
from lexel.encoders.weights import catalogue, hub, local
from lexel.encoders.weights.cache import (
    StoredFile,
    cache_folder,
    read_stored,
    stored_files,
)
from lexel.encoders.weights.catalogue import EncoderName, HubEntry
from lexel.encoders.weights.embedded import EMBEDDED, TRAINING, package_encoder
from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of


@dataclass(frozen=True)
class EncoderWeights:
    """An image-text encoder's weights on disk."""

    name: str  # ARCH/TAG, or the path the user gave
    architecture: str | None  # open_clip's name; None when the file does not tell
    pretrained: str | None  # open_clip's tag; None for a file of unknown training
    path: Path  # .safetensors, or a torch file of tensors
    sha256: str
    quick_gelu: bool | None  # None: unknown, the architecture decides
    normalisation: Normalisation


def find_encoder_weights(name: str) -> EncoderWeights:
    """The weights called `ARCH/TAG` or `embedded`, or at a path, without touching the network.

    Looks in Lexel's cache, then in the Hugging Face hub's. A path may be a `.safetensors`,
    `.bin` or `.pth` file or a hub folder. Raises `WeightsError` when there are none, and
    `EncoderError` for a name whose architecture Lexel does not read.
    """
    if name == EMBEDDED:
        return replace(_at_path(str(package_encoder())), name=EMBEDDED, pretrained=TRAINING)
    if local.looks_like_path(name):
        return _at_path(name)
    try:
        entry = catalogue.hub_entry(name)
    except WeightsError:
        if name and Path(name).exists():
            return _at_path(name)
        raise
    stored = stored_encoder(entry.name)
    if stored is not None:
        return _of_entry(entry, stored.require_size().path, stored.record.sha256)
    cached = hub.find_in_hub(entry.repository, entry.files)
    if cached is not None:
        return _of_entry(entry, cached, hub.hub_sha256(cached))
    raise WeightsError(
        f"there are no trained weights of {entry.name} on this computer",
        do=f"Get them: lexel weights get {entry.name}",
    )


def find_checkpoint(approach: str, task: str, source: str | Path | None = None) -> Path:
    """The `.pth` of a Semantic Abstraction network; its `args.pkl` lies beside it.

    From the cache, or from `source`: that file, its folder, or an unpacked `models` folder.
    """
    if source is not None:
        return local.checkpoint_file(Path(source), approach, task)
    name = f"semabs/{approach}/{task}"
    catalogue.semabs_members(name)
    files = stored_checkpoint(approach, task)
    if files is None:
        raise WeightsError(
            f"there are no trained weights of {name} on this computer",
            do=f"Get them (3.5 GB): lexel weights get {name}",
        )
    for file in files:
        file.require_size()
    return local.checkpoint_file(checkpoint_cache_folder(approach, task), approach, task)


def stored_encoder(name: EncoderName) -> StoredFile | None:
    """The cache's file of `name`, safetensors before others."""
    files = stored_files(encoder_folder(name))
    return min(files, key=lambda f: f.path.suffix != ".safetensors", default=None)


def stored_checkpoint(approach: str, task: str) -> list[StoredFile] | None:
    """The cache's `args.pkl` and `.pth` files of a checkpoint; None unless both are there."""
    folder = checkpoint_cache_folder(approach, task)
    files = stored_files(folder)
    whole = read_stored(folder / local.ARGS_NAME) and any(f.path.suffix == ".pth" for f in files)
    return files if whole else None


def encoder_folder(name: EncoderName) -> Path:
    return cache_folder() / "encoders" / name.architecture / name.pretrained


def checkpoint_cache_folder(approach: str, task: str) -> Path:
    return cache_folder() / "semabs" / approach / task


def _of_entry(entry: HubEntry, path: Path, sha256: str) -> EncoderWeights:
    encoder = entry.name
    return EncoderWeights(
        str(encoder),
        encoder.architecture,
        encoder.pretrained,
        path,
        sha256,
        entry.quick_gelu,
        entry.normalisation,
    )


def _at_path(name: str) -> EncoderWeights:
    path = local.weights_file(Path(name))
    told = local.identify(path)
    digest = hub.hub_sha256(path) if hub.repository_of(path) else sha256_of(path)
    return EncoderWeights(
        name,
        told.architecture,
        told.pretrained,
        path,
        digest,
        told.quick_gelu,
        told.normalisation,
    )
