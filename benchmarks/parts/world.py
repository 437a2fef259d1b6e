"""How fast the procedural world is photographed, beside the bare casting of the same rays."""

from __future__ import annotations

import numpy as np
import open3d

from benchmarks.figures import Figure, Options
from benchmarks.measure import Spent, timed
from lexel.synthetic.cameras import SIZE_PX, draw_shot
from lexel.synthetic.furnish import furnish
from lexel.synthetic.render import Studio
from lexel.synthetic.sample import take

_ROOMS = 12
_VIEWS_PER_ROOM = 4
_VIEWS_PER_S = 8
_NOTHING = Spent(0, 0)


def run(options: Options) -> list[Figure]:
    """Photographs with their rooms' making shared among the views; the truth apart."""
    making = photographs = casting = everything = _NOTHING
    for seed in range(_ROOMS):
        spent, studio = timed(lambda seed=seed: Studio(furnish(seed)))
        making += spent
        rng, bare = np.random.default_rng(seed), _bare(studio)
        for _ in range(_VIEWS_PER_ROOM):
            shot = draw_shot(studio.room, rng)
            camera = (shot.intrinsics, shot.world_from_camera)
            photographs += timed(lambda c=camera, s=studio: s.photograph(*c, SIZE_PX))[0]
            everything += timed(lambda s=studio, at=shot: take(s, at))[0]
            rays = bare.create_rays_pinhole(
                open3d.core.Tensor(shot.intrinsics),
                open3d.core.Tensor(np.linalg.inv(shot.world_from_camera)),
                *SIZE_PX,
            )
            casting += timed(lambda b=bare, r=rays: b.cast_rays(r))[0]
    views = _ROOMS * _VIEWS_PER_ROOM
    each = 1 / views
    how = f"{_ROOMS} rooms, {_VIEWS_PER_ROOM} views each, 256 x 192, one process"
    return [
        Figure(
            "photograph with shadows and textures, its share of the room included",
            f"{how}; baseline: open3d casting the same rays once",
            baseline=casting.wall_s * each,
            lexel=(photographs + making).wall_s * each,
            at_most=1 / _VIEWS_PER_S,
        ),
        Figure(
            "truth of 64³ cells and relations",
            f"{how}; taking a sample less photographing it",
            lexel=(everything.wall_s - photographs.wall_s) * each,
        ),
    ]


def _bare(studio: Studio) -> open3d.t.geometry.RaycastingScene:
    vertices, triangles, _ = studio.coloured_mesh()
    scene = open3d.t.geometry.RaycastingScene()
    scene.add_triangles(
        open3d.core.Tensor(vertices), open3d.core.Tensor(triangles.astype(np.uint32))
    )
    return scene
