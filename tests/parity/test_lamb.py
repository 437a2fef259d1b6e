"""LAMB against four steps of the published optimiser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from lexel.training.lamb import Lamb


def test_steps_match_the_published_ones(golden: Path) -> None:
    with np.load(golden / "lamb.npz", allow_pickle=False) as file:
        expected = dict(file)
    starts = [torch.from_numpy(expected[name]) for name in ("w0", "z0")]
    parameters = [torch.nn.Parameter(start.clone()) for start in starts]
    optimiser = Lamb(parameters, lr=float(expected["lr"]), weight_decay=float(expected["wd"]))

    for gradient, after in zip(expected["grads"], expected["params_after"], strict=True):
        pieces = torch.from_numpy(gradient).split([p.numel() for p in parameters])
        for parameter, piece in zip(parameters, pieces, strict=True):
            parameter.grad = piece.reshape(parameter.shape).clone()
        optimiser.step()
        got = torch.cat([p.detach().flatten() for p in parameters]).numpy()
        assert got == pytest.approx(after, abs=1e-6, rel=0)
