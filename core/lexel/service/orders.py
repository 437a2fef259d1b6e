"""What a job is told to do, read once by the service and again by the job's own process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

from lexel.service.wire import ProtocolError, Reader, check_name

BUILD, COMPLETE, LOCATE = "build", "complete", "locate"
_MOST_NAMES, _MOST_VIEWS, _MOST_SEED = 1000, 10**6, 2**32 - 1
_MODELS = ("encoder", "weights", "device", "seed")


@dataclass(frozen=True)
class Chosen:
    """Who answers: as the options of the command line."""

    encoder: str | None = None
    weights: str | None = None
    device: str | None = None
    seed: int = 0

    @classmethod
    def read(cls, told: Reader) -> Chosen:
        return cls(
            encoder=told.optional_text("encoder"),
            weights=told.optional_text("weights"),
            device=told.optional_text("device"),
            seed=told.whole("seed", 0, _MOST_SEED, 0),
        )


@dataclass(frozen=True)
class BuildOrder:
    """A field to be built.

    Attributes:
        scene: path of a scene; None: the views of `upload`.
        out: NAME.lexel; None: in the service's own folder, which goes when the service does.
        numbers: of the upload's views; the service adds them.
    """

    kind: ClassVar[str] = BUILD
    scene: str | None
    upload: str | None
    out: str | None
    voxel_size_m: float | None
    views: int | None
    labels: tuple[str, ...] | None
    sentences: str | None
    chosen: Chosen
    numbers: tuple[int, ...] = ()

    @classmethod
    def read(cls, told: Reader) -> BuildOrder:
        told.only(
            "scene", "upload", "out", "voxel_size_m", "views", "labels", "sentences", *_MODELS
        )
        scene, upload = _path(told, "scene"), told.optional_text("upload")
        out = _path(told, "out")
        if (scene is None) == (upload is None):
            raise ProtocolError("a build is of a 'scene' or of an 'upload'", do="Give one of them.")
        if scene is not None and out is None:
            raise ProtocolError("'out' is missing", do="Say where the field goes: NAME.lexel.")
        return cls(
            scene=scene,
            upload=None if upload is None else check_name(upload, "'upload'"),
            out=out,
            voxel_size_m=_if_given(told, "voxel_size_m", told.number, 0.0, 10.0),
            views=_if_given(told, "views", told.whole, 1, _MOST_VIEWS),
            labels=told.optional_texts("labels", _MOST_NAMES),
            sentences=told.optional_text("sentences"),
            chosen=Chosen.read(told),
        )


@dataclass(frozen=True)
class SceneOrder:
    """Something to be completed or located in one view of a scene.

    Attributes:
        kind: `COMPLETE` or `LOCATE`.
        texts: labels or descriptions; None: the scene's own.
    """

    kind: str
    scene: str
    out: str
    texts: tuple[str, ...] | None
    view: int
    preset: str | None
    chosen: Chosen

    @classmethod
    def read(cls, kind: str, told: Reader) -> SceneOrder:
        words = "labels" if kind == COMPLETE else "descriptions"
        told.only("scene", "out", words, "view", "preset", *_MODELS)
        scene, out = _path(told, "scene"), _path(told, "out")
        if scene is None or out is None:
            raise ProtocolError("'scene' or 'out' is missing", do="Give both, as whole paths.")
        return cls(
            kind=kind,
            scene=scene,
            out=out,
            texts=told.optional_texts(words, _MOST_NAMES),
            view=told.whole("view", 0, _MOST_VIEWS, 0),
            preset=told.optional_text("preset"),
            chosen=Chosen.read(told),
        )


Order = BuildOrder | SceneOrder


def read_order(kind: str, arguments: Mapping[str, Any]) -> Order:
    """An order from a request.

    Raises:
        ProtocolError: it cannot be understood.
    """
    told = Reader(arguments, "arguments.")
    if kind == BUILD:
        return BuildOrder.read(told)
    if kind in (COMPLETE, LOCATE):
        return SceneOrder.read(kind, told)
    raise ProtocolError("there is no such kind of job", kind, f"{BUILD}, {COMPLETE} or {LOCATE}.")


def to_json(order: Order) -> dict[str, Any]:
    """For `from_json`, in the process of the job."""
    return {"kind": order.kind, **asdict(order)}


def from_json(value: Mapping[str, Any]) -> Order:
    """What `to_json` wrote."""
    chosen, rest = Chosen(**value["chosen"]), dict(value)
    if rest["kind"] == BUILD:
        del rest["kind"]
        return BuildOrder(**{**rest, "chosen": chosen})
    return SceneOrder(**{**rest, "chosen": chosen})


def _path(told: Reader, key: str) -> str | None:
    """The service has another working folder than who asks it."""
    text = told.optional_text(key)
    if text is not None and ("\0" in text or not Path(text).is_absolute()):
        raise told.wrong(key, "should be a whole path")
    return text


def _if_given(told: Reader, key: str, read: Any, lower: float, upper: float) -> Any:
    return None if told.value.get(key) is None else read(key, lower, upper)
