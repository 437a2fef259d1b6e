"""Work that Lexel's service does for Blender: building a field of a scene's photographs.

Nothing here touches bpy: all of it runs in a worker's thread, and stops when its check raises.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.service.views import UploadedView

from ..service import Check, Service, Tell
from .photograph import Photograph


@dataclass(frozen=True)
class BuiltField:
    """A field of a scene.

    Attributes:
        path: its folder.
        codes: of each photographed object, by its number from 1 on: codes and their shares.
    """

    path: Path
    codes: dict[int, tuple[tuple[int, float], ...]]


def build_field(
    service: Service,
    photographs: Sequence[Photograph],
    out: Path,
    weights: str | None,
    check: Check,
    tell: Tell,
) -> BuiltField:
    """A field of a scene's photographs, by the service.

    Args:
        service: that answers.
        photographs: of the scene.
        out: NAME.lexel to write.
        weights: "embedded", or None for the published ones.
        check: raises to give up; the service then gives up too.
        tell: what is being done, and how much of it is.

    Raises:
        LexelError: with what is wrong and what to do.
    """
    upload = uuid.uuid4().hex
    for number, photograph in enumerate(photographs):
        check()
        tell("sending views", number / len(photographs))
        service.upload(upload, number, _uploaded(photograph))
    arguments = {"upload": upload, "out": str(out), "weights": weights}
    result = service.run_job("build", arguments, check, tell)
    return BuiltField(Path(result["field"]), _codes(result.get("objects", ())))


def _uploaded(photograph: Photograph) -> UploadedView:
    return UploadedView(
        photograph.rgb,
        photograph.depth_m,
        photograph.ids - 1,  # negative is nothing there
        photograph.intrinsics,
        photograph.world_from_camera,
    )


def _codes(objects: Sequence[Any]) -> dict[int, tuple[tuple[int, float], ...]]:
    return {
        int(told["id"]) + 1: tuple(zip(told["codes"], told["shares"], strict=True))
        for told in objects
    }
