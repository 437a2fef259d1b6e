"""Questions about a dataset's view, put to any of the five networks.

Letters in shapes: B views, P questions of a view, N points, Q positions, F per-point inputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lexel.completion.checkpoints import Network
from lexel.completion.networks import (
    ClipSpatialVOOL,
    SemAbs3D,
    SemAbsVOOL,
    SemanticAwareOVSSC,
    SemanticAwareVOOL,
    cosine_logits,
)
from lexel.io.room_views import RoomDescription, RoomView
from lexel.pipelines.room_inputs import colour_at, relevancy_at, text_of

Question = str | RoomDescription  # a label to complete, or a description to locate


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a network reads to answer P questions about one view.

    Attributes:
        xyz: [N, 3] float32, points in the box.
        values: one or two of [P, N, F] (relevancy), or [1, N, 3] (colour, the same for all).
        text: none, one or two of [P, D].
        relations: P names; none for labels.
    """

    xyz: Tensor
    values: tuple[Tensor, ...]
    text: tuple[Tensor, ...] = ()
    relations: tuple[str, ...] = ()

    def to(self, device: torch.device) -> Inputs:
        return Inputs(
            self.xyz.to(device),
            tuple(v.to(device) for v in self.values),
            tuple(t.to(device) for t in self.text),
            self.relations,
        )


def questions_of(view: RoomView, task: str) -> list[Question]:
    """All that can be asked about a view.

    For `ovssc` the labels of visible objects in the box, each once; for `vool` the descriptions
    of objects in the box, seen or not.
    """
    if task == "vool":
        inside = {o.id for o in view.objects if o.cells}
        return [d for d in view.descriptions if d.target in inside]
    return list(dict.fromkeys(o.label for o in view.objects if o.pixels and o.cells))


def true_cells(
    view: RoomView, question: Question, truth: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """The cells of `truth` that answer: every object of the label, or the description's target."""
    answers = np.zeros(256, bool)
    if isinstance(question, RoomDescription):
        answers[question.target] = True
    else:
        answers[[o.id for o in view.objects if o.label == question]] = True
    return answers[truth]


def read_inputs(
    kind: type[Network],
    view: RoomView,
    source: str,
    questions: Sequence[Question],
    xyz: npt.NDArray[np.float32],
    pixel: npt.NDArray[np.int64],
) -> Inputs:
    """What a network of this kind reads at points [N, 3] that were seen in pixels [N].

    `source` names the relevancies, and the text features that come with them.

    Raises:
        InputError: a relevancy, or the colour, is missing.
    """
    points = torch.from_numpy(xyz)
    told = [q for q in questions if isinstance(q, RoomDescription)]
    relations = tuple(d.relation for d in told)
    names = [[d.target_label for d in told], [d.reference_label for d in told]]
    if kind is SemanticAwareOVSSC:
        labels = [q for q in questions if isinstance(q, str)]
        text = text_of(view, source, labels)
        return Inputs(points, (colour_at(view, pixel)[None],), (text,))
    if kind is SemanticAwareVOOL:
        texts = tuple(text_of(view, source, each) for each in names)
        return Inputs(points, (colour_at(view, pixel)[None],), texts, relations)
    if kind is SemAbsVOOL:
        maps = tuple(relevancy_at(view, source, each, pixel) for each in names)
        return Inputs(points, maps, relations=relations)
    phrases = [q if isinstance(q, str) else q.sentence for q in questions]
    return Inputs(points, (relevancy_at(view, source, phrases, pixel),), relations=relations)


def answer(network: Network, batch: Sequence[Inputs], queries: Tensor) -> Tensor:
    """Logits [B, P, Q] at positions [B, P, Q, 3]."""
    xyz = torch.stack([i.xyz for i in batch])
    values = [torch.stack(parts) for parts in zip(*(i.values for i in batch), strict=True)]
    text = [torch.stack(parts) for parts in zip(*(i.text for i in batch), strict=True)]
    relations = [i.relations for i in batch]
    if isinstance(network, SemAbs3D | ClipSpatialVOOL):
        return network(xyz, values[0], queries)
    if isinstance(network, SemAbsVOOL):
        return network(xyz, *values, relations, queries)
    # Colour gives one volume for all questions: it is made once, then asked P times.
    flat = queries.flatten(1, 2)[:, None]
    if isinstance(network, SemanticAwareOVSSC):
        sampled = network.sample(xyz, values[0], flat)[:, 0].unflatten(1, queries.shape[1:3])
        return cosine_logits(sampled, text[0])
    assert isinstance(network, SemanticAwareVOOL)
    query = network.mlp(torch.cat([*text, network.relations(relations)], -1))
    sampled = network.completion_net.sample(xyz, values[0], flat)
    return cosine_logits(sampled[:, 0].unflatten(1, queries.shape[1:3]), query)
