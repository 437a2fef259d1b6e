"""Words in, scores of all codes out; the newest of a client's asks alone is answered."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import InputError
from lexel.pipelines.askable import AskableField, FieldAnswer
from lexel.query.examples import example_of_codes
from lexel.query.newest import Newest
from lexel.query.vectors import Example
from lexel.service.protocol import MAX_META_BYTES, Ask, Encode, ExampleCodes
from lexel.service.wire import dump

Floats = npt.NDArray[np.float32]
Check = Callable[[], None]

_MOST_CLIENTS = 1024
_SHOWN = ("text", "presence", "said", "threshold", "range", "spatial", "num_selected", "hits")


class Typists:
    """Who is typing, and what each asked last; who was longest silent is forgotten."""

    def __init__(self) -> None:
        self._newest: OrderedDict[str, Newest] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, ask: Ask) -> Check:
        """What an ask's work calls between steps, to give up when it is no longer the newest.

        Raises:
            CancelledError: the client has asked something newer already.
        """
        if ask.client is None:
            return lambda: None
        with self._lock:
            newest = self._newest.setdefault(ask.client, Newest(-1))
            self._newest.move_to_end(ask.client)
            while len(self._newest) > _MOST_CLIENTS:
                self._newest.popitem(last=False)
        return newest.begin(ask.seq).check


def answer(field: AskableField, ask: Ask, check: Check) -> tuple[Floats, bytes]:
    """Scores (Q, K) float32, and what is said of them as JSON.

    Raises:
        InputError: with what is wrong and what to do.
        CancelledError: by `check`.
    """
    check()
    given = field.ask(
        "; ".join(ask.queries),
        instead=ask.negatives,
        balance=ask.balance,
        top=ask.top,
        camera=ask.camera,
        examples=[_example(field, example) for example in ask.examples],
        check=check,
    )
    meta = dump(_meta(given))
    if len(meta) > MAX_META_BYTES:
        raise InputError(
            "what is to be said of so many queries is too long",
            got=f"{len(given.queries)} queries",
            do="Ask fewer at once, or for fewer places (top).",
        )
    return given.codes.scores, meta


def encode(field: AskableField, order: Encode) -> Floats:
    """(P, D) float32; with sentences (P, D + S).

    Raises:
        InputError: a phrase is none, or nothing here encodes it.
    """
    vectors = field.encode(order.phrases, sentence=order.sentence)
    if not order.sentence:
        return vectors.visual
    if vectors.sentence is None:
        raise InputError("nothing here encodes the sentence half", do="Ask without `sentence`.")
    return np.concatenate([vectors.visual, vectors.sentence], axis=1)


def _example(field: AskableField, example: ExampleCodes) -> Example:
    with contextlib.suppress(OverflowError):  # codes beyond any field's
        return example_of_codes(field.engine, example.codes, example.weights, example.name)
    raise InputError("a picked point has a code that the field has not")


def _meta(given: FieldAnswer) -> dict[str, Any]:
    queries = [_plain(query.as_json()) for query in given.queries]
    return {**given.as_json(), "queries": queries}


def _plain(query: dict[str, Any]) -> dict[str, Any]:
    return {key: query[key] for key in _SHOWN}
