"""The sample scan that comes with Lexel, and where its field is kept."""

from __future__ import annotations

from pathlib import Path

from lexel.encoders.weights.cache import cache_folder

_NAME = "scan.lexel"


def sample_field() -> Path:
    """Where the sample's field lies, or will when it is built."""
    return cache_folder() / "samples" / _NAME
