"""The published table, from results."""

from __future__ import annotations

import numpy as np
import pytest

from lexel.errors import InputError
from lexel.evaluation.results import Results
from lexel.evaluation.summary import NOVEL, as_cells, as_markdown, summarize

CUTOFFS = np.array([-1.0, 0.0, 1.0])


def results(rows: list[tuple[str, str, str, str, str, int, int, list[float]]]) -> Results:
    """Rows of approach, split, room, label, relation, novel, synonym and IoU at the cut-offs."""
    names = "approach split room label spatial_relation_name novel synonym".split()
    words = {name: np.array([str(row[i]) for row in rows]) for i, name in enumerate(names)}
    return Results(words, CUTOFFS, np.array([row[-1] for row in rows]))


BEST_IN_TEST, BEST_IN_VALIDATION = 2, 1
TABLE = [
    ("ours", "validation", "v1", "sofa", "", 0, 0, [0.1, 0.5, 0.2]),
    ("ours", "unseen_instances", "r1", "sofa", "", 0, 0, [0.0, 0.2, 0.9]),
    ("ours", "unseen_instances", "r1", "lamp", "", 0, 0, [0.0, 0.4, 0.9]),
    ("ours", "unseen_instances", "r2", "sofa", "", 0, 0, [0.0, 0.7, 0.9]),
    ("ours", "unseen_instances", "r2", "mug", "", 1, 0, [0.0, 0.1, 0.9]),
    ("ours", "unseen_instances_dr", "r1", "sofa", "", 0, 0, [0.0, 0.25, 0.9]),
    ("ours", "unseen_instances_synonyms", "r1", "couch", "", 0, 1, [0.0, 0.3, 0.9]),
    ("ours", "unseen_instances_synonyms", "r1", "lamp", "", 0, 0, [0.0, 0.8, 0.9]),
    ("ours", "unseen_instances_dr", "r3", "pot", "", 1, 0, [0.0, 0.3, 0.9]),
]  # fmt: skip


def test_columns_and_the_cut_off_of_validation() -> None:
    (row,) = summarize(results(TABLE), draws=20)
    assert row.cutoff == CUTOFFS[BEST_IN_VALIDATION]  # though another is far better in the test
    found = dict(zip(NOVEL, row.cells, strict=True))
    assert found["room"].mean == pytest.approx(50)  # mean of rooms 30 and 70
    assert found["visual"].mean == pytest.approx(25)
    assert found["vocabulary"].mean == pytest.approx(30)  # synonyms only
    assert found["class"].mean == pytest.approx(20)  # mean of labels, over all splits
    assert [cell.questions for cell in row.cells] == [3, 1, 1, 2]
    for cell in row.cells:
        assert cell.low <= cell.mean <= cell.high


def test_other_splits_are_not_in_the_table() -> None:
    """Such as the same rooms by another renderer: that is another question."""
    other = ("ours", "unseen_instances_cycles", "r1", "pot", "", 1, 0, [0.9, 0.9, 0.9])
    assert summarize(results([*TABLE, other]), draws=2) == summarize(results(TABLE), draws=2)


def test_the_test_splits_never_move_the_cut_off() -> None:
    better = [(*row[:-1], row[-1][::-1]) if row[1] != "validation" else row for row in TABLE]
    assert {summarize(results(rows), draws=2)[0].cutoff for rows in (TABLE, better)} == {0.0}


def test_without_validation_there_is_no_table() -> None:
    with pytest.raises(InputError, match=r"no results of ours on the validation split"):
        summarize(results(TABLE[1:]))


def test_localisation_counts_relations_alike() -> None:
    rows = [(*row[:3], "", "on" if i else "behind", *row[5:]) for i, row in enumerate(TABLE)]
    rows += [("ours", "unseen_instances", "r1", "", "behind", 0, 0, [0.0, 0.8, 0.9])]
    table = summarize(results(rows), draws=5)
    assert [row.relation for row in table] == ["behind", "on", "mean"]
    behind, on, mean = (row.cells[0].mean for row in table)
    assert mean == pytest.approx((behind + on) / 2)
    headings, lines = as_cells(table)
    assert headings == ["approach", "relation", "cut-off", *(f"novel {n}" for n in NOVEL)]
    assert len(lines) == 3 and lines[0][-1] == "–"  # nothing of a novel class is behind


def test_markdown_names_the_metric() -> None:
    text = as_markdown(summarize(results(TABLE), draws=2), "voxel32x32x32_iou")
    assert text.startswith("| approach | cut-off | novel room |")
    assert "voxel32x32x32_iou × 100" in text and "validation rooms" in text
