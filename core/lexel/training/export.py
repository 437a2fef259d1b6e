"""Finished weights: half precision, with all that is needed to build the network again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from lexel.completion.checkpoints import Network
from lexel.completion.embedded import metadata_of
from lexel.io.atomic import replacing_file


def export_network(
    network: Network, file: Path, task: str, approach: str, trained: Mapping[str, Any]
) -> None:
    """Write the weights as float16; `completion.embedded.embedded_network` reads them.

    Args:
        network: of any kind.
        file: a .safetensors file, replaced at once.
        task, approach: what it was trained as.
        trained: how, as JSON-able values.
    """
    tensors = {
        key: tensor.detach().cpu().to(torch.float16).contiguous()
        for key, tensor in network.state_dict().items()
        if key.rpartition(".")[2] != "steps"
    }
    metadata = metadata_of(type(network).__name__, asdict(network.config), task, approach, trained)
    with replacing_file(file) as temporary:
        save_file(tensors, temporary, metadata)
