"""Anybody's features become codes; points without any take the meaning of their neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.fields.growing import Closeness
from lexel.fields.packing import JointRows, Packed, find_features, pack_features
from lexel.geometry.vectors import unit_rows
from lexel.progress import Silent

TARGET = Closeness(0.98, 0.9)


def make_things(num_things: int, rows: int, dim: int, seed: int = 0) -> np.ndarray:
    """The same rows for all points of a thing, of any length."""
    rng = np.random.default_rng(seed)
    things = np.repeat(rng.normal(size=(num_things, dim)), rows, axis=0)
    return (things * rng.uniform(0.1, 30, (len(things), 1))).astype(np.float32)


def pack(xyz_m: np.ndarray, features: np.ndarray, words: np.ndarray | None = None) -> Packed:
    good = find_features(features, Silent())
    return pack_features(
        xyz_m.astype(np.float32), features, words, good, target=TARGET, seed=0, progress=Silent()
    )


def test_things_get_codes() -> None:
    features = make_things(9, 30, 16)
    packed = pack(np.random.default_rng(0).normal(size=(270, 3)), features)
    shown = unit_rows(packed.codebook.clip)[packed.code]
    assert np.einsum("nd,nd->n", unit_rows(features), shown).min() > 0.999
    assert len(packed.codebook) == 9
    assert packed.codebook.count.tolist() == [30] * 9
    assert packed.codebook.background.shape == (2, 0)
    assert packed.codebook.sentence is None
    assert packed.closeness["clip"].mean == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("missing", [0, np.nan, np.inf, 1e39])
def test_points_without_features_take_their_neighbours(missing: float) -> None:
    """A row of points; one in the middle of each thing has nothing that could be used."""
    features = make_things(4, 5, 8).astype(np.float64)
    features[2::5] = missing
    xyz_m = np.zeros((20, 3))
    xyz_m[:, 0] = np.arange(20) + 3 * np.repeat(np.arange(4), 5)
    packed = pack(xyz_m, features)
    assert (packed.code.reshape(4, 5) == packed.code[::5, None]).all()
    assert len(set(packed.code.tolist())) == 4
    assert packed.codebook.count.tolist() == [5] * 4


def test_two_kinds_of_features_share_codes_and_are_told_apart() -> None:
    """Things that look the same and are called differently get codes of their own."""
    looks = np.repeat(make_things(3, 1, 8), 40, axis=0)
    words = np.repeat(make_things(6, 1, 5, seed=1), 20, axis=0)
    packed = pack(np.zeros((120, 3)), looks, words)
    codebook = packed.codebook
    assert len(codebook) == 6
    assert codebook.sentence is not None
    for given_rows, rows in ((looks, codebook.clip), (words, codebook.sentence)):
        shown = unit_rows(rows)[packed.code]
        assert np.einsum("nd,nd->n", unit_rows(given_rows), shown).min() > 0.999
    assert set(packed.closeness) == {"clip", "sentence"}


def test_a_code_whose_points_have_no_sentence_has_zeros() -> None:
    looks, words = make_things(4, 10, 8), make_things(4, 10, 5, seed=1)
    words[:10] = 0
    packed = pack(np.zeros((40, 3)), looks, words)
    sentence = packed.codebook.sentence
    assert sentence is not None
    assert not sentence[packed.code[0]].any()
    assert np.linalg.norm(sentence[packed.code[10:]].astype(np.float32), axis=1) == pytest.approx(
        1, abs=1e-2
    )
    assert packed.closeness["sentence"].mean == pytest.approx(1, abs=1e-5)


@given(st.integers(1, 30), st.booleans(), st.integers(0, 9))
@settings(max_examples=20)
def test_joint_rows_are_those_of_the_chosen_points(num: int, both: bool, seed: int) -> None:
    rng = np.random.default_rng(seed)
    clip, words = rng.normal(size=(num, 4)), rng.normal(size=(num, 3))
    index = np.flatnonzero(rng.random(num) < 0.7)
    joint = JointRows(index, clip, words if both else None)
    kinds = [unit_rows(clip[index]), *([unit_rows(words[index])] if both else [])]
    expected = np.concatenate(kinds, axis=1)
    assert joint.shape == expected.shape
    assert joint[0:num] == pytest.approx(expected, abs=1e-6)
    order = rng.permutation(len(index))
    assert joint[order] == pytest.approx(expected[order], abs=1e-6)
