"""Base colours of glTF's materials: factors, pictures, and where pictures lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.gltf_container import Gltf
from lexel.io.notes import Notes
from lexel.io.number_text import numbers
from lexel.io.textures import Picture, check_budget

Float = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Look:
    """The base colour of a material.

    Attributes:
        factor: (3,) linear; None when nothing is said.
        picture: number of the picture in `Materials.pictures`; -1 when there is none.
        coordinates: which TEXCOORD of the vertices places it.
        placing: (2, 3) that moves those (KHR_texture_transform).
    """

    factor: Float | None = None
    picture: int = -1
    coordinates: int = 0
    placing: Float | None = None

    def place(self, uv: Float | None) -> npt.NDArray[np.float32] | None:
        """(N, 2) where vertices lie in the picture."""
        if uv is None:
            return None
        moved = uv if self.placing is None else uv @ self.placing[:, :2].T + self.placing[:, 2]
        return np.asarray(moved, np.float32)


class Materials:
    """The materials of a file, each made once; `pictures` (H, W, 3) are those in use."""

    def __init__(self, gltf: Gltf, notes: Notes) -> None:
        self.pictures: list[Picture] = []
        self._gltf, self._notes = gltf, notes
        self._looks: dict[int, Look] = {}
        self._read: dict[int, Picture | None] = {}
        self._numbers: dict[tuple[object, ...], int] = {}  # by image and factor

    def of(self, index: object) -> Look:
        """The look of an entry of "materials"; None says nothing."""
        if index is None:
            return Look()
        material = self._gltf.item("materials", index)
        assert isinstance(index, int)
        if index not in self._looks:
            self._looks[index] = self._look(material)
        return self._looks[index]

    def _look(self, material: dict[str, Any]) -> Look:
        surface = _object(material.get("pbrMetallicRoughness"))
        factor = self._gltf.numbers(surface, "baseColorFactor", [1.0] * 4)[:3]
        info = _object(surface.get("baseColorTexture"))
        picture = self._number(info["index"], factor) if "index" in info else None
        if picture is None:
            return Look(factor)
        moved = _object(_object(info.get("extensions")).get("KHR_texture_transform"))
        coordinates = self._gltf.number({**info, **moved}, "texCoord")
        return Look(factor, picture, coordinates, self._placing(moved))

    def _number(self, index: object, factor: Float) -> int | None:
        """Which of the pictures a texture is under a factor; None, aloud, when there is none."""
        try:
            image = self._gltf.item("textures", index).get("source")
            picture = self._picture(image)
            if picture is None:
                return None
            key = (image, *factor.tolist())
            if key not in self._numbers:
                check_budget(self.pictures, picture, self._gltf.file)
                if (factor != 1).any():
                    picture = srgb_of_linear(linear_of_srgb(picture) * factor)
                self.pictures.append(picture)
                self._numbers[key] = len(self.pictures) - 1
            return self._numbers[key]
        except SceneError as error:
            self._notes.warn(
                error.where or str(self._gltf.file),
                f"a texture {error.what}; the material's colour is used",
            )
            return None

    def _picture(self, image: object) -> Picture | None:
        """An entry of "images", decoded once; None, after it was said, when it is damaged."""
        self._gltf.item("images", image)
        assert isinstance(image, int)
        if image not in self._read:
            self._read[image] = None
            picture = self._gltf.picture(image)
            check_budget(list(self._read.values()), picture, self._gltf.file)
            self._read[image] = picture
        return self._read[image]

    def _placing(self, moved: dict[str, Any]) -> Float | None:
        if not moved:
            return None
        offset = self._gltf.numbers(moved, "offset", (0.0, 0.0))
        scale = self._gltf.numbers(moved, "scale", (1.0, 1.0))
        where = f"{self._gltf.file}, rotation"
        (angle,) = numbers([moved.get("rotation", 0.0)], 1, where)
        c, s = np.cos(angle), np.sin(angle)
        return np.column_stack([np.array([[c, s], [-s, c]]) * scale, offset])


def srgb_of_linear(linear: Float) -> npt.NDArray[np.uint8]:
    """(..., 3) uint8 sRGB from linear light in 0..1 (IEC 61966-2-1)."""
    light = np.nan_to_num(linear).clip(0, 1)
    curve = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(curve * 255).astype(np.uint8)


def linear_of_srgb(rgb: npt.NDArray[np.uint8]) -> Float:
    """(..., 3) linear light in 0..1 from uint8 sRGB."""
    share = np.arange(256) / 255
    table = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(table[rgb])


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
