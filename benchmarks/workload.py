"""What is benchmarked: the real scene, full-size networks with random weights."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from lexel.completion.checkpoints import untrained_network
from lexel.completion.networks import SemAbs3D, SemAbsVOOL
from lexel.encoders.clip import ClipEncoder, load_encoder
from lexel.encoders.prompts import PHOTOGRAPH_TEMPLATE
from lexel.io.readers import load_scene
from lexel.pipelines.settings import Settings
from lexel.pipelines.view import BoxedView, box_view
from lexel.relevancy.closed_form import LastBlock
from lexel.relevancy.extractor import Cut, PreparedImage, jittered
from lexel.relevancy.presets import get_preset
from lexel.relevancy.tiles import TileGrid
from lexel.scene import Scene

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LEXEL_SHARED_DATA", ROOT.parent / "shared" / "data"))
GOLDEN = Path(os.environ.get("LEXEL_GOLDEN", ROOT.parent / "shared" / "golden"))
SCENE_FILE = DATA / "semabs" / "arkit_vn_poster.pkl"
# As OpenAI's weights need it; the activation's cost is part of the benchmark.
ENCODER = "ViT-B-32-quickgelu/untrained"
SEED = 0
_SMOOTHING_PX = 16


class Unavailable(Exception):
    """Something this benchmark needs is not on this machine."""


def real_scene() -> Scene:
    """The scene exactly as published: nothing repaired, nothing moved."""
    if not SCENE_FILE.is_file():
        raise Unavailable(
            f"the real scene {SCENE_FILE} is not here: set LEXEL_SHARED_DATA to its folder"
        )
    return load_scene(SCENE_FILE, compat="reference")


def phrases_of(scene: Scene) -> list[str]:
    """Everything the scene names: 17 phrases."""
    described = [phrase for d in scene.descriptions for phrase in (d.target, d.reference)]
    return list(dict.fromkeys([*scene.labels, *described]))


@dataclass(frozen=True, eq=False)
class ReadingJob:
    """An image to be read by an encoder.

    Attributes:
        images: the original and five recoloured copies.
        text: [17, D].
    """

    encoder: ClipEncoder
    images: list[npt.NDArray[np.uint8]]
    phrases: list[str]
    text: Tensor

    @property
    def rgb(self) -> npt.NDArray[np.uint8]:
        return self.images[0]


def reading_job(encoder: ClipEncoder | None = None) -> ReadingJob:
    """The real scene's image and phrases."""
    scene = real_scene()
    encoder = encoder or load_encoder(ENCODER, seed=SEED)
    phrases = phrases_of(scene)
    text = encoder.phrase_features(phrases, [PHOTOGRAPH_TEMPLATE]).clone()
    copies = jittered(scene.view.rgb, get_preset("ours").jittered_copies, SEED)
    return ReadingJob(encoder, [scene.view.rgb, *copies], phrases, text)


def full_cache(job: ReadingJob, grids: list[TileGrid], images: int) -> PreparedImage:
    """An image as `prepare` leaves it, with random activations instead of encoder passes.

    A further phrase costs the same whatever numbers are in the cache.
    """
    explainer = LastBlock(job.encoder.model.visual)
    height, width, _ = job.rgb.shape
    used = tuple(grid for grid in grids if grid.used.any())
    cut = Cut(height, width, used, len(grids), images, flip=True)
    kept = tuple(explainer.allocate(cut.num_passes(grid)) for grid in used)
    for room in kept:
        for part in vars(room).values():
            part.normal_(std=0.1)
    return PreparedImage(cut, explainer, kept)


@dataclass(frozen=True, eq=False)
class AskingJob:
    """A view to be asked, and evidence for its phrases.

    Attributes:
        maps: [H, W] by phrase; smooth noise of the size that trained encoders give.
    """

    scene: Scene
    network: SemAbs3D | SemAbsVOOL
    boxed: BoxedView
    maps: dict[str, Tensor]

    @property
    def places(self) -> Tensor:
        """[M, 3] float32, the lattice."""
        return torch.from_numpy(self.boxed.grid.lattice().reshape(-1, 3).astype(np.float32))


def asking_job(kind: type[SemAbs3D] | type[SemAbsVOOL]) -> AskingJob:
    """The real scene before an untrained network of that kind."""
    scene = real_scene()
    network = untrained_network(kind, SEED)
    boxed = box_view(scene, network, Settings())
    random = torch.Generator().manual_seed(SEED)
    height, width = scene.view.rgb.shape[:2]
    coarse = torch.randn(
        len(phrases_of(scene)), 1, height // _SMOOTHING_PX, width // _SMOOTHING_PX, generator=random
    )
    smooth = torch.nn.functional.interpolate(coarse, size=(height, width), mode="bilinear")[:, 0]
    return AskingJob(scene, network, boxed, dict(zip(phrases_of(scene), smooth, strict=True)))
