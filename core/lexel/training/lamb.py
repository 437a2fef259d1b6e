"""LAMB: Adam whose step is rescaled, tensor by tensor, to the size of the weights it moves.

Source: You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes"
(ICLR 2020), Algorithm 2, in the variant the published networks were trained with: moments are not
bias-corrected, and the norm of the weights is capped at 10.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

import torch
from torch import Tensor
from torch.optim.optimizer import Optimizer, ParamsT

from lexel.errors import LexelError

MAX_WEIGHT_NORM = 10.0


class Lamb(Optimizer):
    """The optimiser; one trust ratio per parameter tensor.

    Args:
        params: tensors or parameter groups, as for every torch optimiser.
        lr: learning rate.
        betas: decay of the running means of the gradient and of its square.
        eps: added to the root of the second moment.
        weight_decay: pull towards zero, added to the step before it is rescaled.
    """

    def __init__(
        self,
        params: ParamsT,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        _require(lr >= 0, "lr", lr, "at least 0")
        _require(all(0 <= beta < 1 for beta in betas), "betas", betas, "in [0, 1)")
        _require(eps > 0, "eps", eps, "above 0")
        _require(weight_decay >= 0, "weight_decay", weight_decay, "at least 0")
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...
    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Move every parameter that has a gradient; `closure` recomputes and returns the loss."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            for weights in group["params"]:
                if weights.grad is not None:
                    self._move(weights, weights.grad, group)
        return loss

    def _move(self, weights: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        direction = self._direction(weights, gradient, group)
        weights.sub_(group["lr"] * trust_ratio(weights, direction) * direction)

    def _direction(self, weights: Tensor, gradient: Tensor, group: dict[str, Any]) -> Tensor:
        """Adam's step without bias correction, plus weight decay."""
        if gradient.is_sparse:
            raise LexelError("LAMB cannot use sparse gradients", do="Use torch's SparseAdam")
        beta1, beta2 = group["betas"]
        state = self.state[weights]
        if not state:
            state["exp_avg"] = torch.zeros_like(weights)
            state["exp_avg_sq"] = torch.zeros_like(weights)
        mean, mean_square = state["exp_avg"], state["exp_avg_sq"]
        mean.mul_(beta1).add_(gradient, alpha=1 - beta1)
        mean_square.mul_(beta2).addcmul_(gradient, gradient, value=1 - beta2)
        direction = mean / mean_square.sqrt().add_(group["eps"])
        return direction.add_(weights, alpha=group["weight_decay"])


def trust_ratio(weights: Tensor, direction: Tensor) -> Tensor:
    """min(|weights|, 10) / |direction|, a scalar; 1 where either norm is 0."""
    weight_norm = weights.norm().clamp(max=MAX_WEIGHT_NORM)
    direction_norm = direction.norm()
    usable = (weight_norm > 0) & (direction_norm > 0)
    return torch.where(usable, weight_norm / direction_norm, torch.ones_like(weight_norm))


def _require(condition: bool, name: str, got: object, allowed: str) -> None:
    if not condition:
        raise LexelError(f"{name} must be {allowed}", where="Lamb", got=got)
