"""VOOL: one RGB-D view and descriptions in, where each described thing must be out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import Tensor

from lexel.completion.checkpoints import VoolNetwork
from lexel.completion.networks import SemAbsVOOL, SemanticAwareVOOL
from lexel.completion.reference import PublishedSchedule
from lexel.completion.vool import Localiser, kept, phrases
from lexel.encoders.clip import ClipEncoder
from lexel.errors import LabelError
from lexel.pipelines.evidence import check_fit, evidence_for
from lexel.pipelines.networks import LoadedNetwork
from lexel.pipelines.relevancy import Relevancies, read_relevancies
from lexel.pipelines.settings import Settings
from lexel.pipelines.view import BoxedView, assemble_answer, box_view, describe_run
from lexel.progress import Progress, Silent, track
from lexel.scene import Answer, AnswerKind, Colour, Description, Found, Scene
from lexel.scene.palette import label_colours


def locate(
    scene: Scene,
    encoder: ClipEncoder,
    network: LoadedNetwork[VoolNetwork],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Answer:
    """Where each of the scene's descriptions points, seen or hidden.

    Args:
        scene: with at least one description.
        encoder, network: who reads and who answers.
        settings: how.
        progress: told of every step; may cancel between descriptions.

    Raises:
        LabelError: the scene has no descriptions.
        EncoderError, WeightsError: encoder, network and settings do not fit together.
        SceneError: the view has no point in the networks' box.
    """
    if not scene.descriptions:
        raise no_descriptions(scene)
    settings, progress = settings or Settings(), progress or Silent()
    settings = settings.trained_on(network.network.config.saliency_config)
    check_fit(encoder, network.network, settings)
    boxed = box_view(scene, network.network, settings)
    asked = phrases(network.network, scene.descriptions)
    if settings.reference:  # the published mean runs over everything the scene names
        asked += [label for label in scene.labels if label not in asked]
    relevancies = read_relevancies(encoder, scene.view.rgb, asked, settings, progress)
    ask = _asker(boxed, encoder, network.network, relevancies, settings)
    colours = label_colours(len(scene.descriptions))
    found = [
        _found(boxed, description, colour, ask(description))
        for description, colour in zip(
            track(scene.descriptions, "locating", progress), colours, strict=True
        )
    ]
    provenance = describe_run(relevancies, network, settings)
    return assemble_answer(AnswerKind.LOCALISATION, boxed, found, relevancies, provenance)


def no_descriptions(scene: Scene) -> LabelError:
    """What to say of a scene without descriptions."""
    return LabelError(
        "there is nothing to locate",
        where=scene.name,
        do='Describe something, such as "the mug behind the laptop".',
    )


def _asker(
    boxed: BoxedView,
    encoder: ClipEncoder,
    network: VoolNetwork,
    relevancies: Relevancies,
    settings: Settings,
) -> Callable[[Description], Tensor]:
    """A function from a description to its logits [X·Y·Z]."""
    text = relevancies.text
    if isinstance(network, SemanticAwareVOOL):  # was trained on bare names, not on prompts
        text = encoder.prompt_features(relevancies.phrases)
    evidence = evidence_for(network, relevancies, text, boxed.cloud.xyz.device)
    if settings.reference and isinstance(network, SemAbsVOOL):
        random = np.random.RandomState(settings.seed)
        schedule = PublishedSchedule(boxed.cloud, boxed.grid, random)
        return lambda d: schedule.locate(
            network, d, evidence(d.target).relevancy, evidence(d.reference).relevancy
        )
    localiser = Localiser(network, boxed.cloud, boxed.grid)
    return lambda description: localiser.ask(description, evidence)


def _found(boxed: BoxedView, description: Description, colour: Colour, logits: Tensor) -> Found:
    places = np.flatnonzero(kept(logits).cpu().numpy())
    score = logits.cpu().numpy()[places]
    return Found(str(description), colour, boxed.places_in_world(places), score)
