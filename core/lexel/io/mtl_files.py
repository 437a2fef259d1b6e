"""Materials of `.obj` files: plain colours, and pictures that lie in the mesh's own folder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.inner_paths import inner_path, stays_inside
from lexel.io.notes import Notes
from lexel.io.textures import read_pictures

_MAX_BYTES = 1 << 24
_GREY = (0.8, 0.8, 0.8)


@dataclass(frozen=True)
class Material:
    """A material's colour (sRGB, 0..1) and the name of the picture that goes before it."""

    colour: tuple[float, float, float] = _GREY
    picture: str = ""


def read_materials(file: Path, libraries: Iterable[str], notes: Notes) -> dict[str, Material]:
    """The materials of the libraries that an `.obj` names; missing ones are said."""
    known: dict[str, Material] = {}
    for name in libraries:
        try:
            known |= _read_library(inner_path(file.parent, name, f"{file}, mtllib"))
        except SceneError as error:
            notes.warn(
                str(file),
                f"its materials in {name} are not used: {error.what}",
                "Put the file beside it; faces without a material are grey.",
            )
    return known


def pictures_of(
    materials: Sequence[Material], folder: Path, notes: Notes
) -> tuple[list[npt.NDArray[np.uint8]], list[int]]:
    """A picture for each material, of one pixel where it is a colour, and which is whose."""
    files = [inner_file(folder, material.picture) for material in materials]
    found = iter(read_pictures([file for file in files if file is not None], notes))
    pictures = []
    for material, file in zip(materials, files, strict=True):
        picture = None if file is None else next(found)
        pictures.append(_plain(material.colour) if picture is None else picture)
    return pictures, list(range(len(materials)))


def inner_file(folder: Path, name: str) -> Path | None:
    """The file of a name, by its last part where the rest leads elsewhere; None for no name.

    Programs write where a picture lay on the machine that made the mesh.
    """
    relative = name.strip().replace("\\", "/")
    if not relative:
        return None
    if not stays_inside(relative):
        relative = PurePosixPath(relative).name
    return inner_path(folder, relative, folder)


def _read_library(file: Path) -> dict[str, Material]:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise SceneError("is too large for a list of materials", where=file)
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError as cause:
        raise SceneError("cannot be read", where=file, got=cause) from cause
    known: dict[str, Material] = {}
    name = None
    for line in lines:
        key, rest = [*line.split(None, 1), "", ""][:2]
        if key == "newmtl":
            name = rest.strip()
            known[name] = Material()
        elif name is not None:
            known[name] = _changed(known[name], key, rest.strip())
    return known


def _changed(material: Material, key: str, rest: str) -> Material:
    if key == "Kd":
        return replace(material, colour=_colour(rest.split(), material.colour))
    if key == "map_Kd":
        return replace(material, picture=_without_options(rest))
    return material


def _colour(words: list[str], otherwise: tuple[float, float, float]) -> tuple[float, float, float]:
    try:
        red, green, blue = (min(max(float(word), 0.0), 1.0) for word in words[:3])
    except ValueError:  # names of spectra, one number alone
        return otherwise
    return red, green, blue


def _without_options(rest: str) -> str:
    """The name in `-s 1 1 1 name`; names may hold blanks when no option is given."""
    return rest.split()[-1] if rest.startswith("-") else rest


def _plain(colour: tuple[float, float, float]) -> npt.NDArray[np.uint8]:
    return np.rint(np.array([[colour]]) * 255).astype(np.uint8)
