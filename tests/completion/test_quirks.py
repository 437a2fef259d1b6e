"""The published oddities, each stated anew."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from lexel.completion import quirks

SHAPE = (5, 3, 4)
BOUNDS = torch.tensor([[-1.0, 0.0, 2.0], [1.0, 3.0, 4.0]])
SIZE = torch.tensor(SHAPE).float()
seeds = st.integers(0, 2**31)


def points_around_the_box(num, seed):
    draw = torch.Generator().manual_seed(seed)
    low, high = BOUNDS
    return low - 0.5 + (high - low + 1) * torch.rand(num, 3, generator=draw)


@given(st.integers(0, 60), st.integers(1, 4), seeds)
def test_scattering_is_the_mean_of_each_voxel_s_points(num, channels, seed):
    xyz = points_around_the_box(num, seed)
    features = torch.randn(num, channels, generator=torch.Generator().manual_seed(seed))
    got = quirks.scatter_mean(features, quirks.voxel_index(xyz, BOUNDS, SIZE), SHAPE)

    inside: dict[tuple[int, ...], list[torch.Tensor]] = {}
    for point, feature in zip(xyz, features, strict=True):
        low, high = BOUNDS
        share = ((point - low) / (high - low)).clamp(0, 1)
        inside.setdefault(tuple((share * (SIZE - 1)).int().tolist()), []).append(feature)
    expected = torch.zeros(1, channels, *SHAPE)
    for (x, y, z), values in inside.items():
        expected[0, :, x, y, z] = torch.stack(values).mean(0)
    torch.testing.assert_close(got, expected)


def test_the_last_voxel_is_only_the_far_face():
    low, high = BOUNDS
    just_before = high - 1e-3 * (high - low)
    index = quirks.voxel_index(torch.stack([low, just_before, high]), BOUNDS, SIZE)
    ijk = np.stack(np.unravel_index(index.numpy(), SHAPE), -1)
    assert ijk.tolist() == [[0, 0, 0], [3, 1, 2], [4, 2, 3]]


def test_a_query_reads_the_volume_with_x_and_z_swapped_and_the_far_end_short():
    volume = torch.zeros(1, 1, 4, 4, 4)
    volume[0, 0] = torch.arange(4.0)[:, None, None]  # grows along the volume's first axis
    bounds, size = torch.tensor([[0.0] * 3, [1.0] * 3]), torch.tensor([4.0] * 3)
    xyz = torch.tensor([[[0, 0, 0.0], [1, 1, 0], [0, 0, 1], [1, 1, 0.5]]])
    read = quirks.sample_volume(volume, quirks.sampler_coordinates(xyz, bounds, size))[0, :, 0]
    far = 3 * 3 / 4  # three intervals, divided by four voxels
    torch.testing.assert_close(read, torch.tensor([0.0, 0.0, far, far / 2]))


@given(seeds)
def test_positions_outside_the_box_are_read_at_its_faces(seed):
    xyz = points_around_the_box(20, seed)
    clamped = torch.minimum(torch.maximum(xyz, BOUNDS[0]), BOUNDS[1])
    torch.testing.assert_close(
        quirks.sampler_coordinates(xyz, BOUNDS, SIZE),
        quirks.sampler_coordinates(clamped, BOUNDS, SIZE),
    )
