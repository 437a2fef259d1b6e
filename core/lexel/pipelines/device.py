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

    # Full single precision: the published numbers were made with it, TF32 is 1e-3 off.
    torch.backends.cudnn.allow_tf32 = False
    if name == AUTO:
        return "cuda" if torch.cuda.is_available() else "cpu"
    kind, _, index = name.partition(":")
    gpus = {str(number) for number in range(torch.cuda.device_count())}
    if name == "cpu" or (kind == "cuda" and (index or "0") in gpus):
        return name
    raise InputError(
        "this device cannot be used",
        where="--device",
        got=name,
        do="Choose cpu, cuda or cuda:N, or leave the choice to auto.",
    )
