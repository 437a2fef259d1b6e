"""Rooms, photographs and truth, through the doors that datasets use."""

import numpy as np
import pytest

from lexel.synthetic.cameras import draw_shot
from lexel.synthetic.catalogue import NOVEL_CLASSES, classes
from lexel.synthetic.furnish import furnish
from lexel.synthetic.materials import HELD_OUT_COLOURS, HELD_OUT_MATERIALS, MATERIALS, SURFACES
from lexel.synthetic.model import COLOURS, ROOMS
from lexel.synthetic.relations import relations
from lexel.synthetic.render import Studio
from lexel.synthetic.room import Room
from lexel.synthetic.sample import cell_centres, take

KINDS = list(classes().values())
SEEDS = range(6)


@pytest.fixture(scope="module")
def rooms() -> list[Room]:
    return [furnish(seed) for seed in SEEDS]


def test_every_kind_of_room_has_things_of_its_own():
    assert {room for kind in KINDS for room in kind.rooms} <= set(ROOMS)
    assert len(COLOURS) == 16


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)
def test_an_object_is_closed_outward_and_stands_on_the_ground(kind):
    rng = np.random.default_rng(0)
    sizes = []
    for _ in range(8):
        model = kind.build(rng)
        lower, upper = model.bounds
        sizes.append(np.concatenate([lower, upper]))
        assert all(part.surface == "main" or part.surface in SURFACES for part in model.parts)
        assert all(_volume(part) > 0 for part in model.parts)
        assert np.all(upper - lower < 3.0) and np.all(upper - lower > 0.005)
        if kind.stands == "wall":
            assert lower[0] == pytest.approx(0, abs=0.02)
        else:
            assert lower[2] == pytest.approx(0, abs=0.02)
        for shelf in model.shelves:
            assert np.all(np.less(shelf.lower, shelf.upper))
            assert -0.01 <= shelf.z <= upper[2] + 0.01
    assert np.ptp(sizes, axis=0).max() > 0.01, "every one looks the same"
    assert set(kind.materials) <= set(MATERIALS)
    assert set(kind.colours) <= set(COLOURS)


def _volume(part) -> float:
    corners = part.vertices[part.triangles]
    return np.einsum("ti,ti->t", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])).sum() / 6


def test_the_same_seed_gives_the_same_room_and_picture():
    first, second = (_photograph(furnish(3)) for _ in range(2))
    np.testing.assert_array_equal(first.rgb, second.rgb)
    np.testing.assert_array_equal(first.instance, second.instance)


def _photograph(room):
    shot = draw_shot(room, np.random.default_rng(0))
    return Studio(room).photograph(shot.intrinsics, shot.world_from_camera, (64, 48))


def test_looks_change_no_layout():
    seen, novel = furnish(5), furnish(5, look="novel")
    assert [p.kind.name for p in seen.objects] == [p.kind.name for p in novel.objects]
    for a, b in zip(seen.objects, novel.objects, strict=True):
        np.testing.assert_array_equal(a.world_from_object, b.world_from_object)


def test_training_looks_show_nothing_that_is_held_out(rooms):
    for room in rooms:
        for placed in room.objects:
            if not set(placed.kind.colours or COLOURS) <= set(HELD_OUT_COLOURS):
                assert placed.colour not in HELD_OUT_COLOURS
            assert placed.material not in HELD_OUT_MATERIALS
        assert room.wall.material not in HELD_OUT_MATERIALS
        assert room.floor.material not in HELD_OUT_MATERIALS


def test_classes_can_be_kept_out():
    for seed in SEEDS:
        room = furnish(seed, without=NOVEL_CLASSES)
        assert not {p.kind.name for p in room.objects} & set(NOVEL_CLASSES)


def test_nothing_leaves_the_room_floats_or_stands_in_another(rooms):
    for room in rooms:
        bounds = {p.id: p.bounds for p in room.objects}
        half = np.array(room.size[:2]) / 2
        for placed in room.objects:
            lower, upper = bounds[placed.id]
            assert np.all(np.abs([lower[:2], upper[:2]]) <= half + 1e-6)
            assert upper[2] <= room.size[2]
            if placed.support:
                low, high = bounds[placed.support]
                assert np.all(lower[:2] > low[:2] - 0.02) and np.all(upper[:2] < high[:2] + 0.02)
                assert low[2] <= lower[2] <= high[2] + 0.01
            elif placed.kind.stands != "wall":
                assert lower[2] == pytest.approx(0, abs=0.03)
        for a in room.objects:
            for b in room.objects:
                if a.id < b.id and not _carried(room, a, b):
                    apart = np.any(bounds[a.id][1] <= bounds[b.id][0]) or np.any(
                        bounds[b.id][1] <= bounds[a.id][0]
                    )
                    assert apart, f"{room.name}: {a.kind.name} in {b.kind.name}"


def _carried(room, a, b) -> bool:
    support = b.support
    while support:
        if support == a.id:
            return True
        support = room.objects[support - 1].support
    return False


def test_depth_and_ids_agree_with_the_truth():
    room = next(r for r in map(furnish, range(10)) if len(r.objects) > 8)
    studio = Studio(room)
    shot = draw_shot(room, np.random.default_rng(1))
    sample = take(studio, shot)
    picture = sample.photograph
    v, u = np.nonzero((picture.instance > 0) & (picture.depth_m > 0))
    d = picture.depth_m[v, u]
    k = shot.intrinsics
    camera = np.stack([(u + 0.5 - k[0, 2]) / k[0, 0] * d, (v + 0.5 - k[1, 2]) / k[1, 1] * d, d], 1)
    world = camera @ shot.world_from_camera[:3, :3].T + shot.world_from_camera[:3, 3]
    at_surface = studio.occupancy(world, 0.01)
    assert np.mean(at_surface == picture.instance[v, u]) > 0.98
    filled = {o["id"] for o in sample.facts["objects"] if o["cells"]}
    assert filled == set(np.unique(sample.truth)) - {0}
    assert cell_centres().shape == (64**3, 3)


def test_relations_are_seen_from_the_camera():
    for seed in SEEDS:
        room = furnish(seed)
        shot = draw_shot(room, np.random.default_rng(seed))
        centres = {p.id: np.append(np.mean(p.bounds, axis=0), 1) for p in room.objects}
        found = relations(room, shot.box_from_world)
        for r in found:
            here, there = (shot.box_from_world @ centres[i] for i in (r.target, r.reference))
            if r.relation == "behind":
                assert here[0] > there[0]
            if r.relation == "on the left of":
                assert here[1] > there[1]
        behind = {(r.target, r.reference) for r in found if r.relation == "behind"}
        assert not behind & {(b, a) for a, b in behind}
