"""Layers: one float score per point, for all points or for some (`layers/*.safetensors`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError
from lexel.io.tensor_files import TensorPlace, map_tensor, read_places, save_tensors


@dataclass(frozen=True, eq=False)
class Layer:
    """`score` (M,) float32 at the points `index` (M,) int32; `index` None: at every point."""

    score: npt.NDArray[np.float32]
    index: npt.NDArray[np.int32] | None = None

    @property
    def range(self) -> tuple[float, float]:
        """Smallest and largest score; (0, 0) of an empty layer."""
        if len(self.score) == 0:
            return 0.0, 0.0
        return float(self.score.min()), float(self.score.max())


def save_layer(path: Path, layer: Layer) -> Path:
    """Write `layer`, sparse when it has an index."""
    tensors: dict[str, npt.NDArray[Any]] = {"score": np.asarray(layer.score, np.float32)}
    if layer.index is not None:
        tensors["index"] = np.asarray(layer.index, np.int32)
    return save_tensors(path, tensors)


def load_layer(path: Path, num_points: int) -> Layer:
    """Read a layer over `num_points` points; a `SceneError` names the file that is wrong."""
    places = read_layer_places(path, num_points)
    tensors = {name: np.array(map_tensor(path, place)) for name, place in places.items()}
    layer = Layer(tensors["score"], tensors.get("index"))
    check_layer(layer, num_points, path)
    return layer


def read_layer_places(path: Path, num_points: int) -> dict[str, TensorPlace]:
    """The header of a layer over `num_points` points, checked; no score is read."""
    places = read_places(path)
    if set(places) - {"score", "index"}:
        raise _damaged(path, "it holds tensors a layer has not", sorted(places))
    score, index = places.get("score"), places.get("index")
    if score is None or score.dtype != np.float32 or len(score.shape) != 1:
        raise _damaged(path, "'score' must be a list of float32", score and score.shape)
    if index is None and score.shape != (num_points,):
        raise _damaged(path, f"a full layer needs {num_points} scores", score.shape[0])
    if index is not None and (index.dtype != np.int32 or index.shape != score.shape):
        raise _damaged(path, "'index' must be int32, one per score", (index.dtype, index.shape))
    return places


def check_layer(layer: Layer, num_points: int, where: object) -> None:
    """A `SceneError` unless scores are finite, and one for every point or for points there are."""
    count = num_points if layer.index is None else len(layer.index)
    if layer.score.shape != (count,):
        raise _damaged(where, f"it needs {count} scores", layer.score.shape)
    if not np.isfinite(layer.score).all():
        raise _damaged(where, "a score is no finite number", None)
    index = layer.index
    if index is not None and len(index) and (index.min() < 0 or index.max() >= num_points):
        raise _damaged(where, f"an index is outside the {num_points} points", index.max())


def _damaged(where: object, what: str, got: object) -> SceneError:
    return SceneError(f"the layer is damaged: {what}", where=where, got=got, do="Make it again.")
