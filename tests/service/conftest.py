"""A service with the small kitchen open, for the tests of one file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lexel.service.client import Client
from tests.pipelines.askable import make_field
from tests.service.running import Running, running


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Path of the field; its text tower lies in a cache of its own."""
    folder = tmp_path_factory.mktemp("kitchen")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEXEL_CACHE", str(folder / "cache"))
        yield str(make_field(folder))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, kitchen: str) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("service")) as found:
        yield found


@pytest.fixture
def client(service: Running) -> Iterator[Client]:
    with service.client() as found:
        yield found
