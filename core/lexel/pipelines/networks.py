"""Which 3D network answers, and where its weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from lexel.completion.checkpoints import (
    Network,
    OvsscNetwork,
    VoolNetwork,
    network_from_tensors,
    untrained_network,
)
from lexel.completion.config import NetworkConfig
from lexel.completion.embedded import embedded_network
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
)
from lexel.encoders.weights import find_checkpoint, load_tensors, read_stored
from lexel.encoders.weights.catalogue import SEMABS_NETWORKS, UNTRAINED
from lexel.encoders.weights.embedded import EMBEDDED, package_network
from lexel.encoders.weights.local import ARGS_NAME
from lexel.errors import InputError, WeightsError
from lexel.io.hashing import sha256_of
from lexel.io.pickles import load_namespace

_OWN_SUFFIX = ".safetensors"  # what `lexel train` writes
DEFAULT_APPROACH = "ours"

_KINDS: dict[str, type[Network]] = {
    kind.__name__: kind
    for kind in (SemAbs3D, SemAbsVOOL, SemanticAwareOVSSC, SemanticAwareVOOL, ClipSpatialVOOL)
}
# What a training other than `ours` changed in the configuration.
_CONFIGS = {
    "chefer_et_al": NetworkConfig(saliency_config="chefer_et_al"),
    "semaware": NetworkConfig(network_inputs=("rgb",)),
}


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
        weights: None for published weights in the cache, `untrained`, `embedded` (the package's
            own), the .safetensors file of `lexel train`, or a published checkpoint's path.
        approach: which published training: ours, semaware, chefer_et_al. Of a path it only says
            where to look in an unpacked `models` folder; what the network is, the file tells.
        device: where it runs.
        seed: of untrained weights.

    Raises:
        InputError: there is no such approach.
        WeightsError: there are no weights, they are damaged, or they are for localisation.
    """
    network, identity = _load("ovssc", weights, approach, seed)
    if not isinstance(network, SemAbs3D | SemanticAwareOVSSC):
        raise _other_task(network, weights, "completion")
    return LoadedNetwork(network.to(device), identity)


def load_vool(
    weights: str | None = None,
    approach: str = DEFAULT_APPROACH,
    *,
    device: str = "cpu",
    seed: int = 0,
) -> LoadedNetwork[VoolNetwork]:
    """The localisation network; as `load_ovssc`, and `approach` may be clipspatial."""
    network, identity = _load("vool", weights, approach, seed)
    if not isinstance(network, SemAbsVOOL | SemanticAwareVOOL | ClipSpatialVOOL):
        raise _other_task(network, weights, "localisation")
    return LoadedNetwork(network.to(device), identity)


def _load(
    task: str, weights: str | None, approach: str, seed: int
) -> tuple[Network, dict[str, Any]]:
    _check_approach(approach, task)
    if weights == UNTRAINED:
        kind = _KINDS[SEMABS_NETWORKS[approach, task]]
        network = untrained_network(kind, seed, _CONFIGS.get(approach))
        return network, _identity(network, UNTRAINED, "", approach)
    if weights == EMBEDDED or Path(weights or "").suffix == _OWN_SUFFIX:
        return _load_own(package_network(task) if weights == EMBEDDED else Path(weights or ""))
    file = find_checkpoint(approach, task, weights)
    args_file = file.with_name(ARGS_NAME)
    args, tensors = load_namespace(args_file, error=WeightsError), load_tensors(file)
    _checked_sha256(args_file)
    sha256 = _checked_sha256(file)
    network = network_from_tensors(tensors, args, file)
    told = approach if weights is None else _approach_told(args)
    return network, _identity(network, file.name, sha256, told)


def _load_own(file: Path) -> tuple[Network, dict[str, Any]]:
    """A network of `lexel train`."""
    loaded = embedded_network(file)
    identity = _identity(loaded.network, file.name, sha256_of(file), loaded.approach)
    return loaded.network, identity


def _check_approach(approach: str, task: str) -> None:
    known = [a for a, of in SEMABS_NETWORKS if of == task]
    if approach not in known:
        raise InputError(
            f"there is no such approach ({task})",
            got=approach,
            do=f"Choose one of: {', '.join(known)}.",
        )


def _checked_sha256(file: Path) -> str:
    """The file's sha256; a `WeightsError` when it was fetched with another."""
    digest = sha256_of(file)
    stored = read_stored(file)
    if stored is not None:
        stored.require_sha256(digest)
    return digest


def _approach_told(args: Mapping[str, Any]) -> str | None:
    """The approach a checkpoint's arguments name, if it is one of the published."""
    told = args.get("approach")
    return told if told in [approach for approach, _ in SEMABS_NETWORKS] else None


def _other_task(network: Network, weights: str | None, task: str) -> WeightsError:
    return WeightsError(
        f"this is not a network for {task}",
        where=weights,
        got=type(network).__name__,
        do="Give the checkpoint of the other task.",
    )


def _identity(network: Network, weights: str, sha256: str, approach: str | None) -> dict[str, Any]:
    """What results say of the network: names and checksums, no paths of this computer."""
    return {
        "class": type(network).__name__,
        "approach": approach,
        "weights": weights,
        "sha256": sha256,
    }
