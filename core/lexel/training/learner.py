"""A network that learns: its optimiser, its data, and one step after the other.

Source: Ha & Song, "Semantic Abstraction" (CoRL 2022), training recipe: LAMB, cosine schedule with
warm-up, gradients clipped to a norm of 2, binary cross-entropy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.completion.networks import CompletionNetwork
from lexel.errors import InputError
from lexel.io.room_views import RoomView
from lexel.pipelines.room_questions import answer
from lexel.training.approaches import Approach, network_config
from lexel.training.data import text_dim
from lexel.training.lamb import Lamb
from lexel.training.losses import binary_cross_entropy
from lexel.training.parallel import Group
from lexel.training.plan import Plan
from lexel.training.samples import TrainingSample, make_sample
from lexel.training.schedule import learning_rate, tune_for_training

_CLIP_NORM = 2.0
_ORDER, _VALIDATION, _SAMPLE = range(3)  # streams of random numbers


class Learner:
    """A network, its optimiser and its data.

    Args:
        plan, approach: what to train.
        views: to draw samples from.
        device: where it runs.
        group: the processes that share each step.
    """

    def __init__(
        self,
        plan: Plan,
        approach: Approach,
        views: Sequence[RoomView],
        device: torch.device,
        group: Group,
    ) -> None:
        self.plan, self.views, self.device, self.group = plan, views, device, group
        dim = text_dim(plan, views) if approach.colour else None
        self.kind = approach.kind
        self.network = new_network(plan, approach, dim).to(device)
        trunk = getattr(self.network, "completion_net", self.network)
        assert isinstance(trunk, CompletionNetwork)
        tune_for_training(trunk.vol_feature_extractor, plan.precision, device)
        self.parameters = list(self.network.parameters())
        self.optimiser = Lamb(self.parameters, lr=plan.lr, weight_decay=plan.weight_decay)

    def step(self, step: int) -> tuple[float, float]:
        """One step of the optimiser: loss, and norm of the gradient before clipping."""
        self.network.train()
        self.optimiser.zero_grad(set_to_none=True)
        total = 0.0
        for place in self.group.share(self.plan.batch):
            loss = self.loss(self.sample(step, place))
            (loss / self.plan.batch).backward()
            total += loss.item()
        self.group.sum_gradients(self.parameters)
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, _CLIP_NORM)
        if not torch.isfinite(norm):
            raise InputError(
                "the training diverged", where=f"step {step}", got=float(norm), do="Lower --lr."
            )
        for settings in self.optimiser.param_groups:
            settings["lr"] = self.rate(step)
        self.optimiser.step()
        self.network.steps += 1
        mean = self.group.mean(total / self.plan.batch * self.group.size, self.device)
        return mean, float(norm)

    def sample(self, step: int, place: int) -> TrainingSample:
        """The sample at a place of a step's batch: every view once an epoch, in random order."""
        number = step * self.plan.batch + place
        epoch, at = divmod(number, len(self.views))
        order = np.random.default_rng([self.plan.seed, _ORDER, epoch]).permutation(len(self.views))
        rng = np.random.default_rng([self.plan.seed, _SAMPLE, number])
        view = self.views[int(order[at])]
        return make_sample(self.kind, view, self.plan.relevancies, self.plan.recipe, rng)

    def loss(self, sample: TrainingSample) -> Tensor:
        """Binary cross-entropy of one sample."""
        queries, label = sample.queries.to(self.device), sample.label.to(self.device)
        logits = answer(self.network, [sample.inputs.to(self.device)], queries[None])
        return binary_cross_entropy(logits[0], label)

    @torch.no_grad()
    def validate(self, views: Sequence[RoomView]) -> float:
        """Mean loss over views, without augmentation and always at the same positions."""
        self.network.eval()
        recipe = replace(self.plan.recipe, augmentation=None)
        losses = []
        for number, view in enumerate(views):
            rng = np.random.default_rng([self.plan.seed, _VALIDATION, number])
            sample = make_sample(self.kind, view, self.plan.relevancies, recipe, rng)
            losses.append(self.loss(sample).item())
        return float(np.mean(losses))

    def rate(self, step: int) -> float:
        """Learning rate of a step."""
        return learning_rate(step, self.plan.lr, self.plan.warm_up, self.plan.steps)


def new_network(plan: Plan, approach: Approach, text_dim: int | None) -> Network:
    """The network before its first step: the same one for the same seed."""
    config = network_config(approach, plan.size, text_dim)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(plan.seed)
        return approach.kind(config)
