"""How densely an image is read: crop scales, strides, mirrored and recoloured copies."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lexel.errors import InputError


@dataclass(frozen=True)
class Preset:
    """How an image is cut up.

    Attributes:
        name: what the user types.
        scales: crop sizes as fractions of the image's extent.
        strides: how far apart crops stand at each scale, as a fraction of the crop.
        jittered_copies: recoloured copies of the whole image, read beside the original.
        flip: every crop is read mirrored too.
    """

    name: str
    scales: tuple[Fraction, ...]
    strides: tuple[Fraction, ...]
    jittered_copies: int
    flip: bool

    def tile_sizes(self, extent_px: int) -> list[tuple[int, int]]:
        """(size, stride) in pixels of each scale, for an image of this extent."""
        sizes = [max(1, int(extent_px * scale)) for scale in self.scales]
        return [
            (size, max(1, int(size * stride)))
            for size, stride in zip(sizes, self.strides, strict=True)
        ]


_QUARTER, _HALF = Fraction(1, 4), Fraction(1, 2)
_FOUR_SCALES = (Fraction(1), Fraction(2, 3), _HALF, _QUARTER)

# `ours` and `chefer_et_al` as in Ha & Song (CoRL 2022); the latter is the single-scale relevancy
# of Chefer et al. (ICCV 2021). `fast` keeps the scales of `ours`, at half-overlapping crops and
# without recoloured copies: what is lost is averaging, not resolution. `light` is for reading whole
# datasets: at most 64 crops of a photograph that is a third wider than high, none mirrored.
PRESETS = {
    preset.name: preset
    for preset in (
        Preset("ours", _FOUR_SCALES, (_QUARTER,) * 4, jittered_copies=5, flip=True),
        Preset("fast", _FOUR_SCALES, (_HALF,) * 4, jittered_copies=0, flip=True),
        Preset(
            "light", _FOUR_SCALES, (_HALF, _HALF, _HALF, Fraction(1)), jittered_copies=0, flip=False
        ),
        Preset("chefer_et_al", (Fraction(1),), (_QUARTER,), jittered_copies=0, flip=False),
    )
}


def get_preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        InputError: there is none.
    """
    if name not in PRESETS:
        raise InputError(
            "there is no such relevancy preset",
            got=name,
            do=f"Choose one of: {', '.join(PRESETS)}.",
        )
    return PRESETS[name]
