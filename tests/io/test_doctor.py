"""The doctor says what a scan is, what is wrong, and what it costs; it raises nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from lexel.io import diagnose
from lexel.io.doctor import estimate_cost
from lexel.scene import Severity
from tests.io import samples


def test_a_good_scene(tmp_path: Path) -> None:
    diagnosis = diagnose(samples.write_semabs(tmp_path))
    assert diagnosis.usable
    assert diagnosis.size_px == (samples.WIDTH, samples.HEIGHT)
    assert diagnosis.share_valid == 1.0
    assert diagnosis.labels == ("chair", "table")
    assert diagnosis.descriptions == ("the mug on the table",)
    assert diagnosis.depth_range_m is not None
    assert 0 < diagnosis.depth_range_m[0] < diagnosis.depth_range_m[1]


def test_it_is_json(tmp_path: Path) -> None:
    for path in (samples.write_semabs(tmp_path), tmp_path / "none.pkl"):
        plain = diagnose(path).as_json()
        assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_what_cannot_be_used_is_the_first_finding(tmp_path: Path) -> None:
    path = samples.write_semabs(
        tmp_path, depth=np.full((24, 32), np.nan), ovssc_obj_classes=["a", "a"]
    )
    diagnosis = diagnose(path)
    assert not diagnosis.usable
    assert diagnosis.kind == "Semantic Abstraction scene"
    severities = [f.severity for f in diagnosis.findings]
    assert severities[0] is Severity.ERROR
    assert Severity.REPAIRED in severities
    assert "no depth at all" in diagnosis.findings[0].what


def test_findings_come_worst_first(shared_data: Path) -> None:
    diagnosis = diagnose(shared_data / "semabs" / "arkit_vn_poster.pkl")
    order = [Severity.ERROR, Severity.WARNING, Severity.REPAIRED, Severity.NOTE]
    ranks = [order.index(f.severity) for f in diagnosis.findings]
    assert ranks == sorted(ranks)
    assert diagnosis.share_in_box is not None
    assert diagnosis.share_in_box < 0.95


def test_cost_grows_with_labels() -> None:
    assert estimate_cost(20).minutes > estimate_cost(2).minutes
    assert estimate_cost(2).memory_gb > 1
