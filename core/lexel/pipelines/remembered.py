"""Vectors of the texts that were asked last, for several threads at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from lexel.scene.field import Floats


class Remembered:
    """Texts and their vectors, `most` at most: those longest unused are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._vectors: OrderedDict[str, Floats] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, texts: Iterable[str]) -> dict[str, Floats]:
        """The vectors of those texts that are remembered."""
        with self._lock:
            found = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in found:
                self._vectors.move_to_end(text)
            return found

    def keep(self, vectors: Mapping[str, Floats]) -> None:
        with self._lock:
            self._vectors.update(vectors)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
