"""Which processor runs the networks."""

from __future__ import annotations

from lexel.errors import InputError

AUTO = "auto"


def pick_device(name: str) -> str:
    """`auto` becomes the first NVIDIA GPU, else the CPU; other names are checked.

    Raises:
        InputError: there is no such device here.
    """
    import torch

    if name == AUTO:
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=name)
    except (RuntimeError, AssertionError) as cause:
        raise InputError(
            "this device cannot be used", got=name, do="Choose cpu, or leave the choice to auto."
        ) from cause
    return name
