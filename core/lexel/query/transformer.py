"""The layers of a text tower in numpy. Letters: B texts, T tokens, W width, H heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.query.activations import softmax
from lexel.scene.field import Floats


@dataclass(frozen=True, eq=False)
class Norm:
    weight: Floats
    bias: Floats
    eps: float

    def __call__(self, x: Floats) -> Floats:
        """Layer normalisation over the last axis."""
        centred = x - x.mean(-1, keepdims=True)
        variance = np.einsum("...w,...w->...", centred, centred) / x.shape[-1]
        centred /= np.sqrt(variance + np.float32(self.eps))[..., None]
        centred *= self.weight
        centred += self.bias
        return centred


@dataclass(frozen=True, eq=False)
class Linear:
    weight: Floats  # [out, in]
    bias: Floats

    def __call__(self, x: Floats) -> Floats:
        flat = x.reshape(-1, x.shape[-1]) @ self.weight.T  # one product, not one per text
        flat += self.bias
        return flat.reshape(*x.shape[:-1], -1)


@dataclass(frozen=True, eq=False)
class Block:
    """One residual block: attention, then two layers with an activation between."""

    norm_1: Norm
    query_key_value: Linear
    out: Linear
    norm_2: Norm
    expand: Linear
    contract: Linear
    num_heads: int
    activation: Callable[[Floats], Floats]

    def __call__(self, x: Floats, *, only_last: bool = False) -> Floats:
        """[B, T, W] to the same, or to the last token's [B, 1, W]."""
        attended = self._attend(self.norm_1(x), only_last)
        x = (x[:, -1:] if only_last else x) + self.out(attended)
        return x + self.contract(self.activation(self.expand(self.norm_2(x))))

    def _attend(self, x: Floats, only_last: bool) -> Floats:
        batch, tokens, width = x.shape
        parts = self.query_key_value(x).reshape(batch, tokens, 3, self.num_heads, -1)
        q, k, v = parts.transpose(2, 0, 3, 1, 4)  # each [B, H, T, W / H]
        q = q[:, :, -1:] if only_last else q
        scores = q @ k.swapaxes(-1, -2)
        scores *= np.float32(q.shape[-1] ** -0.5)
        if not only_last:
            scores += np.triu(np.full((tokens, tokens), -np.inf, np.float32), 1)
        return (softmax(scores) @ v).swapaxes(1, 2).reshape(batch, -1, width)


@dataclass(frozen=True, eq=False)
class Layers:
    """Builds layers from tensors by open_clip's names, widened to float32."""

    tensors: Mapping[str, npt.NDArray[Any]]
    eps: float

    def array(self, name: str) -> Floats:
        return np.asarray(self.tensors[name], np.float32)

    def norm(self, name: str) -> Norm:
        return Norm(self.array(f"{name}.weight"), self.array(f"{name}.bias"), self.eps)

    def linear(self, name: str, mark: str = ".") -> Linear:
        return Linear(self.array(f"{name}{mark}weight"), self.array(f"{name}{mark}bias"))

    def block(self, name: str, num_heads: int, activation: Callable[[Floats], Floats]) -> Block:
        return Block(
            self.norm(f"{name}.ln_1"),
            self.linear(f"{name}.attn.in_proj", mark="_"),
            self.linear(f"{name}.attn.out_proj"),
            self.norm(f"{name}.ln_2"),
            self.linear(f"{name}.mlp.c_fc"),
            self.linear(f"{name}.mlp.c_proj"),
            num_heads,
            activation,
        )
