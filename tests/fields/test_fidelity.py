import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.fields.fidelity import (
    DenseSample,
    average_precision,
    best_shared,
    measure_fidelity,
    spread_sample,
)
from lexel.geometry.vectors import unit_rows
from tests.fields.test_gathering import PIECE, READS, SEEN


@given(
    arrays(np.float32, 8, elements=st.integers(0, 20).map(float), unique=True),
    arrays(bool, 8),
)
def test_average_precision_is_the_mean_precision_at_each_hit(score, relevant):
    order = np.argsort(-score)
    hits = np.flatnonzero(relevant[order])
    expected = np.mean([(n + 1) / (rank + 1) for n, rank in enumerate(hits)]) if len(hits) else 0
    assert average_precision(score, relevant) == pytest.approx(expected)


def test_equal_scores_leave_nothing_to_order():
    relevant = np.array([True, False, False, True])
    assert average_precision(np.zeros(4, np.float32), relevant) == pytest.approx(0.5)


@given(arrays(np.float32, 300, elements=st.integers(0, 9).map(float)))
def test_a_score_shares_all_its_best_with_itself_and_little_with_its_opposite(score):
    assert best_shared(score, score) == pytest.approx(1)
    ordered = np.arange(300, dtype=np.float32)
    assert best_shared(ordered, -ordered) == 0
    assert best_shared(ordered, np.zeros(300, np.float32)) == pytest.approx(0.01)


@given(arrays(np.int32, 60, elements=st.integers(0, 5)), st.integers(1, 40))
def test_every_superpoint_is_in_the_sample(piece, most):
    piece = np.unique(piece, return_inverse=True)[1].astype(np.int32)
    sample = spread_sample(piece, most)
    assert set(piece[sample]) == set(piece)
    assert len(sample) <= max(most, piece.max() + 1)
    assert (np.diff(sample) > 0).all()


def test_the_sample_hears_each_point_as_the_view_shows_it():
    sample = DenseSample(PIECE, 4)
    sample.add(READS[1], SEEN[1], 0.5)
    place = {int(point): row for row, point in enumerate(sample.index)}
    label = READS[1].regions.label.reshape(-1)
    for point, pixel, weight in zip(SEEN[1].index, SEEN[1].pixel, SEEN[1].weight, strict=True):
        feature = READS[1].feature[label[pixel]] if label[pixel] >= 0 else np.zeros(4)
        if int(point) in place:
            np.testing.assert_allclose(sample.total[place[int(point)]], 0.5 * weight * feature)


def test_perfect_codes_rank_as_dense_features_do_and_twins_are_no_mistakes():
    piece = np.repeat(np.arange(3, dtype=np.int32), 4)
    sample = DenseSample(piece, 2)
    features = np.repeat(np.eye(2, dtype=np.float32)[[0, 0, 1]], 4, axis=0)
    sample.total = features[sample.index].copy()
    code = unit_rows(sample.total)
    query = np.eye(2, dtype=np.float32)[[0, 0, 1]]
    same = measure_fidelity(sample, code, code, piece[sample.index], query, ["a", "a", "b"])
    assert same.cosine == same.part_cosine == 1
    assert same.ap_dense == same.ap_codes == 1
    other = measure_fidelity(sample, code, code, piece[sample.index], query, ["a", "c", "b"])
    assert other.ap_dense < 1
    worse = measure_fidelity(sample, code[::-1], code, piece[sample.index], query, ["a", "a", "b"])
    assert worse.ap_codes < worse.ap_dense == 1
    assert worse.cosine < 1
