"""Which 3D network answers, and where its weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from lexel.completion.checkpoints import (
    Network,
    OvsscNetwork,
    VoolNetwork,
    network_from_tensors,
    untrained_network,
)
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.encoders.weights import checkpoint_file, find_checkpoint, load_tensors
from lexel.errors import WeightsError
from lexel.io.hashing import sha256_of
from lexel.io.pickles import load_namespace

UNTRAINED = "untrained"
EMBEDDED = "embedded"
DEFAULT_APPROACH = "ours"


Kind = TypeVar("Kind", bound=Network)


@dataclass(frozen=True, eq=False)
class LoadedNetwork(Generic[Kind]):
    """A network ready to answer, and what to write down about it."""

    network: Kind
    identity: Mapping[str, Any]

    @property
    def untrained(self) -> bool:
        return bool(self.identity["weights"] == UNTRAINED)


def load_ovssc(
    weights: str | None = None,
    approach: str = DEFAULT_APPROACH,
    *,
    device: str = "cpu",
    seed: int = 0,
) -> LoadedNetwork[OvsscNetwork]:
    """The completion network.

    Args:
        weights: None for published weights in the cache, `untrained`, or a checkpoint's path.
        approach: which published training: ours, semaware, chefer_et_al.
        device: where it runs.
        seed: of untrained weights.

    Raises:
        WeightsError: there are none, they are damaged, or they are for localisation.
    """
    network, identity = _load(SemAbs3D, "ovssc", weights, approach, seed)
    if not isinstance(network, SemAbs3D | SemanticAwareOVSSC):
        raise _other_task(network, identity, "completion")
    return LoadedNetwork(network.to(device), identity)


def load_vool(
    weights: str | None = None,
    approach: str = DEFAULT_APPROACH,
    *,
    device: str = "cpu",
    seed: int = 0,
) -> LoadedNetwork[VoolNetwork]:
    """The localisation network; as `load_ovssc`, and `approach` may be clipspatial."""
    network, identity = _load(SemAbsVOOL, "vool", weights, approach, seed)
    if not isinstance(network, SemAbsVOOL | SemanticAwareVOOL | ClipSpatialVOOL):
        raise _other_task(network, identity, "localisation")
    return LoadedNetwork(network.to(device), identity)


def _load(
    untrained: type[Network], task: str, weights: str | None, approach: str, seed: int
) -> tuple[Network, dict[str, Any]]:
    if weights == UNTRAINED:
        network = untrained_network(untrained, seed)
        return network, _identity(network, UNTRAINED, "", approach)
    if weights == EMBEDDED:
        raise WeightsError(
            "this version carries no embedded weights yet",
            do=f"Get the published ones: lexel weights get semabs/{approach}/{task}",
        )
    folder = find_checkpoint(approach, task, weights)
    file = checkpoint_file(folder, task)
    args = load_namespace(folder / "args.pkl", error=WeightsError)
    network = network_from_tensors(load_tensors(file), args, file)
    return network, _identity(network, str(file), sha256_of(file), approach)


def _other_task(network: Network, identity: Mapping[str, Any], task: str) -> WeightsError:
    return WeightsError(
        f"this is not a network for {task}",
        where=identity["weights"],
        got=type(network).__name__,
        do="Give the checkpoint of the other task.",
    )


def _identity(network: Network, weights: str, sha256: str, approach: str) -> dict[str, Any]:
    return {
        "class": type(network).__name__,
        "approach": approach,
        "weights": weights,
        "sha256": sha256,
    }
