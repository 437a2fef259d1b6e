"""From published tensors to a network, strictly; and untrained networks of the same kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from lexel.completion.config import NetworkConfig
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.errors import WeightsError

OvsscNetwork = SemAbs3D | SemanticAwareOVSSC
VoolNetwork = SemAbsVOOL | SemanticAwareVOOL | ClipSpatialVOOL
Network = OvsscNetwork | VoolNetwork

_MISMATCHES_SHOWN = 3


def network_from_tensors(
    tensors: Mapping[str, Tensor], args: Mapping[str, Any], where: object
) -> Network:
    """The network a published checkpoint holds; which of the five, its own keys tell.

    Args:
        tensors: by name, with or without the prefix that distributed training leaves.
        args: `args.pkl` as a plain dict.
        where: for messages.

    Raises:
        WeightsError: a tensor is missing, too many, or of another shape than `args` say.
    """
    state = {key.removeprefix("module."): tensor for key, tensor in tensors.items()}
    config = NetworkConfig.from_args(args, where)
    network = _without_memory(_network_class(state, where), config, where)
    wanted = network.state_dict()
    _check_fit(wanted, state, where)
    # Copies: a mapped file would stay open, and could change under the network.
    copies = {
        key: state[key].to(like.dtype, copy=True, memory_format=torch.contiguous_format)
        for key, like in wanted.items()
    }
    network.load_state_dict(copies, assign=True)
    return network.eval().requires_grad_(False)


def untrained_network(
    kind: type[Network], seed: int, config: NetworkConfig | None = None
) -> Network:
    """A network of full size with random weights, the same for the same seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return kind(config or NetworkConfig()).eval().requires_grad_(False)


def _without_memory(kind: type[Network], config: NetworkConfig, where: object) -> Network:
    """The network's shapes alone, however large `config` wants them."""
    try:
        with torch.device("meta"):
            return kind(config)
    except (RuntimeError, ValueError, TypeError, OverflowError) as cause:
        raise WeightsError(
            "no network can be built of these sizes",
            where=where,
            got=cause,
            do="Use the args.pkl that was written with the checkpoint.",
        ) from cause


def _network_class(state: Mapping[str, Tensor], where: object) -> type[Network]:
    if "mlp.weight" in state:
        return SemanticAwareVOOL
    if "relation_embeddings.[pad]" in state:
        return SemAbsVOOL
    if "completion_net.steps" in state:
        return ClipSpatialVOOL
    head = state.get("visual_sampler.mlp.2.weight")
    if head is None:
        raise WeightsError(
            "these are not the weights of a Semantic Abstraction network",
            where=where,
            got=f"keys like {', '.join(list(state)[:2]) or 'none'}",
            do="Give the folder of a published checkpoint, with its .pth and args.pkl.",
        )
    return SemAbs3D if head.shape[0] == 1 else SemanticAwareOVSSC


def _check_fit(wanted: Mapping[str, Tensor], state: Mapping[str, Tensor], where: object) -> None:
    faults = [f"{key} is missing" for key in wanted if key not in state]
    faults += [f"{key} is unknown" for key in state if key not in wanted]
    faults += [
        f"{key} is {tuple(state[key].shape)}, not {tuple(tensor.shape)}"
        for key, tensor in wanted.items()
        if key in state and state[key].shape != tensor.shape
    ]
    if faults:
        more = len(faults) - _MISMATCHES_SHOWN
        raise WeightsError(
            "; ".join(faults[:_MISMATCHES_SHOWN]) + (f"; and {more} more" if more > 0 else ""),
            where=where,
            do="The weights and the args.pkl beside them must come from the same training.",
        )
