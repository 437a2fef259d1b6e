"""The eye of the viewer: OpenCV axes in a world whose z is up, perspective or orthographic."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lexel.geometry.transforms import invert
from lexel.scene.recipe import Projection, RecipeCamera

Float = npt.NDArray[np.float64]
FIELD_OF_VIEW_RAD = np.deg2rad(60.0)


@dataclass(frozen=True, eq=False)
class Camera:
    """Who looks, and onto how many pixels.

    Attributes:
        world_from_camera: (4, 4) rigid, metres.
        size_px: (width, height).
        intrinsics: (3, 3) K in pixels, pixel centres at +0.5; kept while the view is
            orthographic, so that going back to perspective is possible.
        scale_m: width of what is seen, of an orthographic view.
        projection: which of the two counts.
    """

    world_from_camera: Float
    size_px: tuple[int, int]
    intrinsics: Float
    scale_m: float = 1.0
    projection: Projection = Projection.PERSPECTIVE

    @property
    def orthographic(self) -> bool:
        return self.projection is Projection.ORTHOGRAPHIC

    @property
    def camera_from_world(self) -> Float:
        return invert(self.world_from_camera)

    @property
    def eye_m(self) -> Float:
        return self.world_from_camera[:3, 3]

    @property
    def forward(self) -> Float:
        """(3,) unit vector into the picture, world frame."""
        return self.world_from_camera[:3, 2]

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for cameras that see the same."""
        lens = self.scale_m if self.orthographic else self.intrinsics.tobytes()
        return self.projection, self.size_px, self.world_from_camera.tobytes(), lens

    def pixels_per_m(self, depth_m: float) -> float:
        """How many pixels a metre across takes at a depth."""
        if self.orthographic:
            return self.size_px[0] / self.scale_m
        return float(self.intrinsics[0, 0]) / max(depth_m, 1e-9)

    def image_from_world(self) -> Float:
        """(3, 4): a point to (u·w, v·w, depth), where w is the depth, or 1 if orthographic."""
        local = self.camera_from_world[:3]
        if not self.orthographic:
            lens = self.intrinsics.copy()
            lens[2] = (0, 0, 1)
            return lens @ local
        width, height = self.size_px
        image = local.copy()
        image[:2] *= width / self.scale_m
        image[:2, 3] += width / 2, height / 2
        return image

    def rays(self, pixels: npt.ArrayLike) -> tuple[Float, Float]:
        """Where the rays of places (..., 2) in the picture begin, and directions of unit z-depth.

        Both are (..., 3), metres, world frame.
        """
        places, rotation = np.asarray(pixels, np.float64), self.world_from_camera[:3, :3]
        if self.orthographic:
            across_m = (places - np.asarray(self.size_px) / 2) / self.pixels_per_m(1)
            starts = self.eye_m + across_m @ rotation[:, :2].T
            return starts, np.broadcast_to(self.forward, starts.shape)
        local = np.concatenate([places, np.ones((*places.shape[:-1], 1))], axis=-1)
        along = local @ (rotation @ np.linalg.inv(self.intrinsics)).T
        return np.broadcast_to(self.eye_m, along.shape), along

    def pixel_of(self, point_m: npt.ArrayLike) -> tuple[float, float] | None:
        """Where in the picture (u, v) a point (3,) of the world lies; None behind the eye."""
        u, v, depth_m = self.image_from_world() @ np.array([*np.asarray(point_m), 1.0])
        if depth_m <= 0:
            return None
        scale = 1.0 if self.orthographic else depth_m
        return float(u / scale), float(v / scale)

    def at(self, pixel: tuple[float, float], depth_m: float) -> Float:
        """(3,) metres, world frame: what a pixel's place (u, v) shows at a z-depth."""
        start, along = self.rays(pixel)
        return np.asarray(start + depth_m * along)

    def resized(self, size_px: tuple[int, int]) -> Camera:
        """The same view on another window: as much is seen from top to bottom as before."""
        if size_px == self.size_px:
            return self
        width, factor = size_px[0], size_px[1] / self.size_px[1]
        K = self.intrinsics.copy()
        K[:2, :2] *= factor
        K[0, 2] = width / 2 + factor * (K[0, 2] - self.size_px[0] / 2)
        K[1, 2] *= factor
        scale_m = self.scale_m * (width / self.size_px[0]) / factor
        return replace(self, size_px=size_px, intrinsics=K, scale_m=scale_m)

    def nudged(self, offset_px: tuple[float, float]) -> Camera:
        """The same view, everything in it a fraction of a pixel further (right, down)."""
        right_px, down_px = offset_px
        if self.orthographic:
            across_m = np.array([-right_px, -down_px]) / self.pixels_per_m(1)
            pose = self.world_from_camera.copy()
            pose[:3, 3] += pose[:3, :2] @ across_m
            return replace(self, world_from_camera=pose)
        K = self.intrinsics.copy()
        K[:2, 2] += offset_px
        return replace(self, intrinsics=K)

    def as_recipe(self) -> RecipeCamera:
        """What a recipe keeps of it; the size stands beside it there."""
        if self.orthographic:
            return RecipeCamera(self.world_from_camera, scale_m=self.scale_m)
        return RecipeCamera(self.world_from_camera, self.intrinsics)


def default_lens(size_px: tuple[int, int]) -> Float:
    """K of a lens that sees 60 degrees across the longer side."""
    width, height = size_px
    focal_px = max(size_px) / 2 / np.tan(FIELD_OF_VIEW_RAD / 2)
    return np.array([[focal_px, 0, width / 2], [0, focal_px, height / 2], [0, 0, 1.0]])


def from_recipe(recipe: RecipeCamera, size_px: tuple[int, int]) -> Camera:
    """The camera of a recipe of that size."""
    K = default_lens(size_px) if recipe.intrinsics is None else recipe.intrinsics
    scale_m = 1.0 if recipe.scale_m is None else recipe.scale_m
    return Camera(recipe.world_from_camera, size_px, K, scale_m, recipe.projection)
