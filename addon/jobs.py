"""Work that Lexel's service does for Blender: fields of photographs, answers about a scan.

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
from lexel.service.wire import ProtocolError, Reader

from .launch import Launcher
from .photograph import Photograph
from .service import JobWatch, Service

Check = Callable[[], None]

COMPLETE, LOCATE = "complete", "locate"
_WORDS = {COMPLETE: "labels", LOCATE: "descriptions"}
_MOST_THINGS, _MOST_CODES = 100_000, 2**31 - 1
_QUICK = "fast"


@dataclass(frozen=True)
class BuiltField:
    """A field of a scene.

    Attributes:
        path: its folder.
        codes: of each photographed object, by its number from 1 on: codes and their shares.
    """

    path: Path
    codes: dict[int, tuple[tuple[int, float], ...]]


@dataclass(frozen=True)
class SceneQuestion:
    """What is to be found in one view of a scan.

    Attributes:
        kind: `COMPLETE` or `LOCATE`.
        scene: a file or folder that Lexel reads.
        out: folder of the results.
        texts: labels or descriptions; none: the scan's own.
        view: which of a recording's.
        weights: "embedded", or None for the published ones.
        quick: with fewer and larger steps.
    """

    kind: str
    scene: Path
    out: Path
    texts: tuple[str, ...]
    view: int
    weights: str | None
    quick: bool


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
    check: Check,
    watch: JobWatch,
    *,
    photographs: Sequence[Photograph],
    out: Path,
    weights: str | None,
) -> BuiltField:
    """A field of a scene's photographs, by the service.

    Args:
        service: one that runs.
        check: raises to give up; the service then gives up too.
        watch: is told where the job is.
        photographs: of the scene.
        out: NAME.lexel to write.
        weights: "embedded", or None for the published ones.

    Raises:
        LexelError: with what is wrong and what to do.
    """
    upload = uuid.uuid4().hex
    for number, photograph in enumerate(photographs):
        check()
        service.upload(upload, number, _uploaded(photograph))
    arguments = {"upload": upload, "out": str(out), "weights": weights}
    result = service.run_job("build", arguments, check, watch)
    return BuiltField(out, _codes(result))


def answer_scene(
    service: Service, check: Check, watch: JobWatch, *, question: SceneQuestion
) -> Path:
    """The folder with the results of completing or locating, by the service.

    Raises:
        LexelError: with what is wrong and what to do.
    """
    arguments = {
        "scene": str(question.scene),
        "out": str(question.out),
        "view": question.view,
        "weights": question.weights,
        "preset": _QUICK if question.quick else None,
        _WORDS[question.kind]: list(question.texts) or None,
    }
    result = service.run_job(question.kind, arguments, check, watch)
    folder = Path(str(result.get("folder")))
    if folder.parent != question.out:  # nothing else is opened because a service says so
        raise _misunderstood(f"results in {folder}")
    return folder


def _uploaded(photograph: Photograph) -> UploadedView:
    return UploadedView(
        photograph.rgb,
        photograph.depth_m,
        photograph.ids - 1,  # negative is nothing there
        photograph.intrinsics,
        photograph.world_from_camera,
    )


def _codes(result: Mapping[str, Any]) -> dict[int, tuple[tuple[int, float], ...]]:
    try:
        return dict(map(_thing, Reader(result).objects("objects", _MOST_THINGS)))
    except ProtocolError as error:
        raise _misunderstood(error.fault) from error


def _thing(told: Reader) -> tuple[int, tuple[tuple[int, float], ...]]:
    codes, shares = (told.numbers(key, _MOST_CODES) for key in ("codes", "shares"))
    if len(codes) != len(shares) or any(not 0 <= code <= _MOST_CODES for code in codes):
        raise told.wrong("codes", "should be whole numbers from 0, one for each share")
    number = told.whole("id", 0, _MOST_CODES)
    return number + 1, tuple(zip(map(int, codes), shares, strict=True))


def _misunderstood(got: object) -> LexelError:
    return LexelError(
        "the service's answer is not understood",
        got=got,
        do="Install the same version of Lexel on both sides.",
    )
