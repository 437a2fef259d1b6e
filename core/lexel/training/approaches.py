"""What is trained under which name, and how large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lexel.completion.checkpoints import Network
from lexel.completion.config import NetworkConfig
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.errors import InputError


@dataclass(frozen=True)
class Approach:
    """A published training: the network's kind, and what it reads of a view."""

    kind: type[Network]
    colour: bool = False
    sentences: bool = False
    saliency_config: str = "light"


APPROACHES: Mapping[tuple[str, str], Approach] = {
    ("ovssc", "ours"): Approach(SemAbs3D),
    ("ovssc", "semantic_aware"): Approach(SemanticAwareOVSSC, colour=True),
    ("ovssc", "chefer_et_al"): Approach(SemAbs3D, saliency_config="chefer_et_al"),
    ("vool", "ours"): Approach(SemAbsVOOL),
    ("vool", "semantic_aware"): Approach(SemanticAwareVOOL, colour=True),
    ("vool", "chefer_et_al"): Approach(SemAbsVOOL, saliency_config="chefer_et_al"),
    ("vool", "clip_spatial"): Approach(ClipSpatialVOOL, sentences=True),
}


@dataclass(frozen=True)
class Size:
    """Sizes of a network; the names are the command's options.

    Attributes:
        voxels: along each axis of the volume.
        maps: channels of the U-Net's first level.
        levels: of the U-Net.
        channels: that enter and leave the U-Net.
        groups: of each group normalisation.
        hidden: width of the point network.
        pointing: width of the space in which relations are pointed at.
        points: of a view that are read in one pass.
    """

    voxels: int = 32
    maps: int = 16
    levels: int = 4
    channels: int = 16
    groups: int = 8
    hidden: int = 32
    pointing: int = 64
    points: int = 8000


def get_approach(task: str, name: str) -> Approach:
    """The approach called `name` for a task; an `InputError` names those there are."""
    if (task, name) not in APPROACHES:
        known = ", ".join(a for t, a in APPROACHES if t == task) or "ovssc or vool as the task"
        raise InputError(f"there is no such approach ({task})", got=name, do=f"Choose: {known}.")
    return APPROACHES[task, name]


def network_config(approach: Approach, size: Size, text_dim: int | None) -> NetworkConfig:
    """The configuration of an approach's network.

    Raises:
        WeightsError: no network has such sizes.
    """
    sizes = {
        "voxel_shape": [size.voxels] * 3,
        "unet_num_channels": size.channels,
        "unet_f_maps": size.maps,
        "unet_num_levels": size.levels,
        "unet_num_groups": size.groups,
        "pts_feat_extractor_hidden_dim": size.hidden,
        "pointing_dim": size.pointing,
        "num_input_pts": size.points,
        "network_inputs": ["rgb" if approach.colour else "saliency"],
        "saliency_config": approach.saliency_config,
        **({"text_feature_dim": text_dim} if text_dim else {}),
        "normalised_relevancy": not approach.colour,
    }
    return NetworkConfig.from_args(sizes, "the sizes")
