"""Vectors are remembered up to a number, those used last the longest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from lexel.pipelines.remembered import Remembered


def vectors(*texts: str) -> dict[str, np.ndarray]:
    return {text: np.full(2, len(text), np.float32) for text in texts}


def test_what_was_used_last_is_kept():
    remembered = Remembered(2)
    remembered.keep(vectors("a", "bb"))
    assert list(remembered.recall(["a", "nothing"])) == ["a"]
    remembered.keep(vectors("ccc"))
    assert list(remembered.recall(["a", "bb", "ccc"])) == ["a", "ccc"]


def test_several_threads_may_use_it():
    remembered = Remembered(50)

    def use(number: int) -> None:
        for i in range(300):
            text = "x" * ((number * i) % 80 + 1)
            remembered.keep(vectors(text))
            for found, vector in remembered.recall([text, "x"]).items():
                assert vector[0] == len(found)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(1, 9)))
