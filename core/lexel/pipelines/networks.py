"""Which 3D network answers, and where its weights come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lexel.completion.checkpoints import Network, network_from_tensors, untrained_network
from lexel.completion.networks import LocalisationNetwork, SemAbs3D, SemAbsVOOL
from lexel.encoders.weights import checkpoint_file, find_checkpoint, load_tensors
from lexel.errors import WeightsError
from lexel.io.hashing import file_facts
from lexel.io.pickles import load_namespace

UNTRAINED = "untrained"
EMBEDDED = "embedded"
OVSSC, VOOL = "ovssc", "vool"
DEFAULT_APPROACH = "ours"


@dataclass(frozen=True, eq=False)
class LoadedNetwork:
    """A network ready to answer, and what to write down about it."""

    network: Network
    identity: Mapping[str, Any]

    @property
    def untrained(self) -> bool:
        return self.identity["weights"] == UNTRAINED


def load_network(
    task: str,
    weights: str | None = None,
    *,
    approach: str = DEFAULT_APPROACH,
    device: str = "cpu",
    seed: int = 0,
) -> LoadedNetwork:
    """The network for `ovssc` or `vool`.

    Args:
        task: what it is to do.
        weights: None for published weights in the cache, `untrained`, or a checkpoint's path.
        approach: which published training: ours, semaware, chefer_et_al, clipspatial.
        device: where it runs.
        seed: of untrained weights.

    Raises:
        WeightsError: there are none, they are damaged, or they are for the other task.
    """
    if weights == UNTRAINED:
        kind: type[Network] = SemAbs3D if task == OVSSC else SemAbsVOOL
        network = untrained_network(kind, seed)
        return LoadedNetwork(network.to(device), _identity(network, UNTRAINED, "", approach))
    if weights == EMBEDDED:
        raise WeightsError(
            "this version carries no embedded weights yet",
            do=f"Get the published ones: lexel weights get semabs/{approach}/{task}",
        )
    folder = find_checkpoint(approach, task, weights)
    file = checkpoint_file(folder, task)
    args = load_namespace(folder / "args.pkl", error=WeightsError)
    network = network_from_tensors(load_tensors(file), args, file)
    if isinstance(network, LocalisationNetwork) is not (task == VOOL):
        raise WeightsError(
            f"this is not a network for {task}",
            where=file,
            got=type(network).__name__,
            do="Give the checkpoint of the other task.",
        )
    return LoadedNetwork(network.to(device), _identity(network, str(file), file_facts(file)["sha256"], approach))


def _identity(network: Network, weights: str, sha256: str, approach: str) -> dict[str, Any]:
    return {
        "class": type(network).__name__,
        "approach": approach,
        "weights": weights,
        "sha256": sha256,
    }
