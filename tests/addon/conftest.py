"""The assembled extension, built once."""

from __future__ import annotations

import pytest

from tests.addon import package as packages


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return packages.build(tmp_path_factory.mktemp("extension"))
