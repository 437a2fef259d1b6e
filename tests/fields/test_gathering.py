import numpy as np

from lexel.fields.gathering import Gathered, border_votes
from lexel.fields.reading import ReadView
from lexel.fields.regions import regions_of
from lexel.fields.visibility import Seen

NAMES = {0: "mug", 1: "table"}


def view_of(label, seed) -> ReadView:
    regions = regions_of(np.array(label), NAMES)
    rng = np.random.default_rng(seed)
    feature = rng.standard_normal((len(regions), 4)).astype(np.float32)
    return ReadView(regions, feature / np.linalg.norm(feature, axis=1, keepdims=True), 1.0)


def seen_of(index, pixel, weight) -> Seen:
    return Seen(np.array(index), np.array(pixel), np.array(weight, np.float32))


READS = (view_of([[0, 0, 1, 1]], 0), view_of([[0, 1, -1, 1]], 1))
SEEN = (
    seen_of([0, 1, 2, 4], [0, 1, 2, 3], [1, 0.5, 0.25, 1]),
    seen_of([0, 2, 3], [0, 2, 1], [0.5, 1, 1]),  # point 2 falls into no region
)
PIECE = np.array([0, 0, 1, 1, 1], np.int32)
QUALITY = (1.0, 0.5)


def gather(start: Gathered | None = None, views=(0, 1)) -> Gathered:
    gathered = start or Gathered(2, 4)
    for i in views:
        gathered.add(i, READS[i], SEEN[i], PIECE, QUALITY[i])
    return gathered


def test_a_superpoint_gets_the_weighted_sum_of_the_regions_its_points_fall_into():
    gathered = gather()
    total, weight = np.zeros((2, 4)), np.zeros(2)
    for read, seen, quality in zip(READS, SEEN, QUALITY, strict=True):
        for point, pixel, w in zip(seen.index, seen.pixel, seen.weight, strict=True):
            region = read.regions.label.reshape(-1)[pixel]
            if region >= 0:
                total[PIECE[point]] += quality * w * read.feature[region]
                weight[PIECE[point]] += quality * w
    np.testing.assert_allclose(gathered.total, total, atol=1e-6)
    np.testing.assert_allclose(gathered.weight, weight)
    assert gathered.views.tolist() == [2, 2]


def test_names_are_weighed_like_meaning():
    gathered = gather()
    assert gathered.names == ["mug", "table"]
    np.testing.assert_allclose(gathered.named, [[1.75, 0], [0, 1.75]])


def test_the_heaviest_regions_are_remembered():
    gathered = gather()
    assert set(gathered.view[0].tolist()) == {0, 1, -1}
    strongest = gathered.strength[0].argmax()
    assert gathered.view[0, strongest] == 0
    assert gathered.box[0, strongest].tolist() == [0, 0, 2, 1]


def test_its_state_is_all_it_knows():
    halfway = gather(views=(0,))
    stored = {name: array.copy() for name, array in halfway.state().items()}
    continued, whole = gather(Gathered.from_state(stored), views=(1,)), gather()
    for name, array in whole.state().items():
        np.testing.assert_array_equal(array, continued.state()[name])


def test_a_view_that_sees_nothing_changes_nothing():
    gathered = Gathered(2, 4)
    gathered.add(0, READS[0], seen_of(np.array([], int), np.array([], int), []), PIECE, 1.0)
    assert not gathered.total.any()


def test_a_border_is_voted_for_by_views_that_see_both_sides():
    pairs = np.array([[0, 1], [1, 2], [3, 4]], np.int32)
    counts = np.zeros((3, 2), np.float32)
    border_votes(READS[0], SEEN[0], pairs, 5, counts)
    np.testing.assert_allclose(counts, [[0, 0.5], [0.25, 0.25], [0, 0]])
