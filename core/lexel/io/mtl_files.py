"""Materials of `.obj` files: plain colours, and pictures that lie in the mesh's own folder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lexel.errors import SceneError
from lexel.io.inner_paths import inner_path
from lexel.io.notes import Notes
from lexel.io.textures import Picture, read_pictures
from lexel.io.whole_files import read_bytes

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
    materials: Sequence[Material], file: Path, notes: Notes
) -> tuple[list[Picture], list[int]]:
    """Pictures, of one pixel where a material is a colour, and which is each material's."""
    names = [material.picture for material in materials if material.picture]
    read = dict(zip(names, read_pictures(names, file, notes), strict=True))
    number: dict[object, int] = {}
    pictures, of_material = list[Picture](), []
    for material in materials:
        picture = read.get(material.picture)
        key = material.colour if picture is None else material.picture
        if key not in number:
            number[key] = len(pictures)
            pictures.append(_plain(material.colour) if picture is None else picture)
        of_material.append(number[key])
    return pictures, of_material


def _read_library(file: Path) -> dict[str, Material]:
    lines = read_bytes(file, _MAX_BYTES, "a list of materials").decode("utf-8", "replace")
    known: dict[str, Material] = {}
    name = None
    for line in lines.splitlines():
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
        red, green, blue = (float(word) for word in words[:3])
    except ValueError:  # names of spectra, one number alone
        return otherwise
    if not all(map(math.isfinite, (red, green, blue))):
        return otherwise
    return min(max(red, 0.0), 1.0), min(max(green, 0.0), 1.0), min(max(blue, 0.0), 1.0)


def _without_options(rest: str) -> str:
    """The name in `-s 1 1 1 name`; names may hold blanks when no option is given."""
    return rest.split()[-1] if rest.startswith("-") else rest


def _plain(colour: tuple[float, float, float]) -> Picture:
    return np.rint(np.array([[colour]]) * 255).astype(np.uint8)
