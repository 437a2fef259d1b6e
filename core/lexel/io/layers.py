"""Layers: one float score per point, for all points or for some (`layers/*.safetensors`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lexel.errors import SceneError

_MAX_HEADER_BYTES = 1 << 20  # `spec/formats.md`: headers over 1 MB are refused


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
    from safetensors.numpy import save_file

    tensors = {"score": np.ascontiguousarray(layer.score, np.float32)}
    if layer.index is not None:
        tensors["index"] = np.ascontiguousarray(layer.index, np.int32)
    save_file(tensors, path)
    return path


def load_layer(path: Path, num_points: int) -> Layer:
    """Read a layer over `num_points` points; a `SceneError` names the file that is wrong."""
    tensors = _load_tensors(path)
    score, index = tensors.get("score"), tensors.get("index")
    if score is None or score.dtype != np.float32 or score.ndim != 1:
        raise _damaged(path, "'score' must be a list of float32", None)
    if set(tensors) - {"score", "index"}:
        raise _damaged(path, "it holds tensors a layer has not", sorted(tensors))
    if index is None:
        if len(score) != num_points:
            raise _damaged(path, f"a full layer needs {num_points} scores", len(score))
        return Layer(score)
    if index.dtype != np.int32 or index.shape != score.shape:
        raise _damaged(path, "'index' must be int32, one per score", (index.dtype, index.shape))
    if len(index) and (index.min() < 0 or index.max() >= num_points):
        raise _damaged(path, f"an index is outside the {num_points} points", index.max())
    return Layer(score, index)


def _load_tensors(path: Path) -> dict[str, npt.NDArray[Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        data = path.read_bytes()
    except OSError as error:
        raise SceneError("the layer cannot be read", where=path, got=error) from error
    if len(data) < 8 or int.from_bytes(data[:8], "little") > _MAX_HEADER_BYTES:
        raise _damaged(path, "it has no header, or one over 1 MB", len(data))
    try:
        return dict(load(data))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, "it is no safetensors file", error) from error


def _damaged(path: Path, what: str, got: object) -> SceneError:
    return SceneError(f"the layer is damaged: {what}", where=path, got=got, do="Make it again.")
