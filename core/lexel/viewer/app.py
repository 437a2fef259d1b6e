"""Starting the viewer: an application, a window, something to show in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from lexel.errors import InputError
from lexel.viewer.folders import user_folders
from lexel.viewer.inout import InOut
from lexel.viewer.opener import open_here
from lexel.viewer.samples import sample_field
from lexel.viewer.served_words import connect as connect_to
from lexel.viewer.settings import load_settings
from lexel.viewer.state import ViewerState
from lexel.viewer.theme import SYSTEM
from lexel.viewer.window import ViewerWindow

_SETTLED_MS = 400  # the picture is final and nothing new has come for so long


def view(
    path: Path | None,
    *,
    query: str = "",
    connect: str = "",
    screenshot: Path | None = None,
    theme: str = "",
) -> int:
    """Show the window until it is closed.

    Args:
        path: of anything that can be opened; None: a session that ended by itself, else the
            sample's field, if it was built, else the first page.
        query: typed when the field is open.
        connect: address of a service that encodes words in place of torch.
        screenshot: write the window as a picture when it is painted, and leave.
        theme: "dark", "light" or "system"; empty: as the settings have it.

    Returns:
        The exit code.
    """
    served = connect_to(connect) if connect else None
    opens = open_here if served is None else served.open_field
    folders = user_folders()
    theme = theme or load_settings(folders.config)[0].theme
    app, window = make_app(), make_window(theme)
    inout = InOut(window, folders, keep_session=screenshot is None, open_field=opens)
    if served is not None:
        window.closing.connect(lambda _: served.client.close())
    sys.excepthook = partial(_report, window)
    window.show()
    restored = path is None and screenshot is None and inout.restore_crashed()
    sample = path is None and not restored and sample_field().is_dir()
    shown = sample_field() if sample else path
    inout.opener.opened.connect(lambda _: _opened(inout, query, hint=sample))
    if shown is not None:
        inout.opener.open(shown)
    if screenshot is None:
        return app.exec()
    file, failed = screenshot, list[Exception]()
    window.tasks.failed.connect(lambda _, error: failed.append(error))
    inout.opener.failed.connect(failed.append)
    when_painted(window, lambda: _leave(window, file), lambda: bool(failed))
    code = app.exec()
    if failed:
        raise failed[0]
    return code


def make_app() -> QApplication:
    """The one application of this process."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setDesktopFileName("lexel")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Lexel")
    return app


def make_window(theme: str = SYSTEM) -> ViewerWindow:
    """A window with nothing open."""
    window = ViewerWindow(ViewerState())
    window.wear(theme)
    return window


def when_painted(
    window: ViewerWindow, then: Callable[[], None], give_up: Callable[[], bool] = lambda: False
) -> QTimer:
    """Call `then` once the picture is final and nothing works any more."""
    timer, quiet_ms = QTimer(window), 0

    def look() -> None:
        nonlocal quiet_ms
        rough = window.state.facts.cloud is not None and not window.area.is_smooth
        quiet_ms = 0 if window.tasks.running or rough else quiet_ms + timer.interval()
        if quiet_ms >= _SETTLED_MS or give_up():
            timer.stop()
            then()

    timer.timeout.connect(look)
    timer.start(50)
    return timer


def _report(
    window: ViewerWindow,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
) -> None:
    """A fault of ours is told, and the window stays: without this Qt would end the process."""
    sys.__excepthook__(kind, error, trace)
    window.say(f"Something went wrong here: {error}")


def _opened(inout: InOut, query: str, *, hint: bool) -> None:
    window, settings = inout.window, inout.settings
    if hint and not query and not settings.hint_seen:
        window.show_hint()
        inout.change_settings(replace(settings, hint_seen=True))
    if query and not window.state.choices.text:
        window.state.choose(text=query)
        window.state.remember_query()


def _leave(window: ViewerWindow, file: Path) -> None:
    if not window.grab().save(str(file)):
        window.tasks.failed.emit(
            "Screenshot",
            InputError("the picture cannot be written", where=file, do="Name a .png file."),
        )
    window.close()
    QApplication.quit()
