"""What `complete` and `locate` share: the view in the box, and its answer back in the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.completion.checkpoints import Network
from lexel.completion.cloud import (
    NetworkCloud,
    draw_points,
    network_cloud,
    view_in_box,
)
from lexel.errors import SceneError
from lexel.geometry.transforms import apply, invert, split_similarity
from lexel.geometry.voxels import VoxelGrid
from lexel.io.placing import valid_pixels, valid_points
from lexel.pipelines.networks import LoadedNetwork
from lexel.pipelines.relevancy import Relevancies
from lexel.pipelines.settings import Settings
from lexel.scene import Answer, AnswerKind, Found, Mesh, Scene, View

# Longest side of the relevancy maps kept for the picture.
_PICTURE_PX = 512


@dataclass(frozen=True, eq=False)
class BoxedView:
    """A scene's view made ready for a network.

    Attributes:
        view: with camera and depth in the box frame.
        cloud: the points inside the box; in product mode the one seeded draw.
        grid: the lattice that is asked.
    """

    scene: Scene
    view: View
    cloud: NetworkCloud
    grid: VoxelGrid

    def to_world(self, points_box: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Positions (N, 3) in the box as positions in the scene's world."""
        return apply(invert(self.scene.box_from_world), points_box).astype(np.float32)

    def places_in_world(self, flat: npt.NDArray[np.integer]) -> npt.NDArray[np.float32]:
        """World positions (N, 3) of lattice places, by flat index (N,)."""
        return self.to_world(self.grid.lattice_points(flat))

    def mesh_in_world(self, mesh: Mesh) -> Mesh:
        return Mesh(self.to_world(mesh.vertices_m), mesh.faces)


def box_view(scene: Scene, network: Network, settings: Settings) -> BoxedView:
    """The scene's view in the network's box.

    Raises:
        SceneError: none of its points lies in the box.
    """
    view, config = view_in_box(scene), network.config
    cloud = network_cloud(view, config, reference=settings.reference)
    if not len(cloud):
        raise SceneError(
            "no point of this view lies in the networks' box",
            where=scene.name,
            do="Run lexel doctor on it; without --compat reference it is moved into the box.",
        )
    if not settings.reference:
        cloud = draw_points(cloud, config.num_input_pts, settings.seed)
    low, high = config.scene_bounds
    device = next(network.parameters()).device
    grid = VoxelGrid(low, high, (settings.grid_size,) * 3)
    return BoxedView(scene, view, cloud.to(device), grid)


def assemble_answer(
    kind: AnswerKind,
    boxed: BoxedView,
    found: Sequence[Found],
    relevancies: Relevancies,
    provenance: Mapping[str, Any],
) -> Answer:
    """The answer with everything its files and pictures need."""
    scene = boxed.scene
    seen = valid_pixels(scene.view).reshape(-1)
    world_from_box, scale = split_similarity(invert(scene.box_from_world))
    return Answer(
        kind=kind,
        scene_name=scene.name,
        found=tuple(found),
        scene_points_m=valid_points(scene.view),
        scene_rgb=scene.view.rgb.reshape(-1, 3)[seen],
        voxel_size_m=float(boxed.grid.lattice_step_m[0]) * scale,
        world_from_source=scene.world_from_source,
        forward=world_from_box[:3, 0],
        relevancy_labels=relevancies.phrases,
        relevancies=relevancies.contrasted(_PICTURE_PX).numpy(),
        rgb=scene.view.rgb,
        provenance=provenance,
    )


def describe_run(
    relevancies: Relevancies, network: LoadedNetwork[Any], settings: Settings, **parameters: float
) -> dict[str, Any]:
    """What made an answer, as JSON-able values."""
    return {
        **relevancies.provenance,
        "network": dict(network.identity),
        "grid_size": settings.grid_size,
        "meaningless": relevancies.meaningless or network.untrained,
        **parameters,
    }
