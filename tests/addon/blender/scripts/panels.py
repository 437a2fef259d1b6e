"""The panel's drawing, into a layout that writes down what it is asked for."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bpy
from extension import MODULE, facts, installed, settle


class Layout:
    """As much of Blender's layout as the panel uses; refuses what Blender would refuse."""

    def __init__(self, drawn: list[str]) -> None:
        self.drawn = drawn
        self.alert, self.enabled, self.use_property_split, self.ui_units_x = False, True, False, 0.0

    def row(self, align: bool = False) -> Layout:
        return Layout(self.drawn)

    def column(self, align: bool = False) -> Layout:
        return Layout(self.drawn)

    def grid_flow(self, columns: int, align: bool = False) -> Layout:
        return Layout(self.drawn)

    def box(self) -> Layout:
        return Layout(self.drawn)

    def label(self, text: str = "", icon: str = "NONE") -> None:
        _check_icon(icon)
        self.drawn.append(f"{'!' if self.alert else ''}{text}")

    def prop(
        self, data: Any, name: str, text: str | None = None, icon: str = "NONE",
        expand: bool = False, slider: bool = False,
    ) -> None:  # fmt: skip
        _check_icon(icon)
        told = data.bl_rna.properties[name]
        self.drawn.append(f"[{told.name if text is None else text}] {getattr(data, name)}")

    def operator(
        self, name: str, text: str | None = None, icon: str = "NONE", emboss: bool = True,
        depress: bool = False,
    ) -> SimpleNamespace:  # fmt: skip
        _check_icon(icon)
        module, _, function = name.partition(".")
        told = getattr(getattr(bpy.ops, module), function).get_rna_type()
        self.drawn.append(f"({told.name if text is None else text}){'*' if depress else ''}")
        return SimpleNamespace()


def _check_icon(icon: str) -> None:
    known = bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items
    assert icon in known, icon


def draw() -> list[str]:
    """What all panels of the sidebar show now."""
    drawn: list[str] = []
    for name in sorted(name for name in dir(bpy.types) if name.startswith("LEXEL_PT_")):
        panel = getattr(bpy.types, name)
        if not hasattr(panel, "poll") or panel.poll(bpy.context):
            drawn.append(f"# {panel.bl_label}")
            panel.draw(SimpleNamespace(layout=Layout(drawn)), bpy.context)
    return drawn


def main(folder: Path, given: dict) -> dict:
    with installed(given["archive"]):
        empty = draw()
        bpy.ops.lexel.open_field(filepath=str(Path(given["field"]) / "field.json"))
        choices = bpy.context.scene.lexel
        choices.text = "mug; table"
        settle()
        bpy.ops.lexel.show_query(query=1)
        settle()
        asked, said = draw(), facts()["entries"]
        choices.text = "mug | beside"
        settle()
        wrong = draw()
        preferences = bpy.context.preferences.addons[MODULE].preferences
        kept = Layout([])
        type(preferences).draw(SimpleNamespace(layout=kept, **_values(preferences)), bpy.context)
        programs = find_programs(preferences, folder)
        choices.text = "mug"
        settle()
        bpy.ops.mesh.primitive_cube_add()
        preferences.command = str(folder / "nowhere")
        choices.most_views, choices.engine = 1, "BLENDER_WORKBENCH"
        bpy.ops.lexel.make_askable()
        settle()
        alone = facts()
        try:
            bpy.ops.lexel.open_field(filepath=str(folder / "nowhere.lexel"))
            missing = ""
        except RuntimeError as error:
            missing = str(error)
        settle()
    return {
        "empty": empty,
        "asked": asked,
        "said": said,
        "wrong": wrong,
        "preferences": kept.drawn,
        "programs": programs,
        "alone": alone,
        "missing": missing,
    }


def find_programs(preferences: Any, folder: Path) -> list[str | None]:
    """A program by its whole path, and as one that lies where Blender was started."""
    program = folder / "lexel.exe"
    program.touch(mode=0o755)
    before = Path.cwd()
    os.chdir(folder)
    found = []
    for command in (str(program), f".{os.sep}lexel.exe", "lexel.exe"):
        preferences.command = command
        found.append(preferences.found_command)
    os.chdir(before)
    return found


def _values(preferences: Any) -> dict[str, Any]:
    names = ("tower_path", "command", "data_path", "draws_points", "found_command", "bl_rna")
    return {name: getattr(preferences, name) for name in names}
