"""What a completion network is made of, as its `args.pkl` tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from lexel.errors import WeightsError

PRESETS = ("ours", "light", "chefer_et_al")  # relevancy that networks were trained on
_FURTHEST_M = 1e6  # what single precision still tells apart
Bounds = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of a network; defaults and field names are those of the published training.

    Attributes:
        voxel_shape: voxels of the feature volume along x, y, z.
        scene_bounds: lower and upper corner of the box, metres.
        unet_num_channels: channels of the volume that enters and leaves the U-Net.
        unet_f_maps: channels of its first level.
        unet_num_levels, unet_num_groups: levels, and groups of each group normalisation.
        pts_feat_extractor_hidden_dim: width of the point network.
        pointing_dim: width of the space in which relations are pointed at.
        decoder_concat_xyz_pts: the decoder also sees where it is asked.
        network_inputs: the per-point input: `saliency` (1 number) or `rgb` (3).
        num_input_pts: points drawn from the view for one pass.
        saliency_config: relevancy preset it was trained on, one of `PRESETS`.
        text_feature_dim: width of the text features that the semantic-aware networks compare with.
        normalised_relevancy: it reads relevancy in units of the view (`relevancy.scale`), not the
            published 50 · (relevancy - mean).
        cutoff: the logit above which a completed place counts, best on validation rooms; None: as
            published.
    """

    voxel_shape: tuple[int, int, int] = (128, 128, 128)
    scene_bounds: Bounds = ((-1.0, -1.0, -0.1), (1.0, 1.0, 1.9))
    unet_num_channels: int = 16
    unet_f_maps: int = 16
    unet_num_levels: int = 6
    unet_num_groups: int = 8
    pts_feat_extractor_hidden_dim: int = 128
    pointing_dim: int = 64
    decoder_concat_xyz_pts: bool = True
    network_inputs: tuple[str, ...] = ("saliency",)
    num_input_pts: int = 80_000
    saliency_config: str = "ours"
    text_feature_dim: int = 512
    normalised_relevancy: bool = False
    cutoff: float | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, Any], where: object) -> NetworkConfig:
        """The configuration in a published `args.pkl`, read as a plain dict.

        Raises:
            WeightsError: a value has the wrong form or asks for what Lexel does not build.
        """
        _check_supported(args, where)
        known = {f.name for f in fields(cls)}
        try:
            return cls(**{k: _frozen(v) for k, v in args.items() if k in known})._checked()
        except (TypeError, ValueError) as cause:
            raise WeightsError(
                f"the network's configuration is malformed: {cause}",
                where=where,
                do="Use the args.pkl that was written with the checkpoint.",
            ) from cause

    def _checked(self) -> NetworkConfig:
        numbers = [*self.voxel_shape, self.unet_num_channels, self.unet_f_maps]
        numbers += [self.unet_num_levels, self.unet_num_groups, self.num_input_pts]
        numbers += [self.pts_feat_extractor_hidden_dim, self.pointing_dim, self.text_feature_dim]
        if len(self.voxel_shape) != 3 or not all(
            isinstance(n, int) and 0 < n <= 1_000_000 for n in numbers
        ):
            raise ValueError("sizes must be positive whole numbers")
        low, high = self.scene_bounds
        if not (len(low) == len(high) == 3) or not all(
            -_FURTHEST_M < a < b < _FURTHEST_M for a, b in zip(low, high, strict=True)
        ):
            raise ValueError("scene_bounds must be a lower and an upper corner, x y z in metres")
        if self.saliency_config not in PRESETS:
            raise ValueError(f"saliency_config must be one of {', '.join(PRESETS)}")
        if any(n % (1 << (self.unet_num_levels - 1)) or n > 512 for n in self.voxel_shape):
            raise ValueError("voxel_shape must be divisible by 2^(unet_num_levels - 1)")
        return self


def _check_supported(args: Mapping[str, Any], where: object) -> None:
    wanted = {
        "use_pts_feat_extractor": (True,),
        "pointing_method": ("cosine_sim",),
    }
    for key, allowed in wanted.items():
        if args.get(key, allowed[0]) not in allowed:
            raise WeightsError(f"{key} is not supported", where=where, got=args[key])
    inputs = args.get("network_inputs", ["saliency"])
    if _frozen(inputs) not in (("saliency",), ("rgb",)):
        raise WeightsError(
            "the network asks for per-point inputs that Lexel does not make",
            where=where,
            got=inputs,
            do="Use a checkpoint trained on relevancy (saliency) or colour.",
        )


def _frozen(value: Any) -> Any:
    """Lists and arrays, at any depth, as tuples."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    return tuple(map(_frozen, plain)) if isinstance(plain, list | tuple) else plain
