"""Sentence models into the cache: from the hub, another address, or a folder."""

from __future__ import annotations

import json
from pathlib import Path

from lexel.encoders.weights.bring import copy_into, download_into, is_url
from lexel.encoders.weights.download import Patience
from lexel.encoders.weights.sentence_models import (
    FILES,
    WEIGHTS,
    address_of,
    check_sentence_folder,
    hub_sentence_model,
    model_called,
    model_folder,
    stored_sentence_model,
)
from lexel.encoders.weights.tensors import load_tensors
from lexel.errors import WeightsError
from lexel.progress import Progress


def fetch_sentence_model(
    name: str,
    source: str | Path | None,
    sha256: str | None,
    progress: Progress,
    patience: Patience,
) -> list[Path]:
    """`fetch` for names that start with `sentence/`.

    `source` is a folder, or the address under which the model's files are served; `sha256` is that
    of its weights.
    """
    model = model_called(name)
    if source is None and sha256 is None and (present := _present(model)):
        progress.say(f"{name} is already here: {present[-1].parent}")
        return present
    if source is not None and not is_url(source):
        return _copy(name, Path(source).expanduser(), sha256, progress)
    folder, base = model_folder(model), str(source or address_of(model)).rstrip("/")
    paths = [
        download_into(
            name,
            f"{base}/{file}",
            folder / file,
            sha256=sha256 if file == WEIGHTS else None,
            check=load_tensors if file == WEIGHTS else _check_json,
            progress=progress,
            patience=patience,
        )
        for file in FILES
    ]
    check_sentence_folder(folder)
    return paths


def _present(model: str) -> list[Path] | None:
    if stored := stored_sentence_model(model):
        return stored
    folder = hub_sentence_model(model)
    return [folder / file for file in FILES] if folder else None


def _copy(name: str, source: Path, sha256: str | None, progress: Progress) -> list[Path]:
    check_sentence_folder(source)
    if missing := [file for file in FILES if not (source / file).is_file()]:
        raise WeightsError(
            f"{missing[0]} is missing", where=source, do="Give the whole folder of the model."
        )
    folder = model_folder(model_called(name))
    return [
        copy_into(source / file, folder / file, name, sha256 if file == WEIGHTS else None, progress)
        for file in FILES
    ]


def _check_json(file: Path) -> None:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise WeightsError(
            "what was served is no JSON", where=file, got=error, do="Try again later."
        ) from error
