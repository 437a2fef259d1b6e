"""Where regions come from: found by colour and depth, drawn by SAM, or brought by the user."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError, WeightsError
from lexel.fields.reading import Segmenter
from lexel.fields.regions import NO_REGION, Regions, RegionSettings, find_regions, regions_of
from lexel.io.frame_regions import Detection, FrameDetections, FrameMasks
from lexel.scene import View

Masks = npt.NDArray[np.bool_]
MaskGenerator = Callable[[npt.NDArray[np.uint8]], Sequence[Mapping[str, Any]]]

_MIN_INSIDE = 0.6  # of a region, that a detector's box must hold to name it
_SAM_TYPES = ("vit_h", "vit_l", "vit_b")  # as they stand in the names of its files


@dataclass(frozen=True)
class FoundRegions:
    """A `Segmenter`: pieces by colour and depth."""

    settings: RegionSettings

    def __call__(self, index: int, view: View) -> Regions:
        return find_regions(view, self.settings)


@dataclass(frozen=True, eq=False)
class BroughtRegions:
    """A `Segmenter`: masks that the user has, one folder a view, with names where they have some.

    Raises:
        SceneError: a view's masks are missing, damaged, or of another size.
    """

    masks: FrameMasks

    def __call__(self, index: int, view: View) -> Regions:
        frame = self.masks.load(index, view.rgb.shape[:2])
        names = {i: name for i, name in enumerate(frame.names) if name}
        return regions_of(paint(frame.masks), names)


@dataclass(frozen=True, eq=False)
class NamedByBoxes:
    """A `Segmenter` whose regions take the names of a detector's boxes that hold them."""

    segment: Segmenter
    detections: FrameDetections

    def __call__(self, index: int, view: View) -> Regions:
        return name_by_boxes(self.segment(index, view), self.detections.load(index))


@dataclass(frozen=True, eq=False)
class SamRegions:
    """A `Segmenter`: the masks of Segment Anything (Kirillov et al., ICCV 2023), all of an image.

    Attributes:
        generate: from an image to masks, as `SamAutomaticMaskGenerator.generate` gives them.
    """

    generate: MaskGenerator

    def __call__(self, index: int, view: View) -> Regions:
        found = [np.asarray(mask["segmentation"], bool) for mask in self.generate(view.rgb)]
        masks = np.stack(found) if found else np.zeros((0, *view.rgb.shape[:2]), bool)
        return regions_of(paint(masks))


def load_sam(checkpoint: Path, device: str) -> SamRegions:
    """Segment Anything with the user's own weights.

    Raises:
        InputError: the package is not there.
        WeightsError: the file is missing, or its name does not say which model it is of.
    """
    try:
        from segment_anything import SamAutomaticMaskGenerator, sam_model_registry
    except ImportError as cause:
        raise InputError(
            "Segment Anything is not installed",
            where="--sam",
            do="pip install segment-anything, or leave out --sam.",
        ) from cause
    kind = next((kind for kind in _SAM_TYPES if kind in checkpoint.name), None)
    if kind is None or not checkpoint.is_file():
        raise WeightsError(
            f"should be a file of Segment Anything, with {', '.join(_SAM_TYPES)} in its name",
            where=checkpoint,
        )
    model = sam_model_registry[kind](checkpoint=str(checkpoint)).to(device)
    return SamRegions(SamAutomaticMaskGenerator(model).generate)


def paint(masks: Masks) -> npt.NDArray[np.int32]:
    """(H, W) number of the smallest of the masks (M, H, W) that holds each pixel; -1 for none."""
    label = np.full(masks.shape[1:], NO_REGION, np.int32)
    area = masks.sum(axis=(1, 2))
    for number in np.argsort(-area, kind="stable"):
        label[masks[number]] = number
    return label


def name_by_boxes(regions: Regions, detections: Sequence[Detection]) -> Regions:
    """Regions with the name of the smallest box that holds most of each."""
    size = np.bincount(regions.label[regions.label >= 0], minlength=len(regions))
    names, scores = list(regions.name), regions.score.copy()
    smallest_last = sorted(detections, key=lambda d: -d.area)
    for found in smallest_last:
        x0, y0, x1, y1 = found.box
        inside = regions.label[y0:y1, x0:x1]
        count = np.bincount(inside[inside >= 0], minlength=len(regions))
        for region in np.flatnonzero(count >= np.maximum(1, _MIN_INSIDE * size)):
            names[region], scores[region] = found.label, found.score
    return replace(regions, name=tuple(names), score=scores)
