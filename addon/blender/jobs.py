"""Work that Lexel's service does for Blender: building a field of a scene's photographs.

Nothing here touches bpy: all of it runs in a worker's thread, and stops when its check raises.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lexel.errors import InputError, LexelError
from lexel.service.views import UploadedView

from ..launch import Launcher
from ..service import JobWatch, Service
from .photograph import Photograph

Check = Callable[[], None]


@dataclass(frozen=True)
class BuiltField:
    """A field of a scene.

    Attributes:
        path: its folder.
        codes: of each photographed object, by its number from 1 on: codes and their shares.
    """

    path: Path
    codes: dict[int, tuple[tuple[int, float], ...]]


def reach_service(service: Service, launcher: Launcher, command: str | None, check: Check) -> None:
    """Make sure that a service runs: the one that is found, or one of our own.

    Args:
        command: the program `lexel`; None: there is none.

    Raises:
        LexelError: none runs and none can be started.
    """
    try:
        service.hello()
    except LexelError as error:
        if command is None:
            raise InputError(
                f"{error.what}, and the program `lexel` was not found",
                do="Give its path in the add-on's preferences, or run: lexel serve.",
            ) from error
        launcher.start(Path(command), check)


def build_field(
    service: Service,
    photographs: Sequence[Photograph],
    out: Path,
    weights: str | None,
    check: Check,
    watch: JobWatch,
) -> BuiltField:
    """A field of a scene's photographs, by the service.

    Args:
        service: one that runs.
        photographs: of the scene.
        out: NAME.lexel to write.
        weights: "embedded", or None for the published ones.
        check: raises to give up; the service then gives up too.
        watch: is told where the job is.

    Raises:
        LexelError: with what is wrong and what to do.
    """
    upload = uuid.uuid4().hex
    for number, photograph in enumerate(photographs):
        check()
        service.upload(upload, number, _uploaded(photograph))
    arguments = {"upload": upload, "out": str(out), "weights": weights}
    result = service.run_job("build", arguments, check, watch)
    return BuiltField(Path(result["field"]), _codes(result["objects"]))


def _uploaded(photograph: Photograph) -> UploadedView:
    return UploadedView(
        photograph.rgb,
        photograph.depth_m,
        photograph.ids - 1,  # negative is nothing there
        photograph.intrinsics,
        photograph.world_from_camera,
    )


def _codes(objects: Sequence[Mapping[str, Any]]) -> dict[int, tuple[tuple[int, float], ...]]:
    return {
        told["id"] + 1: tuple(zip(told["codes"], told["shares"], strict=True)) for told in objects
    }
