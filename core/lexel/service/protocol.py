"""Protocol 1 of the service: its calls, its limits, and what is said as typed values.

The standard library and numpy alone: the Blender extension carries a copy of this file.
docs/service.md tells how each call is made. Letters: Q queries, K codes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.service.wire import Fault, ProtocolError, Reader, check_name, dump, fault_of, is_number

HELLO = "/v1/hello"
FIELDS = "/v1/fields"
ENCODE = "/v1/encode"
JOBS = "/v1/jobs"
UPLOADS = "/v1/uploads"

JSON_TYPE = "application/json"
META = "X-Lexel-Meta"  # what comes with the scores of an ask, as JSON
MAX_META_BYTES = 60_000  # http.client refuses header lines beyond 65,536


@dataclass(frozen=True)
class Limits:
    """What the service admits. Bytes of bodies, seconds, and how many."""

    upload_bytes: int = 256 * 2**20
    body_bytes: int = 2**20
    send_s: float = 30.0
    wait_s: float = 30.0
    connections: int = 64
    queries: int = 64
    phrases: int = 1024


@dataclass(frozen=True)
class Hello:
    """Who answers.

    Attributes:
        protocol, version: of the calls, of Lexel.
        encoders: {"name", "dim", "sentence_dim", "prompts"} of the fields that are open; `encode`
            takes their names.
        fields: {"id", "name", "path", "num_points", "num_codes"} of each.
        limits: see `Limits`.
    """

    protocol: int
    version: str
    encoders: tuple[Mapping[str, Any], ...]
    fields: tuple[Mapping[str, Any], ...]
    limits: Limits

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Hello:
        told = Reader(value)
        protocol = told.whole("protocol", 0, 2**31)
        limits = told.mapping("limits")
        known = {name: limits[name] for name in asdict(Limits()) if is_number(limits.get(name))}
        return cls(
            protocol,
            told.text("version"),
            tuple(o.value for o in told.objects("encoders", 1000)),
            tuple(o.value for o in told.objects("fields", 1000)),
            Limits(**known),
        )


@dataclass(frozen=True)
class OpenedField:
    """A field that the service has open.

    Attributes:
        id: for the other calls.
        path: where it lies.
        sha256: of its `field.json`, which is its version.
        field: what `field.json` says.
    """

    id: str
    path: str
    sha256: str
    field: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> OpenedField:
        told = Reader(value)
        return cls(told.text("id"), told.text("path"), told.text("sha256"), told.mapping("field"))


@dataclass(frozen=True)
class Encode:
    """Phrases to be encoded by an encoder of an open field; with `sentence`, both halves."""

    encoder: str
    phrases: tuple[str, ...]
    sentence: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Encode:
        told = Reader(value).only("encoder", "phrases", "sentence")
        phrases = told.texts("phrases", Limits().phrases)
        if not phrases:
            raise ProtocolError("'phrases' is empty", do="Give at least one.")
        return cls(told.text("encoder"), phrases, told.flag("sentence", False))


@dataclass(frozen=True)
class ExampleCodes:
    """Picked points in place of words: their codes, perhaps weighted; negative leads away."""

    codes: tuple[int, ...]
    weights: tuple[float, ...] | None = None
    name: str = "example"

    @classmethod
    def read(cls, told: Reader) -> ExampleCodes:
        told.only("codes", "weights", "name")
        codes = told.numbers("codes", 100_000)
        weights = None if told.value.get("weights") is None else told.numbers("weights", 100_000)
        return cls(tuple(map(int, codes)), weights, told.optional_text("name") or "example")


@dataclass(frozen=True, eq=False)
class Ask:
    """What a field is asked.

    Attributes:
        queries: as a recipe has them; joined by ";" they are one text of the query language.
        negatives: in place of the field's own; None: the field's own.
        balance: 0 visual … 1 sentence.
        examples: asked besides.
        client, seq: of two asks of one client, that with the lower number is answered 409.
        camera: (4, 4) world_from_camera of who says left and behind; None: the field's forward.
        top: most places to name for each query.
    """

    queries: tuple[str, ...]
    negatives: tuple[str, ...] | None = None
    balance: float = 0.0
    examples: tuple[ExampleCodes, ...] = ()
    client: str | None = None
    seq: int = 0
    camera: npt.NDArray[np.float64] | None = None
    top: int = 0

    def as_json(self) -> dict[str, Any]:
        examples = [asdict(example) for example in self.examples]
        camera = None if self.camera is None else self.camera.tolist()
        return {**vars(self), "examples": examples, "camera": camera}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Ask:
        told = Reader(value).only(*cls.__dataclass_fields__)
        limits, client = Limits(), told.optional_text("client")
        return cls(
            queries=told.texts("queries", limits.queries) if "queries" in value else (),
            negatives=told.optional_texts("negatives", limits.queries),
            balance=told.number("balance", 0, 1, 0.0),
            examples=tuple(map(ExampleCodes.read, told.objects("examples", limits.queries))),
            client=None if client is None else check_name(client, "'client'"),
            seq=told.whole("seq", 0, 2**53, 0),
            camera=None if value.get("camera") is None else told.matrix("camera", 4),
            top=told.whole("top", 0, 100, 0),
        )


@dataclass(frozen=True)
class QueryMeta:
    """How to read a query's row of scores.

    Attributes:
        text: as it was understood.
        presence: probability that the thing is in the scene; None where it cannot be told.
        said: the same in words.
        threshold, range: by modality ("image", "text"): the score from which on a code is the
            thing; the scores where colours begin and end.
        spatial: it is about places: the scores are those of its target alone, `hits` answer it.
        num_selected: points above the threshold.
        hits: {"id", "label", "score", "centre", "aabb", "count"}, the best first.
    """

    text: str
    presence: float | None
    said: str
    threshold: Mapping[str, float]
    range: Mapping[str, Sequence[float]]
    spatial: bool
    num_selected: int
    hits: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def read(cls, told: Reader) -> QueryMeta:
        absent = told.value.get("presence") is None
        return cls(
            told.text("text"),
            None if absent else told.number("presence", 0, 1),
            told.text("said"),
            {
                kind: told.inner("threshold").number(kind, -9, 9)
                for kind in told.inner("threshold").value
            },
            {kind: told.inner("range").numbers(kind, 2) for kind in told.inner("range").value},
            told.flag("spatial", False),
            told.whole("num_selected", 0, 2**53),
            tuple(hit.value for hit in told.objects("hits", 100)),
        )


@dataclass(frozen=True)
class AskMeta:
    """What comes with the scores of an ask, in the header `META`."""

    queries: tuple[QueryMeta, ...]
    tier: int
    balance: float
    words: tuple[str, ...]
    meaningless: bool

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> AskMeta:
        told = Reader(value)
        return cls(
            tuple(map(QueryMeta.read, told.objects("queries", 1000))),
            told.whole("tier", 1, 3),
            told.number("balance", 0, 1),
            told.texts("words", 10),
            told.flag("meaningless", False),
        )


QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)


@dataclass(frozen=True)
class JobState:
    """Where a job is.

    Attributes:
        state: one of `STATES`.
        version: grows with every change; a long poll gives the one it knows.
        stage, done, total: what is being done, and how much of it; total None: unknown.
        said: what the user should know, the newest last.
        result: of a job that is done.
        error: of one that failed.
    """

    id: str
    kind: str
    state: str = QUEUED
    version: int = 0
    stage: str = ""
    done: int = 0
    total: int | None = None
    said: tuple[str, ...] = ()
    result: Mapping[str, Any] | None = None
    error: Fault | None = None

    @property
    def ended(self) -> bool:
        return self.state not in (QUEUED, RUNNING)

    def as_json(self) -> dict[str, Any]:
        """Results may be large: they are not copied."""
        return {**vars(self), "error": None if self.error is None else asdict(self.error)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> JobState:
        told = Reader(value)
        if told.text("state") not in STATES:
            raise told.wrong("state", f"should be one of {', '.join(STATES)}")
        unknown, failed = value.get("total") is None, value.get("error") is not None
        return cls(
            id=told.text("id"),
            kind=told.text("kind"),
            state=told.text("state"),
            version=told.whole("version", 0, 2**53),
            stage=told.text("stage"),
            done=told.whole("done", 0, 2**53),
            total=None if unknown else told.whole("total", 0, 2**53),
            said=told.texts("said", 10_000),
            result=None if value.get("result") is None else told.mapping("result"),
            error=fault_of(dump(value)) if failed else None,
        )
