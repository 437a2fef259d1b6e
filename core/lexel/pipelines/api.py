"""Lexel's face in Python: from a path to an answer in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.completion.checkpoints import OvsscNetwork, VoolNetwork
from lexel.encoders.clip import ClipEncoder, load_encoder
from lexel.encoders.weights.catalogue import UNTRAINED
from lexel.encoders.weights.embedded import EMBEDDED
from lexel.errors import LabelError
from lexel.io.check_words import check_descriptions, check_labels
from lexel.io.notes import Notes
from lexel.io.readers import load_scene
from lexel.pipelines import complete as completing
from lexel.pipelines import locate as locating
from lexel.pipelines.device import AUTO, pick_device
from lexel.pipelines.networks import (
    DEFAULT_APPROACH,
    LoadedNetwork,
    load_ovssc,
    load_vool,
)
from lexel.pipelines.photo import open_image
from lexel.pipelines.relevancy import AskableImage, Relevancies, read_relevancies
from lexel.pipelines.settings import DEFAULT_ENCODER, Settings
from lexel.progress import Progress, Silent
from lexel.query.parse import parse_description
from lexel.scene import Answer, Description, Scene

Rgb = npt.NDArray[np.uint8]
Image = Rgb | str | Path


@dataclass(frozen=True)
class Models:
    """Which models answer, by name.

    Attributes:
        encoder: `ARCH/TAG` of open_clip, `embedded`, or a weights file; None for the default.
        weights: of the 3D networks: None for the published ones in the cache, `embedded`,
            `untrained`, or a checkpoint's path. `embedded` and `untrained` hold for the encoder
            too unless one is named.
        approach: which published training of the 3D networks.
        device: `auto`, `cpu`, `cuda`, ...
    """

    encoder: str | None = None
    weights: str | None = None
    approach: str = DEFAULT_APPROACH
    device: str = AUTO

    def knowing(self, synthetic: bool) -> Models:
        """These models; the package's own for a scene of its world, unless others are named."""
        if synthetic and self.encoder is None and self.weights is None:
            return replace(self, weights=EMBEDDED)
        return self

    def load_encoder(self, seed: int, progress: Progress | None) -> ClipEncoder:
        """The image-text encoder."""
        with_networks = {
            UNTRAINED: f"{DEFAULT_ENCODER.partition('/')[0]}/{UNTRAINED}",
            EMBEDDED: EMBEDDED,
        }
        name = self.encoder or with_networks.get(self.weights or "", DEFAULT_ENCODER)
        return load_encoder(name, device=pick_device(self.device), seed=seed, progress=progress)

    def load_ovssc(self, seed: int) -> LoadedNetwork[OvsscNetwork]:
        """The completion network."""
        return load_ovssc(self.weights, self.approach, device=pick_device(self.device), seed=seed)

    def load_vool(self, seed: int) -> LoadedNetwork[VoolNetwork]:
        """The localisation network."""
        return load_vool(self.weights, self.approach, device=pick_device(self.device), seed=seed)


def complete(
    scene: Scene | str | Path,
    labels: Sequence[str] | None = None,
    *,
    models: Models | None = None,
    settings: Settings | None = None,
    cutoff: float | None = None,
    view: int = 0,
    progress: Progress | None = None,
) -> Answer:
    """What fills the scene, seen and unseen (OVSSC).

    Args:
        scene: a loaded scene, or the path of one.
        labels: what to look for; None takes the scene's own.
        models, settings: who answers, and how.
        cutoff: places whose logits are all below stay empty; None: the network's own.
        view: which view of a recording.
        progress: told of every step; may cancel.

    Raises:
        InputError: with what is wrong and what to do.
    """
    models, settings = models or Models(), settings or Settings()
    loaded = _open(scene, settings, view, progress)
    if labels is not None:
        loaded = replace(
            loaded, labels=check_labels(list(labels), "labels", Notes(progress or Silent()))
        )
    if not loaded.labels:
        raise completing.no_labels(loaded)
    models = models.knowing(loaded.synthetic)
    network = models.load_ovssc(settings.seed)
    encoder = models.load_encoder(settings.seed, progress)
    return completing.complete(loaded, encoder, network, settings, cutoff=cutoff, progress=progress)


def locate(
    scene: Scene | str | Path,
    descriptions: Sequence[str | Description] | None = None,
    *,
    models: Models | None = None,
    settings: Settings | None = None,
    view: int = 0,
    progress: Progress | None = None,
) -> Answer:
    """Where the described things are, seen or hidden (VOOL).

    Args:
        scene: a loaded scene, or the path of one.
        descriptions: such as "the mug behind the laptop"; None takes the scene's own.
        models, settings: who answers, and how.
        view: which view of a recording.
        progress: told of every step; may cancel.

    Raises:
        InputError: with what is wrong and what to do.
    """
    models, settings = models or Models(), settings or Settings()
    loaded = _open(scene, settings, view, progress)
    if descriptions is not None:
        parsed = [d if isinstance(d, Description) else parse_description(d) for d in descriptions]
        checked = check_descriptions(parsed, "descriptions", Notes(progress or Silent()))
        loaded = replace(loaded, descriptions=checked)
    if not loaded.descriptions:
        raise locating.no_descriptions(loaded)
    models = models.knowing(loaded.synthetic)
    network = models.load_vool(settings.seed)
    encoder = models.load_encoder(settings.seed, progress)
    return locating.locate(loaded, encoder, network, settings, progress=progress)


def explain_image(
    image: Image,
    labels: Sequence[str],
    *,
    models: Models | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Relevancies:
    """Which pixels of a photograph or scene explain each label.

    Args:
        image: (H, W, 3) uint8, or the path of a photograph or scene.
        labels: at least one.
        models, settings: who answers, and how.
        progress: told of every step; may cancel.

    Raises:
        InputError: with what is wrong and what to do.
    """
    models, settings = models or Models(), settings or Settings()
    checked = _phrases(labels, progress)
    rgb, synthetic = _pixels(image, settings, progress)
    encoder = models.knowing(synthetic).load_encoder(settings.seed, progress)
    return read_relevancies(encoder, rgb, checked, settings, progress)


def prepare_image(
    image: Image,
    *,
    models: Models | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> AskableImage:
    """Read an image once, to ask it phrase after phrase: `prepare_image(photo).ask(["mug"])`.

    Takes as long as `explain_image`, and some 170 kB of memory for each pass of the encoder; each
    `ask` then takes milliseconds.

    Raises:
        InputError: with what is wrong and what to do.
    """
    models, settings = models or Models(), settings or Settings()
    rgb, synthetic = _pixels(image, settings, progress)
    encoder = models.knowing(synthetic).load_encoder(settings.seed, progress)
    return AskableImage(encoder, rgb, settings, progress)


def _pixels(image: Image, settings: Settings, progress: Progress | None) -> tuple[Rgb, bool]:
    """The pixels, and whether they show Lexel's own world."""
    if isinstance(image, np.ndarray):
        return image, False
    return open_image(Path(image), 0, settings, progress or Silent())


def _phrases(labels: Sequence[str], progress: Progress | None) -> tuple[str, ...]:
    checked = check_labels(list(labels), "labels", Notes(progress or Silent()))
    if not checked:
        raise LabelError("there are no labels", do='Give some: --labels "a; b".')
    return checked


def _open(
    scene: Scene | str | Path, settings: Settings, view: int, progress: Progress | None
) -> Scene:
    if isinstance(scene, Scene):
        return scene
    return load_scene(scene, view=view, compat=settings.compat, progress=progress)
