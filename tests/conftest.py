"""Fixtures shared by all tests: where the golden numbers and the real data are."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

# How long an example takes depends on what else the computer does.
hypothesis.settings.register_profile("untimed")
hypothesis.settings.load_profile("untimed")


def _folder(variable: str, default: Path) -> Path:
    folder = Path(os.environ.get(variable, default))
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set {variable} to a folder that is")
    return folder


@pytest.fixture(scope="session")
def golden() -> Path:
    """The published implementation's numbers (`LEXEL_GOLDEN`)."""
    return _folder("LEXEL_GOLDEN", ROOT.parent / "shared" / "golden")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real scenes (`LEXEL_SHARED_DATA`), never copied into the project."""
    return _folder("LEXEL_SHARED_DATA", ROOT.parent / "shared" / "data")
