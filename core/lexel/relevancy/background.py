"""The company every label keeps.

The published method subtracts the mean relevancy over the scene's labels: a single label minus
itself is zero, and every answer leans on what else was asked. The mean is therefore taken over
these labels too: common surfaces and furniture of any room, none of them rare, so that they
stand for "anything". They are part of every result (`provenance`, field.json).
"""

from __future__ import annotations

BACKGROUND_LABELS = (
    "wall",
    "floor",
    "ceiling",
    "window",
    "door",
    "curtain",
    "carpet",
    "table",
    "chair",
    "sofa",
    "bed",
    "cabinet",
    "shelf",
    "lamp",
    "picture",
    "mirror",
    "plant",
    "box",
    "bag",
    "bottle",
)
