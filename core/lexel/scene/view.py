"""One RGB-D view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class View:
    """One posed RGB-D image, in core's conventions (docs/conventions.md).

    Attributes:
        rgb: (H, W, 3) uint8, sRGB.
        depth_m: (H, W) float32, z-depth in metres; 0 where there is none (never NaN or negative).
        intrinsics: (3, 3) float64, pixels, pixel centres at +0.5.
        world_from_camera: (4, 4) float64, rigid; OpenCV camera (+X right, +Y down, +Z forward).
    """

    rgb: npt.NDArray[np.uint8]
    depth_m: npt.NDArray[np.float32]
    intrinsics: npt.NDArray[np.float64]
    world_from_camera: npt.NDArray[np.float64]

    @property
    def height_px(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def width_px(self) -> int:
        return int(self.rgb.shape[1])
