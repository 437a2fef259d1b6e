"""What was completed and found, as things to draw."""

import numpy as np
import pytest

from lexel.io.results import write_answer
from lexel.io.stored import open_result
from lexel.progress import Silent
from lexel.scene import Answer, AnswerKind, Found, Mesh
from lexel.viewer.thing_meshes import meshes_of
from lexel.viewer.things import Thing, things_of_result

SEEN = np.stack(np.meshgrid(np.linspace(0, 1, 40), np.linspace(0, 1, 40), [0.0]), -1)
SEEN = SEEN.reshape(-1, 3).astype(np.float32)
# A wall that stands on the seen floor: its foot was seen, its top was not.
WALL = Mesh(
    np.array([[0, 0.5, 0], [1, 0.5, 0], [1, 0.5, 1], [0, 0.5, 1], [0.5, 0.5, 0]], np.float32),
    np.array([[0, 1, 4], [0, 1, 2], [0, 2, 3]], np.int32),
)
HIDDEN = np.array([[0.5, 0.5, 0.7], [0.5, 0.5, 0.72]], np.float32)


def _answer(kind, *found):
    return Answer(
        kind=kind,
        scene_name="room",
        found=found,
        scene_points_m=SEEN,
        scene_rgb=np.full(SEEN.shape, 99, np.uint8),
        voxel_size_m=0.02,
        world_from_source=np.eye(4),
        forward=np.array([1.0, 0, 0]),
        relevancy_labels=("wall",),
        relevancies=np.zeros((1, 4, 4), np.float32),
        rgb=np.zeros((4, 4, 3), np.uint8),
    )


@pytest.fixture
def things(tmp_path):
    score = np.array([1, 2], np.float32)
    wall = Found("wall", (10, 20, 30), HIDDEN, score, WALL)
    nothing = Found("mug", (0, 0, 0), HIDDEN[:0], score[:0])
    place = Found("the mug behind the wall", (9, 9, 9), HIDDEN, score)
    write_answer(_answer(AnswerKind.COMPLETION, wall, nothing), tmp_path)
    folder = write_answer(_answer(AnswerKind.LOCALISATION, place), tmp_path)
    return things_of_result(open_result(folder), Silent())


def test_what_was_found_comes_by_name_and_empty_answers_do_not(things):
    assert {thing.name: thing.text for thing in things} == {
        "completion/wall": "wall",
        "localisation/the-mug-behind-the-wall": "the mug behind the wall",
    }
    assert things[0].colour == (10, 20, 30)


def test_what_no_camera_saw_is_marked(things):
    wall, place = things
    assert wall.inferred.tolist() == [False, False, True, True, False]
    assert place.inferred.all()


def test_inferred_parts_are_meshes_of_their_own_and_can_be_left_out(things):
    seen, unseen, spots = meshes_of(things)
    assert not seen.inferred and unseen.inferred and spots.inferred
    assert unseen.opacity < seen.opacity == 1
    assert len(seen.faces) + len(unseen.faces) == len(WALL.faces)
    assert len(spots.faces) == 8 * len(HIDDEN)
    assert [mesh.inferred for mesh in meshes_of(things, show_inferred=False)] == [False]


def test_a_solid_stands_at_each_place(things):
    *_, spots = meshes_of(things)
    middles = spots.vertices_m.reshape(2, 6, 3).mean(axis=1)
    np.testing.assert_allclose(middles, HIDDEN, atol=1e-6)
    reach = np.abs(spots.vertices_m.reshape(2, 6, 3) - HIDDEN[:, None]).max()
    assert 0.01 <= reach <= 0.02  # neighbours 2 cm apart touch


def test_colours_of_corners_become_those_of_faces():
    rgb = np.array([[0, 0, 0], [90, 0, 0], [90, 90, 90], [0, 0, 90]], np.uint8)
    faces = np.array([[0, 1, 2], [0, 2, 3]], np.int32)
    (mesh,) = meshes_of([Thing("a", "a", (1, 2, 3), WALL.vertices_m[:4], faces, rgb)])
    assert mesh.rgb.tolist() == [[60, 30, 30], [30, 30, 60]]
