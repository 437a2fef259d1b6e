"""The File menu: what is opened, made, saved and set; dialogs ask, others do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QDialog, QFileDialog

from lexel.errors import InputError
from lexel.io.geometry_files import GEOMETRY_SUFFIXES
from lexel.io.photo import SUFFIXES as PHOTO_SUFFIXES
from lexel.io.readers import BY_SUFFIX
from lexel.io.samples import sample_scene
from lexel.viewer.actions import Action
from lexel.viewer.exporting import SUFFIXES as POINT_SUFFIXES
from lexel.viewer.opener import sentence_of
from lexel.viewer.opening import Can
from lexel.viewer.panels.picture_dialog import PictureDialog
from lexel.viewer.panels.settings_dialog import SettingsDialog
from lexel.viewer.panels.words_dialog import WordsDialog
from lexel.viewer.samples import sample_field
from lexel.viewer.theme import DARK, LIGHT, theme_called

if TYPE_CHECKING:
    from lexel.viewer.inout import InOut

_FILM_S = 8
_MOST_RECENT = 8


def add_file_actions(inout: InOut) -> None:
    """Put them into the window's list."""
    add = inout.window.actions_list.add
    add(*_open(inout), _ask(inout), *_make(inout), *_save(inout), *_habits(inout))
    for number in range(_MOST_RECENT):
        add(_recent(inout, number))
    add(Action("Quit", "File", inout.window.close, "Ctrl+Q", starts_group=True))


def _open(inout: InOut) -> list[Action]:
    window, opener = inout.window, inout.opener
    kinds = " ".join(f"*{end}" for end in (*GEOMETRY_SUFFIXES, *PHOTO_SUFFIXES, *BY_SUFFIX))

    def ask_file() -> None:
        name, _ = QFileDialog.getOpenFileName(window, "Open", "", f"Scenes ({kinds});;All (*)")
        if name:
            opener.open(name)

    def ask_folder() -> None:
        if name := QFileDialog.getExistingDirectory(window, "Open a field, recording or results"):
            opener.open(name)

    def open_sample() -> None:
        field = sample_field()
        _try(inout, lambda: opener.open(field if field.is_dir() else sample_scene("scan")))

    def ask_meshes() -> None:
        endings = " ".join(f"*{end}" for end in GEOMETRY_SUFFIXES)
        names, _ = QFileDialog.getOpenFileNames(window, "Meshes", "", f"Meshes ({endings})")
        if names:
            opener.add_meshes([Path(name) for name in names])

    return [
        Action("Open a folder…", "File", ask_folder, "Ctrl+O", offer="a field or a recording"),
        Action("Open a file…", "File", ask_file, "Ctrl+Shift+O", offer="a mesh, cloud or photo"),
        Action("Open the sample scan", "File", open_sample, offer="a room, to try things out"),
        Action(
            "Meshes over this…",
            "File",
            ask_meshes,
            enabled=lambda: window.state.facts.cloud is not None,
        ),
    ]


def _ask(inout: InOut) -> Action:
    window = inout.window

    def ask_picture() -> None:
        kinds = " ".join(f"*{end}" for end in PHOTO_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(window, "Find what is like", "", f"Photos ({kinds})")
        if name:
            inout.pictures.ask(Path(name))

    return Action(
        "Find what is like a picture…",
        "Ask",
        ask_picture,
        enabled=lambda: window.state.field is not None,
    )


def _make(inout: InOut) -> list[Action]:
    state = inout.window.state

    def can(what: Can) -> Callable[[], bool]:
        def possible() -> bool:
            opening = state.facts.opening
            return opening is not None and what in opening.can

        return possible

    def ask(title: str, told: str, words: Sequence[str], do: Callable[..., object]) -> None:
        contents = state.facts.contents
        views = 1 if contents is None else contents.views
        dialog = WordsDialog(title, told, title.rstrip("…"), words, views, inout.window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            do(dialog.texts(), dialog.view.value())

    def complete() -> None:
        contents = state.facts.contents
        ask("Complete", _COMPLETE, contents.labels if contents else (), inout.making.complete)

    def find() -> None:
        contents = state.facts.contents
        ask("Find", _FIND, contents.descriptions if contents else (), inout.making.locate)

    inout.offer.wants_complete.connect(complete)
    inout.offer.wants_find.connect(find)
    return [
        Action(
            "Make it askable",
            "File",
            inout.build,
            enabled=lambda: inout.plan is not None and not inout.plan.there,
            starts_group=True,
        ),
        Action("Complete…", "File", complete, enabled=can(Can.COMPLETE)),
        Action("Find…", "File", find, enabled=can(Can.COMPLETE)),
    ]


_COMPLETE = "A mesh for each of these things, seen and unseen. Separate them by ; or lines."
_FIND = (
    "Where these are, also if they are hidden: the mug behind the laptop. "
    "Separate them by ; or lines."
)


def _save(inout: InOut) -> list[Action]:
    window, saving = inout.window, inout.saving
    state = window.state

    def ask(title: str, kinds: str, write: Callable[[Path], object]) -> None:
        name, _ = QFileDialog.getSaveFileName(window, title, "", kinds)
        if name:
            _try(inout, lambda: write(Path(name)))

    def ask_picture(title: str, seconds: int | None, kinds: str, write: _Write) -> None:
        canvas = window.area.main.canvas
        shape = canvas.height() / max(1, canvas.width())
        width_px = inout.settings.picture_width_px
        dialog = PictureDialog(title, width_px, seconds, shape, window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            ask(title, kinds, lambda path: write(path, dialog))

    def picture(path: Path, of: PictureDialog) -> None:
        saving.picture(path, of.width_px.value(), transparent=of.transparent.isChecked())

    def turn(path: Path, of: PictureDialog) -> None:
        saving.turntable(path, of.width_px.value(), of.seconds.value())

    def way(path: Path, of: PictureDialog) -> None:
        saving.path_film(path, of.width_px.value(), of.seconds.value())

    def possible() -> bool:
        return saving.possible

    films, points = "Films (*.mp4)", " ".join(f"*{end}" for end in POINT_SUFFIXES)
    return [
        Action(
            "Save a picture…",
            "File/Save",
            lambda: ask_picture("Save a picture", None, "Pictures (*.png)", picture),
            "Ctrl+Shift+S",
            possible,
        ),
        Action(
            "Save a turntable film…",
            "File/Save",
            lambda: ask_picture("Save a turntable film", _FILM_S, films, turn),
            enabled=possible,
        ),
        Action("Keep this view for a film", "File/Save", saving.keep_view, "Ctrl+K", possible),
        Action(
            "Save a film through kept views…",
            "File/Save",
            lambda: ask_picture("Save a film", _FILM_S, films, way),
            enabled=lambda: possible() and len(saving.kept) > 1,
        ),
        Action(
            "Save a recipe…",
            "File/Save",
            lambda: ask("Save a recipe", "Recipes (*.json)", saving.recipe),
            "Ctrl+S",
            lambda: state.field is not None and possible(),
        ),
        Action(
            "Export the selection…",
            "File/Save",
            lambda: ask("Export the selection", f"Points ({points})", saving.selection),
            enabled=lambda: len(state.choices.selection) > 0,
        ),
    ]


_Write = Callable[[Path, PictureDialog], object]


def _habits(inout: InOut) -> list[Action]:
    window = inout.window

    def change() -> None:
        dialog = SettingsDialog(inout.settings, window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            inout.change_settings(dialog.chosen)
            window.wear(dialog.chosen.theme)

    def switch() -> None:
        other = LIGHT if theme_called(window.theme_name) is DARK else DARK
        inout.change_settings(replace(inout.settings, theme=other.name))
        window.wear(other.name)

    def restore() -> None:
        if (session := inout.keeper.last()) is not None:
            inout.opener.restore(session)

    return [
        Action("Open what was closed last", "File", restore, starts_group=True),
        Action("Switch between light and dark", "View", switch, starts_group=True),
        Action("Settings…", "Edit", change, "Ctrl+,", starts_group=True),
    ]


def _recent(inout: InOut, number: int) -> Action:
    """An entry of the menu of recent files, which shows the file."""

    def text() -> str:
        return _short(inout.recent[number]) if number < len(inout.recent) else ""

    def call() -> None:
        if number < len(inout.recent):
            inout.opener.open(inout.recent[number])

    return Action(
        f"Recent {number + 1}",
        "File/Recent",
        call,
        enabled=lambda: number < len(inout.recent),
        text=text,
    )


def _short(path: Path) -> str:
    """The end of a path, which tells files apart."""
    return str(Path(*path.parts[-2:]))


def _try(inout: InOut, do: Callable[[], object]) -> None:
    try:
        do()
    except InputError as error:
        inout.notice.tell(sentence_of(error))
