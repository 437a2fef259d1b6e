"""Weights that the user already has: a file, a hub folder, a checkpoint folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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
        gelu = catalogue.hub_entry(name).quick_gelu
        return Identity(name.architecture, name.pretrained, gelu)
    shapes = {key: tuple(tensor.shape) for key, tensor in load_tensors(path).items()}
    return Identity(architecture.recognise(shapes), None, _quick_gelu_beside(path))


def checkpoint_folder(source: Path, approach: str, task: str) -> Path:
    """The folder with `args.pkl` and a `.pth` meant by `source`.

    `source` is that folder, its `.pth`, or an unpacked `models` folder (or the one above it).
    """
    source = source.expanduser()
    if not source.exists():
        raise WeightsError("there is no such file or folder", where=source, do="Check the path.")
    if source.is_file():
        _require_pth(source)
    inner = Path(approach, task)
    places = (source.parent if source.is_file() else source, source / inner)
    for folder in (*places, source / "models" / inner):
        if (folder / ARGS_NAME).is_file() and any(folder.glob("*.pth")):
            return folder
    raise WeightsError(
        f"there is no checkpoint here: {ARGS_NAME} beside a .pth file, or {inner.as_posix()}/",
        where=source,
        do=f"Give such a folder, or run: lexel weights get semabs/{inner.as_posix()}",
    )


def checkpoint_file(folder: Path, task: str | None = None) -> Path:
    """The `.pth` of a checkpoint folder: the only one, else `TASK.pth`, else `latest.pth`."""
    files = sorted(folder.glob("*.pth"))
    if len(files) == 1:
        return files[0]
    for stem in (task, folder.name, "latest"):
        if stem and folder / f"{stem}.pth" in files:
            return folder / f"{stem}.pth"
    raise WeightsError(
        "this folder does not hold one .pth file",
        where=folder,
        got=", ".join(file.name for file in files) or "none",
        do="Leave the one that is meant, with its args.pkl.",
    )


def _require_pth(source: Path) -> None:
    sniff(source)
    if source.suffix.lower() != ".pth":
        raise WeightsError(
            "a checkpoint is a .pth file with args.pkl beside it", where=source, do="Give its path."
        )
    chosen = checkpoint_file(source.parent)
    if not chosen.samefile(source):
        raise WeightsError(
            f"the folder holds several .pth files, of which {chosen.name} would be read",
            where=source,
            do="Put the one that is meant, with its args.pkl, in a folder of its own.",
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


def _quick_gelu_beside(path: Path) -> bool | None:
    config = path.parent / CONFIG_NAME
    if not config.is_file() or config.stat().st_size > _MAX_CONFIG_BYTES:
        return None
    try:
        model = json.loads(config.read_text(encoding="utf-8"))["model_cfg"]
        return bool(model.get("quick_gelu", False))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(
            "the configuration beside the weights cannot be read",
            where=config,
            got=error,
            do="Get the folder again, or move the weights file out of it.",
        ) from error
