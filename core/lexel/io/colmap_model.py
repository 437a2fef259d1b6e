"""COLMAP's sparse model: cameras and images, from `.bin` or `.txt` files.

Lengths and counts in the binary files are believed only as far as bytes follow. Points seen in
images are passed over; those of the model are read one by one (`read_points`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.geometry.transforms import from_quaternion, from_rotation, invert
from lexel.io.byte_reader import ByteReader
from lexel.io.check_image import size_px
from lexel.io.colmap_cameras import camera_of, model_named, num_parameters
from lexel.io.number_text import numbers, read_rows
from lexel.io.posed_frames import LOST, Camera

Float = npt.NDArray[np.float64]
_MAX_NAME_BYTES = 4096
_MAX_LINE = 1 << 16


@dataclass(frozen=True, eq=False)
class ModelImage:
    """An image of the model: its name below the images' folder, camera and pose (4, 4)."""

    number: int
    name: str
    camera: Camera
    world_from_camera: Float


@dataclass(frozen=True, eq=False)
class ModelPoint:
    """A point of the model, in its unit, and the numbers of the images that saw it."""

    xyz: Float
    seen_in: tuple[int, ...]


def model_suffix(folder: Path) -> str | None:
    """ ".bin" or ".txt" when the folder holds a model; COLMAP prefers the first, too."""
    for suffix in (".bin", ".txt"):
        if all((folder / f"{name}{suffix}").is_file() for name in ("cameras", "images")):
            return suffix
    return None


def read_model(folder: Path) -> list[ModelImage]:
    """The images of a model, in the order of their names."""
    binary = model_suffix(folder) == ".bin"
    cameras = dict(_binary_cameras(folder) if binary else _text_cameras(folder))
    images = _binary_images(folder, cameras) if binary else _text_images(folder, cameras)
    return sorted(images, key=lambda image: image.name)


def read_points(folder: Path) -> Iterator[ModelPoint]:
    """The points of a model; none when the file is not there."""
    if (file := folder / "points3D.bin").is_file():
        yield from _binary_points(file)
    elif (file := folder / "points3D.txt").is_file():
        for where, words in read_rows(file):
            seen = numbers(words[8::2], len(words[8::2]), where).astype(np.int64)
            yield ModelPoint(numbers(words[1:4], 3, where), tuple(seen.tolist()))


# Text


def _text_cameras(folder: Path) -> Iterator[tuple[int, Camera]]:
    for where, words in read_rows(folder / "cameras.txt"):
        if len(words) < 4:
            raise SceneError("should be: id model width height parameters", where=where, got=words)
        model = model_named(words[1], where)
        number, width, height = numbers([words[0], *words[2:4]], 3, where)
        size = size_px(width, height, where)
        parameters = numbers(words[4:], num_parameters(model, where), where)
        yield int(number), camera_of(model, size, parameters.tolist())


def _text_images(folder: Path, cameras: Mapping[int, Camera]) -> Iterator[ModelImage]:
    """Two lines an image, the second a list of points that may be empty: it is passed over."""
    file = folder / "images.txt"
    try:
        with file.open(encoding="utf-8") as text:
            while line := text.readline(_MAX_LINE):
                words = line.split(maxsplit=9)
                if words and not words[0].startswith("#"):
                    yield _text_image(words, cameras, f"{file}, image {words[0]}")
                    _skip_line(text)
    except (OSError, ValueError) as cause:
        raise SceneError("cannot be read as text", where=file, got=cause) from cause


def _skip_line(text: TextIO) -> None:
    while (part := text.readline(_MAX_LINE)) and not part.endswith("\n"):
        pass


def _text_image(words: list[str], cameras: Mapping[int, Camera], where: str) -> ModelImage:
    if len(words) != 10:
        raise SceneError("should be: id qw qx qy qz tx ty tz camera name", where=where, got=words)
    number, *pose, camera = numbers(words[:9], 9, where)
    return _image(int(number), words[9].strip(), pose, int(camera), cameras, where)


# Binary


def _binary_cameras(folder: Path) -> Iterator[tuple[int, Camera]]:
    file = folder / "cameras.bin"
    with ByteReader(file) as content:
        for i in range(content.count(24 + 8 * 3)):
            where = f"{file}, camera {i}"
            number, model, width, height = content.unpack("<iiQQ")
            size = size_px(width, height, where)
            count = num_parameters(model, where)
            parameters = numbers(content.unpack(f"<{count}d"), count, where)
            yield number, camera_of(model, size, parameters.tolist())


def _binary_images(folder: Path, cameras: Mapping[int, Camera]) -> Iterator[ModelImage]:
    file = folder / "images.bin"
    with ByteReader(file) as content:
        for i in range(content.count(64 + 1 + 8)):
            number, *pose, camera = content.unpack("<i7di")
            where = f"{file}, image {i}"
            yield _image(number, content.text(_MAX_NAME_BYTES), pose, camera, cameras, where)
            content.skip(content.count(24) * 24)


def _binary_points(file: Path) -> Iterator[ModelPoint]:
    with ByteReader(file) as content:
        for _ in range(content.count(43 + 8)):
            _, *xyz, _, _, _, _ = content.unpack("<Q3d3Bd")
            track = content.unpack(f"<{2 * content.count(8)}i")
            yield ModelPoint(np.array(xyz), track[::2])


def _image(
    number: int,
    name: str,
    pose: Sequence[float],
    camera: int,
    cameras: Mapping[int, Camera],
    where: str,
) -> ModelImage:
    if camera not in cameras:
        raise SceneError("was taken by a camera that is not listed", where=where, got=camera)
    camera_from_world = from_rotation(from_quaternion(pose[:4]), pose[4:])
    lost = not np.isfinite(camera_from_world).all()
    world_from_camera = LOST if lost else invert(camera_from_world)
    return ModelImage(number, name, cameras[camera], world_from_camera)
