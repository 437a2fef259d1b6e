"""The relevancy grid: any number of labels, any shape, always readable and stamped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lexel.errors import CancelledError
from lexel.progress import Silent
from lexel.render.fonts import wrap
from lexel.render.relevancy_picture import default_range, draw_relevancies, write_relevancies


def photo(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def bump(num_labels: int, height: int = 20, width: int = 30) -> np.ndarray:
    maps = np.zeros((num_labels, height, width), np.float32)
    maps[:, : height // 2, : width // 2] = 0.02
    return maps


@pytest.mark.parametrize("num_labels", [1, 3, 4, 5, 17, 60])
def test_any_number_of_labels(num_labels: int) -> None:
    picture = draw_relevancies(["mug"] * num_labels, bump(num_labels), photo(20, 30))
    columns, rows = min(4, num_labels), -(-num_labels // 4)
    assert picture.width / picture.height == pytest.approx(
        columns * 390 / (rows * 300 + 130), rel=0.35
    )
    assert np.asarray(picture).std() > 10


@pytest.mark.parametrize("shape", [(256, 192), (30, 400), (400, 30), (1, 1), (700, 900)])
def test_any_aspect_ratio(shape: tuple[int, int]) -> None:
    picture = draw_relevancies(["mug", "table"], bump(2), photo(*shape))
    assert max(picture.size) < 3000


@given(st.lists(st.text(max_size=120), min_size=1, max_size=3))
@settings(max_examples=15)
def test_any_label_can_be_drawn(labels: list[str]) -> None:
    draw_relevancies(labels, bump(len(labels), 4, 4), photo(8, 8))


@given(st.text(max_size=500), st.integers(8, 40), st.integers(1, 4))
def test_wrapping_keeps_to_the_room_there_is(text: str, columns: int, lines: int) -> None:
    wrapped = wrap(text, columns, lines)
    assert 1 <= len(wrapped) <= lines
    assert all(len(line) <= columns for line in wrapped)


def test_high_relevancy_shows_more_of_the_image_than_low() -> None:
    white = np.full((64, 64, 3), 255, np.uint8)
    maps = np.zeros((1, 64, 64), np.float32)
    maps[0, :, 32:] = 1.0
    pixels = np.asarray(draw_relevancies(["a"], maps, white).convert("L"))
    middle = pixels[pixels.shape[0] // 2]
    tile = middle[40:320]
    assert tile[20] < 120 < tile[-20]


def test_the_range_is_safe_for_flat_negative_and_missing_values() -> None:
    for maps in (
        np.zeros((1, 2, 2)),
        np.full((1, 2, 2), -3.0),
        np.full((1, 2, 2), np.nan),
        np.array([[[-2.0, -1.0]]]),
        np.zeros((0, 2, 2)),
    ):
        low, high = default_range(maps.astype(np.float32))
        assert np.isfinite([low, high]).all() and low < high
    draw_relevancies(["a"], np.full((1, 2, 2), np.nan, np.float32), photo(4, 4))


def test_untrained_weights_are_stamped(tmp_path: Path) -> None:
    plain = write_relevancies(tmp_path / "a.png", ["mug"], bump(1), photo(20, 30))
    stamped = write_relevancies(
        tmp_path / "b.png", ["mug"], bump(1), photo(20, 30), meaningless=True
    )
    with Image.open(plain) as first, Image.open(stamped) as second:
        assert second.height > first.height
        assert second.getpixel((3, 3)) == (178, 24, 43)
        assert "MEANINGLESS" in second.info["Comment"]


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class Stop(Silent):
        def advance(self, steps: int = 1) -> None:
            raise CancelledError

    with pytest.raises(CancelledError):
        write_relevancies(tmp_path / "a.png", ["mug"], bump(1), photo(9, 9), progress=Stop())
    assert not list(tmp_path.iterdir())
