"""OVSSC: one RGB-D view and labels in, what fills the room out."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from lexel.completion.checkpoints import OvsscNetwork
from lexel.completion.networks import SemAbs3D
from lexel.completion.ovssc import (
    DEFAULT_CUTOFF,
    Completer,
    Completion,
    best_labels,
    complete_labels,
)
from lexel.completion.reference import PublishedSchedule
from lexel.completion.region import answerable
from lexel.completion.surface import surface
from lexel.encoders.clip import ClipEncoder
from lexel.errors import InputError, LabelError
from lexel.pipelines.evidence import check_fit, evidence_for
from lexel.pipelines.networks import LoadedNetwork
from lexel.pipelines.relevancy import Relevancies, read_relevancies
from lexel.pipelines.settings import Settings
from lexel.pipelines.view import BoxedView, assemble_answer, box_view, describe_run
from lexel.progress import Progress, Silent, track
from lexel.scene import Answer, AnswerKind, Colour, Found, Scene
from lexel.scene.palette import label_colours


def complete(
    scene: Scene,
    encoder: ClipEncoder,
    network: LoadedNetwork[OvsscNetwork],
    settings: Settings | None = None,
    *,
    cutoff: float | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What fills each place of the scene, among its labels.

    Args:
        scene: with at least one label.
        encoder, network: who reads and who answers.
        settings: how.
        cutoff: a place whose logits are all below stays empty; None: the network's own.
        progress: told of every step; may cancel between labels.

    Raises:
        LabelError: the scene has no labels.
        EncoderError, WeightsError: encoder, network and settings do not fit together.
        SceneError: the view has no point in the networks' box.
    """
    if not scene.labels:
        raise no_labels(scene)
    if cutoff is None:
        cutoff = _usual_cutoff(network.network)
    if not math.isfinite(cutoff):
        raise InputError("the cutoff must be a number", where="--cutoff", got=cutoff)
    settings, progress = settings or Settings(), progress or Silent()
    settings = settings.trained_on(network.network.config.saliency_config)
    check_fit(encoder, network.network, settings)
    boxed = box_view(scene, network.network, settings)
    phrases = list(scene.labels)
    if settings.reference:  # the published mean runs over everything the scene names
        phrases += [p for d in scene.descriptions for p in (d.target, d.reference)]
    relevancies = read_relevancies(encoder, scene.view.rgb, phrases, settings, progress)
    wanted = torch.from_numpy(answerable(boxed.view, boxed.grid, reference=settings.reference))
    completion = _ask(boxed, network.network, relevancies, wanted, settings, cutoff, progress)
    found = _found(boxed, wanted, completion, progress)
    provenance = describe_run(relevancies, network, settings, cutoff=cutoff)
    return assemble_answer(AnswerKind.COMPLETION, boxed, found, relevancies, provenance)


def _usual_cutoff(network: OvsscNetwork) -> float:
    own = network.config.cutoff
    return DEFAULT_CUTOFF if own is None else own


def no_labels(scene: Scene) -> LabelError:
    """What to say of a scene without labels."""
    return LabelError(
        "there are no labels to complete", where=scene.name, do='Give some: --labels "a; b".'
    )


def _ask(
    boxed: BoxedView,
    network: OvsscNetwork,
    relevancies: Relevancies,
    wanted: Tensor,
    settings: Settings,
    cutoff: float,
    progress: Progress,
) -> Completion:
    evidence = evidence_for(network, relevancies, relevancies.text, boxed.cloud.xyz.device)
    labels = boxed.scene.labels
    if settings.reference and isinstance(network, SemAbs3D):
        random = np.random.RandomState(settings.seed)
        schedule = PublishedSchedule(boxed.cloud, boxed.grid, random, progress=progress)
        asked = (
            schedule.complete(network, evidence(label).relevancy).cpu()[wanted.view(-1)]
            for label in labels
        )
        return best_labels(asked, int(wanted.sum()), cutoff)
    completer = Completer(network, boxed.cloud, boxed.grid, wanted)
    return complete_labels(completer, labels, evidence, cutoff=cutoff, progress=progress)


def _found(
    boxed: BoxedView, wanted: Tensor, completion: Completion, progress: Progress
) -> list[Found]:
    places = np.flatnonzero(wanted.numpy())
    label, logit = completion.label.numpy(), completion.logit.numpy()
    labels = boxed.scene.labels
    colours = label_colours(len(labels))
    return [
        _found_label(boxed, text, colours[i], places[label == i], logit[label == i])
        for i, text in enumerate(track(labels, "meshing", progress))
    ]


def _found_label(
    boxed: BoxedView, text: str, colour: Colour, places: np.ndarray, logit: np.ndarray
) -> Found:
    mesh = None
    if len(places):
        occupied = np.zeros(boxed.grid.shape, bool)
        occupied.flat[places] = True
        mesh = boxed.mesh_in_world(surface(occupied, boxed.grid))
    return Found(text, colour, boxed.places_in_world(places), logit, mesh)
