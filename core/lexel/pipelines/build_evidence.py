"""Pictures of the views behind a field's codes, and the regions in them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from lexel.fields.codes import Codes, evidence_of
from lexel.fields.gathering import Gathered
from lexel.geometry.cameras import scale_intrinsics
from lexel.pipelines.build_meaning import Readings
from lexel.scene import Evidence, Thumbnail, View

_MOST_VIEWS = 400
_SIDE_PX = 320


def gather_evidence(
    gathered: Gathered, codes: Codes, readings: Readings
) -> tuple[Evidence, tuple[Thumbnail, ...]]:
    """The regions behind each code, in pixels of the thumbnails beside them.

    Of a long recording the views that stand behind most are kept.
    """
    used, count = np.unique(gathered.view[gathered.view >= 0], return_counts=True)
    shown = np.sort(used[np.argsort(-count, kind="stable")[:_MOST_VIEWS]])
    evidence = evidence_of(gathered, codes, shown)
    thumbnails, scales = [], np.ones(len(shown))
    for place, index in enumerate(shown):
        view = readings.views.get(int(index))
        assert view is not None, "it was read before"
        scales[place] = min(1.0, _SIDE_PX / max(view.rgb.shape[:2]))
        thumbnails.append(_thumbnail(view, scales[place]))
    return _scaled(evidence, scales, thumbnails), tuple(thumbnails)


def _thumbnail(view: View, scale: float) -> Thumbnail:
    height, width = view.rgb.shape[:2]
    size = round(width * scale), round(height * scale)
    image = Image.fromarray(view.rgb).resize(size, Image.Resampling.LANCZOS)
    intrinsics = scale_intrinsics(view.intrinsics, size[0] / width, size[1] / height)
    return Thumbnail(np.asarray(image), intrinsics, view.world_from_camera)


def _scaled(
    evidence: Evidence, scales: npt.NDArray[np.float64], thumbnails: list[Thumbnail]
) -> Evidence:
    """Regions in pixels of the thumbnails; none becomes empty."""
    scale = scales[evidence.view][:, None]
    sizes = np.array([t.rgb.shape[1::-1] for t in thumbnails]).reshape(-1, 2)[evidence.view]
    low = np.minimum(np.floor(evidence.region[:, :2] * scale), sizes - 1)
    high = np.minimum(np.ceil(evidence.region[:, 2:] * scale), sizes)
    region = np.concatenate([low, np.maximum(high, low + 1)], axis=1)
    return replace(evidence, region=region.astype(np.int32))
