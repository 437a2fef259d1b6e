"""What completing a scene, or building a field of it, will cost, before any model is loaded.

Measured: the figures below, on two cores with ViT-B/32 and the full-size completion network.
Computed: how often the encoder runs (the crops of the preset, as `relevancy.tiles` cuts them).
Memory depends on neither labels nor image. Another encoder or processor, and meshing and filming,
which depend on what is found, are not in it.
"""

from __future__ import annotations

from lexel.fields.regions import RegionSettings
from lexel.io.doctor import Cost
from lexel.pipelines.settings import DEFAULT_PRESET
from lexel.relevancy.presets import Preset, get_preset

# Measured.
_ENCODER_PASS_S = 0.045
_EMBEDDED_PASS_S = 0.004  # of the small encoder inside the package
_LABEL_S = 6.0  # one U-Net pass and the decoding of its volume
_PEAK_GB = 3.0
_VIEW_S = 0.6  # of a build: regions, and what is gathered of them
_PIXEL_S = 1e-6  # of a build: depth fused
_BUILD_PEAK_GB = 1.5


def completion_cost(
    num_labels: int, size_px: tuple[int, int], preset: str = DEFAULT_PRESET
) -> Cost:
    """Memory and time of `lexel complete` for so many labels in an image of (width, height)."""
    passes = encoder_passes(size_px, get_preset(preset))
    seconds = _ENCODER_PASS_S * passes + _LABEL_S * num_labels
    return Cost(memory_gb=_PEAK_GB, minutes=round(seconds / 60, 1))


def build_cost(num_views: int, size_px: tuple[int, int], *, embedded: bool = False) -> Cost:
    """Memory and time of `lexel build` for a recording of so many views of (width, height).

    `embedded`: the small encoder inside the package reads them.
    """
    pass_s = _EMBEDDED_PASS_S if embedded else _ENCODER_PASS_S
    passes = 1 + 2 * RegionSettings().most  # the whole image, and two crops for every region
    pixels = size_px[0] * size_px[1]
    seconds = num_views * (pass_s * passes + _VIEW_S + _PIXEL_S * pixels)
    return Cost(memory_gb=_BUILD_PEAK_GB, minutes=round(seconds / 60, 1))


def encoder_passes(size_px: tuple[int, int], preset: Preset) -> int:
    """How often the encoder runs to read an image of (width, height)."""
    width, height = size_px
    crops = sum(
        _num_offsets(width, size, stride) * _num_offsets(height, size, stride)
        for size, stride in preset.tile_sizes(min(size_px))
    )
    return crops * (1 + preset.jittered_copies) * (2 if preset.flip else 1)


def _num_offsets(extent_px: int, size_px: int, stride_px: int) -> int:
    """How many crops cover an extent: the last stands flush with its end."""
    return -(-(extent_px - size_px) // stride_px) + 1
