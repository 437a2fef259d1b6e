"""Numbers to colours, and colours that tell labels apart."""

from __future__ import annotations

import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lexel.errors import InputError
from lexel.scene.colour_ramp import RAMPS, ramp_colours, ramp_table
from lexel.scene.palette import label_colours

# Exact in single precision, 255 · x included.
STEPS = st.integers(-20, 276).map(lambda step: step / 256)


@pytest.mark.parametrize("ramp", RAMPS)
def test_the_tables_are_matplotlib_s(ramp):
    steps = np.arange(256)
    expected = matplotlib.colormaps[ramp].resampled(256)(steps, bytes=True)[:, :3]
    np.testing.assert_array_equal(ramp_table(ramp), expected)


@given(arrays(np.float32, st.integers(0, 50), elements=STEPS))
def test_the_rule_of_the_formats_page(numbers):
    index = [int(np.floor(255 * min(max(float(x), 0.0), 1.0) + 0.5)) for x in numbers]
    np.testing.assert_array_equal(ramp_colours(numbers), ramp_table()[index])


def test_drawing_needs_no_matplotlib():
    code = (
        "import sys; from lexel.scene.colour_ramp import ramp_table; ramp_table();"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_there_is_no_such_ramp():
    with pytest.raises(InputError, match=r"jet.*cividis"):
        ramp_table("jet")


def test_the_colours_of_labels_are_all_different():
    colours = np.array(label_colours(40), int)
    apart = np.abs(colours[:, None] - colours[None]).sum(axis=2) + 999 * np.eye(40, dtype=int)
    assert apart.min() > 10
    assert apart[:8, :8].min() > 80
