"""Several processes that train one network: `torchrun` starts them, each takes its share.

Gradients are summed, not wrapped: networks are called through several methods, and a parameter
that no process used must stay without a gradient.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn


@dataclass(frozen=True)
class Group:
    """The processes: this one is `rank` of `size`."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """True in the one process that writes files and talks."""
        return self.rank == 0

    def share(self, count: int) -> range:
        """Which of `count` places in a batch are this process's own."""
        return range(self.rank, count, self.size)

    def sum_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace every gradient by its sum over all processes; None where all have none."""
        if self.size == 1:
            return
        used = [float(p.grad is not None) for p in parameters]
        grads = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        device = parameters[0].device
        flat = torch.cat([torch.tensor(used, device=device), *(g.flatten() for g in grads)])
        dist.all_reduce(flat)
        used_by, rest = flat[: len(used)], flat[len(used) :]
        parts = rest.split([p.numel() for p in parameters])
        for parameter, part, count in zip(parameters, parts, used_by.tolist(), strict=True):
            parameter.grad = part.view_as(parameter).clone() if count else None

    def mean(self, value: float, device: torch.device) -> float:
        """The mean over processes."""
        if self.size == 1:
            return value
        total = torch.tensor(value, dtype=torch.float64, device=device)
        dist.all_reduce(total)
        return float(total) / self.size

    def copy_from_leader(self, tensors: Sequence[Tensor]) -> None:
        """Overwrite tensors by the leader's."""
        if self.size > 1:
            for tensor in tensors:
                dist.broadcast(tensor, 0)

    def wait(self) -> None:
        """Until every process is here."""
        if self.size > 1:
            dist.barrier()


@contextmanager
def joined_group(device: torch.device) -> Iterator[Group]:
    """The group that `torchrun` tells of in the environment; this process alone without it."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield Group()
        return
    dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Group(dist.get_rank(), dist.get_world_size())
    finally:
        dist.destroy_process_group()


def local_device(name: str) -> torch.device:
    """`cuda` as this process's own GPU under `torchrun`; other names as they are."""
    if name == "cuda" and "LOCAL_RANK" in os.environ:
        return torch.device("cuda", int(os.environ["LOCAL_RANK"]))
    return torch.device(name)
