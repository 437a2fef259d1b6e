"""Weights that the user already has: a file, a hub folder, a checkpoint folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from lexel.encoders.normalisation import Normalisation
from lexel.encoders.weights import architecture, catalogue, hub
from lexel.encoders.weights.tensors import WEIGHT_SUFFIXES, load_tensors, sniff
from lexel.errors import WeightsError

CONFIG_NAME = "open_clip_config.json"
ARGS_NAME = "args.pkl"
_FILES = (catalogue.SAFE_NAME, catalogue.PICKLE_NAME)
_MAX_CONFIG_BYTES = 1 << 20


@dataclass(frozen=True)
class Identity:
    """What a local file of encoder weights is, as far as it can be told."""

    architecture: str | None
    pretrained: str | None
    quick_gelu: bool | None
    normalisation: Normalisation


def looks_like_path(name: str) -> bool:
    """Whether `name` means a place on disk rather than an entry of the catalogue."""
    path = Path(name).expanduser()
    marked = name.startswith((".", "~")) or path.is_absolute()
    return marked or path.suffix.lower() in WEIGHT_SUFFIXES


def weights_file(path: Path) -> Path:
    """The weights file meant by `path`: itself, or the one inside a hub folder; no program."""
    path = path.expanduser()
    if not path.exists():
        raise WeightsError("there is no such file or folder", where=path, do="Check the path.")
    found = path if path.is_file() else _file_in_folder(path)
    sniff(found)
    return found


def identify(path: Path) -> Identity:
    """Told from the hub folder it lies in, from its configuration, or from its shapes."""
    repository = hub.repository_of(path)
    name = catalogue.name_of_repository(repository) if repository else None
    if name is not None:
        entry = catalogue.hub_entry(name)
        return Identity(name.architecture, name.pretrained, entry.quick_gelu, entry.normalisation)
    shapes = {key: tuple(tensor.shape) for key, tensor in load_tensors(path).items()}
    return Identity(architecture.recognise(shapes), None, *_training_beside(path))


def checkpoint_file(source: Path, approach: str, task: str) -> Path:
    """The `.pth` with `args.pkl` beside it meant by `source`.

    `source` is that file, its folder, or an unpacked `models` folder (or the one above it).
    """
    source = source.expanduser()
    if not source.exists():
        raise WeightsError("there is no such file or folder", where=source, do="Check the path.")
    if source.is_file():
        return _own_checkpoint(source)
    inner = Path(approach, task)
    for folder in (source, source / inner, source / "models" / inner):
        if (folder / ARGS_NAME).is_file() and any(folder.glob("*.pth")):
            return _chosen_checkpoint(folder, task)
    raise WeightsError(
        f"there is no checkpoint here: {ARGS_NAME} beside a .pth file, or {inner.as_posix()}/",
        where=source,
        do=f"Give such a folder, or run: lexel weights get semabs/{inner.as_posix()}",
    )


def _own_checkpoint(file: Path) -> Path:
    """`file` itself: whoever names a file means it, whatever lies beside it."""
    sniff(file)
    if file.suffix.lower() == ".pth" and (file.parent / ARGS_NAME).is_file():
        return file
    raise WeightsError(
        f"a checkpoint is a .pth file with {ARGS_NAME} beside it", where=file, do="Give its path."
    )


def _chosen_checkpoint(folder: Path, task: str) -> Path:
    """The only `.pth` of a folder, else `TASK.pth`, else the folder's name, else `latest.pth`."""
    files = sorted(folder.glob("*.pth"))
    if len(files) == 1:
        return files[0]
    for stem in (task, folder.name, "latest"):
        if folder / f"{stem}.pth" in files:
            return folder / f"{stem}.pth"
    raise WeightsError(
        "this folder does not hold one .pth file",
        where=folder,
        got=", ".join(file.name for file in files),
        do="Give the path of the one that is meant.",
    )


def _file_in_folder(folder: Path) -> Path:
    found = hub.find_in_repository(folder, _FILES)
    if found is not None:
        return found
    for name in _FILES:
        if (folder / name).is_file():
            return folder / name
    files = [p for p in sorted(folder.iterdir()) if p.suffix.lower() in WEIGHT_SUFFIXES]
    if len(files) == 1:
        return files[0]
    raise WeightsError(
        f"this folder does not hold one weights file ({', '.join(_FILES)})",
        where=folder,
        got=", ".join(file.name for file in files) or "none",
        do="Give the path of the file itself.",
    )


def _training_beside(path: Path) -> tuple[bool | None, Normalisation]:
    """Activation and normalisation of the training, where a hub folder's configuration tells."""
    file = path.parent / CONFIG_NAME
    if not file.is_file() or file.stat().st_size > _MAX_CONFIG_BYTES:
        return None, Normalisation()
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        quick_gelu = bool(config["model_cfg"].get("quick_gelu", False))
        images = dict(config.get("preprocess_cfg") or {})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            "the configuration beside the weights cannot be read",
            where=file,
            got=error,
            do="Get the folder again, or move the weights file out of it.",
        ) from error
    return quick_gelu, Normalisation.from_config(images, file)
