"""The add-on's preferences: what cannot be found by itself."""

# No `from __future__ import annotations`: Blender reads the properties from the annotations.

import hashlib
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, StringProperty

from lexel.io.names import safe_name

from ..places import cache_folder
from .classes import register_classes

PACKAGE = __package__.rpartition(".")[0]  # bl_ext.REPOSITORY.lexel
_MARK_LETTERS = 8
_ABOUT = (
    "Words are understood in Blender itself. Only building fields, completing and locating",
    "need Lexel's service: a program on this computer, reached at 127.0.0.1 and nowhere else.",
    "So Blender's setting Allow Online Access does not concern it, and nothing is uploaded.",
)


def _reopens(_preferences: Any, _context: Any) -> None:
    from . import session

    session.current().close_fields()


class LexelPreferences(bpy.types.AddonPreferences):
    bl_idname = PACKAGE

    tower_path: StringProperty(
        name="Text tower", subtype="FILE_PATH", update=_reopens,
        description="The text half of the encoder that your fields were built with, if it is not "
        "where Lexel keeps it",
    )  # fmt: skip
    command: StringProperty(
        name="Lexel's command", subtype="FILE_PATH", default="lexel",
        description="Starts the service. A name is looked for where programs are",
    )  # fmt: skip
    data_path: StringProperty(
        name="Data", subtype="DIR_PATH",
        description="Where fields of your scenes are kept; blank: in the extension's own folder",
    )  # fmt: skip
    draws_points: BoolProperty(
        name="Colours in Solid shading", default=True,
        description="Draw points over the 3D View's own, which has one colour for an object",
    )  # fmt: skip

    @property
    def tower(self) -> Path | None:
        return Path(bpy.path.abspath(self.tower_path)) if self.tower_path else None

    @property
    def found_command(self) -> str | None:
        """The program, if there is one.

        Never one that merely lies in the working folder, as Windows would have it: that may be
        where somebody else's .blend file was unpacked.
        """
        found = shutil.which(str(Path(self.command).expanduser()))
        return found if found is not None and Path(found).is_absolute() else None

    def draw(self, _context: Any) -> None:
        layout = self.layout
        layout.use_property_split = True
        layout.prop(self, "tower_path")
        layout.label(text=f"Looked for in {cache_folder() / 'text'} too", icon="INFO")
        layout.prop(self, "command")
        if self.found_command is None:
            layout.label(text="There is no such program: give its full path", icon="ERROR")
        layout.prop(self, "data_path")
        layout.prop(self, "draws_points")
        box = layout.box().column(align=True)
        for line in _ABOUT:
            box.label(text=line)


def preferences() -> Any:
    """The preferences of this add-on."""
    return bpy.context.preferences.addons[PACKAGE].preferences


def data_folder() -> Path:
    """Where fields of scenes are kept; made if need be."""
    chosen = preferences().data_path
    if chosen:
        return Path(bpy.path.abspath(chosen))
    return Path(bpy.utils.extension_path_user(PACKAGE, path="fields", create=True))


def data_place(title: str, source: str) -> Path:
    """A place of its own in that folder, without a suffix.

    Args:
        title: begins its name.
        source: what it is made of; other sources have other places, whatever their titles.
    """
    mark = hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:_MARK_LETTERS]
    return data_folder() / f"{safe_name(title)}-{mark}"


def register(undo: ExitStack) -> None:
    register_classes([LexelPreferences], undo)
