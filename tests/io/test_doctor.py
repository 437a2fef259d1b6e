"""The doctor says what a scan is, what is wrong, and what it costs; it raises nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexel.io import diagnose
from lexel.pipelines.cost import completion_cost, encoder_passes
from lexel.relevancy.presets import PRESETS, Preset
from lexel.relevancy.tiles import tile_grids
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


def test_the_cost_comes_from_whoever_knows_it(tmp_path: Path) -> None:
    path = samples.write_semabs(tmp_path)
    assert diagnose(path).cost is None
    cost = diagnose(path, estimate=completion_cost).cost
    assert cost == completion_cost(2, (samples.WIDTH, samples.HEIGHT))
    assert diagnose(tmp_path / "none.pkl", estimate=completion_cost).cost is None


@given(st.sampled_from(list(PRESETS.values())), st.integers(8, 400), st.integers(8, 400))
@settings(max_examples=60)
def test_the_passes_of_the_encoder_are_counted_as_they_will_run(
    preset: Preset, width: int, height: int
) -> None:
    crops = sum(len(grid.boxes()) for grid in tile_grids(height, width, preset))
    copies = (1 + preset.jittered_copies) * (1 + preset.flip)
    assert encoder_passes((width, height), preset) == crops * copies


def test_the_cost_grows_with_labels_and_with_the_image() -> None:
    small, more_labels, longer = (
        completion_cost(n, size) for n, size in ((2, (480, 480)), (20, (480, 480)), (2, (960, 480)))
    )
    assert more_labels.minutes - small.minutes == pytest.approx(18 * 6 / 60, abs=0.11)
    assert longer.minutes > 1.5 * small.minutes
    assert longer.memory_gb == small.memory_gb == more_labels.memory_gb
    assert completion_cost(2, (480, 480), "fast").minutes < small.minutes / 4
