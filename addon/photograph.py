"""What a photograph of a scene holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Photograph:
    """One view. Letters: H rows, W columns.

    Attributes:
        rgb: (H, W, 3) uint8, sRGB.
        depth_m: (H, W) float32, z-depth in metres; 0 where nothing is.
        ids: (H, W) int32, number of the object, from 1 on; 0 where nothing is.
        intrinsics: (3, 3) K in pixels, pixel centres at +0.5.
        world_from_camera: (4, 4), OpenCV axes.
    """

    rgb: npt.NDArray[np.uint8]
    depth_m: npt.NDArray[np.float32]
    ids: npt.NDArray[np.int32]
    intrinsics: npt.NDArray[np.float64]
    world_from_camera: npt.NDArray[np.float64]
