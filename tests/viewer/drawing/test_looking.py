"""Two windows that want different things share one thread."""

import threading

import numpy as np

from lexel.viewer.drawing.cloud import arrange
from lexel.viewer.drawing.looking import Looker
from lexel.viewer.drawing.meshes import Mesh, MeshScene
from lexel.viewer.drawing.moves import Direction, seen_from
from lexel.viewer.drawing.scenery import Dress, Scenery, dress, picture
from lexel.viewer.drawing.shade import mean_of
from tests.viewer.drawing.clouds import paint

BOX = np.array([[-1.0, -1, 0], [1, 1, 1]])
DRESS = Dress(eye_dome=0)
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


def test_at_rest_the_picture_gets_smooth_edges():
    cloud = arrange(np.random.default_rng(0).uniform(*BOX, (5_000, 3)).astype(np.float32))
    scenery = Scenery(cloud, seen_from(Direction.CORNER, BOX, (120, 90)))
    looker, smooth, told = Looker(), threading.Event(), []

    def take(seen):
        told.append(seen)
        if seen.nudged:
            smooth.set()

    try:
        looker.want("one", scenery, take)
        assert smooth.wait(30)
    finally:
        looker.close()
    rough = dress(told[0], paint(5_000), DRESS).colours(paint(5_000))
    some = [dress(one, paint(5_000), DRESS) for one in (told[-1], *told[-1].nudged)]
    smoothed = mean_of([one.colours(paint(5_000)) for one in some])
    fine = picture(scenery, paint(5_000), DRESS, finer=6)
    assert told[0].final and not told[0].nudged
    assert difference(smoothed, fine) < 0.75 * difference(rough, fine)


def difference(one, other):
    return np.abs(one.astype(float) - other).mean()
