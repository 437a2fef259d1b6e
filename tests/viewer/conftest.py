"""A display and a QApplication for the tests of windows; nothing here is needed without Qt."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from benchmarks.display import own_display

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

_WAIT_S = 10.0


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Where windows open: the display there is, else an Xvfb of our own, else Qt's `offscreen`.

    Gives the name of Qt's platform, empty where Qt shall choose.
    """
    with pytest.MonkeyPatch.context() as environment:
        if os.environ.get("QT_QPA_PLATFORM"):
            yield os.environ["QT_QPA_PLATFORM"]
        elif sys.platform == "linux" and os.environ.get("DISPLAY"):
            yield "xcb"
        elif sys.platform == "linux" and shutil.which("Xvfb"):
            yield from _own_display(environment)
        else:
            environment.setenv("QT_QPA_PLATFORM", "offscreen")
            yield "offscreen"


def _own_display(environment: pytest.MonkeyPatch) -> Iterator[str]:
    with own_display() as name:
        environment.setenv("DISPLAY", name)
        environment.setenv("QT_QPA_PLATFORM", "xcb")  # a Wayland session would win otherwise
        yield "xcb"


@pytest.fixture(scope="session")
def qapp(display: str) -> Iterator[QApplication]:
    """The one QApplication of a process; quiet about what a test leaves open."""
    from PyQt6.QtWidgets import QApplication

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["lexel-tests"])
    yield app
    app.closeAllWindows()
    app.processEvents()


@pytest.fixture
def until(qapp: QApplication) -> Callable[[Callable[[], object]], None]:
    """`until(condition)` lets events happen until the condition holds; fails after ten seconds."""

    def wait(condition: Callable[[], object]) -> None:
        end = time.monotonic() + _WAIT_S
        while not condition():
            assert time.monotonic() < end, "what was waited for did not happen"
            qapp.processEvents()
            time.sleep(0.001)

    return wait
