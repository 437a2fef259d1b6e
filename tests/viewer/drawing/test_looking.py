"""Two windows that want different things share one thread."""

import threading

import numpy as np

from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.drawing.meshes import Mesh, MeshScene
from lexel.viewer.drawing.moves import Direction, seen_from
from lexel.viewer.drawing.scenery import Scenery

BOX = np.array([[-1.0, -1, 0], [1, 1, 1]])
MESH = Mesh(
    np.array([[-1, -1, 0], [1, -1, 0], [0, 1, 1]], np.float32), np.array([[0, 1, 2]], np.int32)
)


def test_both_get_their_final_picture():
    cloud = arrange(np.random.default_rng(0).uniform(*BOX, (300_000, 3)).astype(np.float32))
    looker, done = Looker(), {}
    finals = {who: threading.Event() for who in (Direction.TOP, Direction.FRONT)}

    def receive(who):
        def take(seen):
            if seen.final:
                done[who] = seen
                finals[who].set()

        return take

    try:
        for who in finals:
            camera = seen_from(who, BOX, (800, 600))
            wanted = Scenery(cloud, camera, meshes=MeshScene((MESH,)))
            looker.want(who, wanted, receive(who))
        for who, final in finals.items():
            assert final.wait(30), f"{who} was never done"
            assert done[who].mesh is not None
    finally:
        looker.close()
