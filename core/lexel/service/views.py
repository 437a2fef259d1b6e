"""A view on its way from another program's renderer to `build`.

The standard library and numpy alone: the Blender extension carries a copy of this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.service.arrays import ARRAY_TYPE, DTYPE, SHAPE, Layout, array_of, bytes_of, read_layout
from lexel.service.wire import ProtocolError, Reader, dump, parse_object

# Names of a body's arrays, in the order of its bytes; and the camera as JSON.
PARTS, CAMERA = "X-Lexel-Parts", "X-Lexel-Camera"


@dataclass(frozen=True, eq=False)
class UploadedView:
    """A view from another program's renderer, for `build`.

    Attributes:
        colour: (H, W, 3) uint8, sRGB.
        depth_m: (H, W) float32, z-depth in metres; 0 is no depth.
        ids: (H, W) int32, the uploader's own number of what each pixel shows; negative: nothing.
        intrinsics: (3, 3) K, pixel centres at +0.5.
        world_from_camera: (4, 4), OpenCV camera (+X right, +Y down, +Z forward), world Z up.
    """

    colour: npt.NDArray[np.uint8]
    depth_m: npt.NDArray[np.float32]
    ids: npt.NDArray[np.int32] | None
    intrinsics: npt.NDArray[np.float64]
    world_from_camera: npt.NDArray[np.float64]

    def encode(self) -> tuple[dict[str, str], bytes]:
        """Headers and body."""
        arrays: dict[str, npt.NDArray[Any]] = {"colour": self.colour, "depth": self.depth_m}
        if self.ids is not None:
            arrays["ids"] = self.ids
        layouts = [Layout.of(array).headers() for array in arrays.values()]
        camera = {
            "K": self.intrinsics.tolist(),
            "world_from_camera": self.world_from_camera.tolist(),
        }
        headers = {
            "Content-Type": ARRAY_TYPE,
            PARTS: ";".join(arrays),
            **{name: ";".join(layout[name] for layout in layouts) for name in (DTYPE, SHAPE)},
            CAMERA: dump(camera).decode("ascii"),
        }
        return headers, b"".join(map(bytes_of, arrays.values()))

    @classmethod
    def decode(cls, headers: Mapping[str, str], body: bytes | bytearray) -> UploadedView:
        """A view from its headers (their names in any case must be found) and body."""
        arrays = _split(headers, body)
        camera = Reader(parse_object(headers.get(CAMERA, "{}").encode()), f"{CAMERA}.")
        camera.only("K", "world_from_camera")
        colour, depth_m, ids = arrays["colour"], arrays["depth"], arrays.get("ids")
        size = colour.shape[:2]
        _expect("colour", colour, "uint8", (*size, 3))
        _expect("depth", depth_m, "float32", size)
        if ids is not None:
            _expect("ids", ids, "int32", size)
        return cls(
            colour, depth_m, ids, camera.matrix("K", 3), camera.matrix("world_from_camera", 4)
        )


def _split(headers: Mapping[str, str], body: bytes | bytearray) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a body of several."""
    names, dtypes, shapes = (headers.get(name, "").split(";") for name in (PARTS, DTYPE, SHAPE))
    if sorted(names) not in (["colour", "depth"], ["colour", "depth", "ids"]):
        raise ProtocolError(f"{PARTS} is colour;depth or colour;depth;ids", headers.get(PARTS))
    if not len(names) == len(dtypes) == len(shapes):
        raise ProtocolError(f"{DTYPE} and {SHAPE} say one thing for each part", do="Part by ;")
    layouts = [read_layout(*both) for both in zip(dtypes, shapes, strict=True)]
    ends = np.cumsum([layout.num_bytes for layout in layouts], dtype=object)
    if ends[-1] != len(body):
        raise ProtocolError(f"the body should have {ends[-1]} bytes", len(body))
    whole = memoryview(body)
    return {
        name: array_of(layout, whole[end - layout.num_bytes : end])
        for name, layout, end in zip(names, layouts, ends, strict=True)
    }


def _expect(name: str, array: npt.NDArray[Any], dtype: str, shape: tuple[int, ...]) -> None:
    found = Layout.of(array)
    if found.shape != shape or found.dtype != dtype or 0 in shape:
        size = " x ".join(map(str, shape))
        raise ProtocolError(f"'{name}' should be {size} {dtype}", f"{found.shape} {found.dtype}")
