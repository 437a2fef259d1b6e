"""The panel in the 3D View's sidebar. Drawing is layout only: Blender does it all the time."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import bpy

from lexel.scene.recipe import Mode

from . import session
from .classes import register_classes

_WIDTH = 38  # letters to a line of a message


class _Panel:
    layout: Any
    bl_space_type, bl_region_type, bl_category = "VIEW_3D", "UI", "Lexel"


class _Part(_Panel):
    """A part of the panel that needs points."""

    bl_parent_id = "LEXEL_PT_ask"
    bl_options = frozenset({"DEFAULT_CLOSED"})

    @classmethod
    def poll(cls, context: Any) -> bool:
        return context.scene.lexel.cloud is not None


class LEXEL_PT_ask(_Panel, bpy.types.Panel):  # noqa: N801 - Blender's rule for names
    bl_label = "Ask"

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        facts = context.window_manager.lexel
        row = layout.row(align=True)
        row.prop(choices, "cloud", text="")
        row.operator("lexel.open_field", text="", icon="FILE_FOLDER")
        if choices.cloud is None:
            layout.label(text="Open a field to ask it")
            layout.operator("lexel.open_results", icon="MESH_MONKEY")
            _message(layout, facts)
            return
        layout.prop(choices, "text", text="", icon="VIEWZOOM")
        _message(layout, facts)
        _entries(layout, choices, facts)
        layout.grid_flow(columns=2, align=True).prop(choices, "mode", expand=True)
        layout.prop(choices, "over_rgb", slider=True)
        if facts.bar_title:
            layout.label(text=facts.bar_ends, icon="COLOR")


class LEXEL_PT_meaning(_Part, bpy.types.Panel):  # noqa: N801
    bl_label = "Negatives and Balance"

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        layout.prop(choices, "own_negatives")
        column = layout.column()
        column.enabled = not choices.own_negatives
        column.prop(choices, "negatives", text="")
        layout.prop(choices, "balance", slider=True)


class LEXEL_PT_threshold(_Part, bpy.types.Panel):  # noqa: N801
    bl_label = "Threshold"

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        facts = context.window_manager.lexel
        layout.prop(choices, "suggested", text=f"Suggested: {facts.suggested:.2f}")
        column = layout.column()
        column.enabled = not choices.suggested
        column.prop(choices, "threshold", slider=True)
        row = layout.row(align=True)
        row.operator("lexel.select_points")
        row.operator("lexel.separate_points")
        layout.operator("lexel.vertex_group", icon="GROUP_VERTEX")


class LEXEL_PT_objects(_Part, bpy.types.Panel):  # noqa: N801
    bl_label = "Objects That Match"

    @classmethod
    def poll(cls, context: Any) -> bool:
        cloud = context.scene.lexel.cloud
        return cloud is not None and len(cloud.lexel.things) > 0

    def draw(self, _context: Any) -> None:
        layout = self.layout
        row = layout.row(align=True)
        row.operator("lexel.select_objects")
        row.operator("lexel.isolate_objects")
        row.operator("lexel.hide_objects")
        row = layout.row(align=True)
        row.operator("lexel.collect_objects")
        row.operator("lexel.show_objects")


class LEXEL_PT_look(_Part, bpy.types.Panel):  # noqa: N801
    bl_label = "Look and Legend"

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        layout.use_property_split = True
        layout.prop(choices, "colour_map")
        layout.prop(choices, "layer")
        layout.prop(choices, "own_range")
        if choices.own_range:
            layout.prop(choices, "range")
        layout.prop(choices, "point_radius_m")
        layout.prop(choices, "show_inferred")
        layout.operator("lexel.add_legend", icon="COLOR")
        if context.scene.view_settings.view_transform != "Standard":
            transform = context.scene.view_settings.view_transform
            layout.label(text=f"Colours pass through {transform}", icon="INFO")
            layout.operator("lexel.standard_view")


class LEXEL_PT_history(_Part, bpy.types.Panel):  # noqa: N801
    bl_label = "History"

    def draw(self, context: Any) -> None:
        column = self.layout.column(align=True)
        for item in reversed(context.scene.lexel.history):
            column.operator("lexel.ask_again", text=item.text, emboss=False).text = item.text


class LEXEL_PT_askable(_Panel, bpy.types.Panel):  # noqa: N801
    bl_label = "This Scene"
    bl_parent_id = "LEXEL_PT_ask"
    bl_options = frozenset({"DEFAULT_CLOSED"})

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        layout.use_property_split = True
        layout.prop(choices, "engine")
        layout.prop(choices, "most_views")
        layout.use_property_split = False  # the long name needs the whole width
        layout.prop(choices, "embedded")
        layout.operator("lexel.make_askable", icon="OUTLINER_OB_CAMERA")


class LEXEL_PT_scan(_Panel, bpy.types.Panel):  # noqa: N801
    bl_label = "A Scan"
    bl_parent_id = "LEXEL_PT_ask"
    bl_options = frozenset({"DEFAULT_CLOSED"})

    def draw(self, context: Any) -> None:
        layout, choices = self.layout, context.scene.lexel
        for name in ("scan", "view", "quick", "embedded"):
            layout.prop(choices, name)
        for words, operator, icon in (
            ("labels", "lexel.complete", "MOD_REMESH"),
            ("descriptions", "lexel.locate", "VIEWZOOM"),
        ):
            column = layout.column(align=True)
            column.prop(choices, words, text="")
            column.operator(operator, icon=icon)


def _entries(layout: Any, choices: Any, facts: Any) -> None:
    """A line for each query: its colour, its text, whether it is there."""
    column = layout.column(align=True)
    for number, entry in enumerate(facts.entries):
        row = column.row(align=True)
        swatch = row.row()
        swatch.ui_units_x = 1
        swatch.prop(entry, "colour", text="")
        shown = choices.mode == Mode.HEAT and number == min(choices.query, len(facts.entries) - 1)
        row.operator("lexel.show_query", text=entry.text, depress=shown).query = number
        column.label(text=entry.said, icon="BLANK1")


def _message(layout: Any, facts: Any) -> None:
    column = layout.column(align=True)
    column.alert = facts.is_error
    for number, line in enumerate(_lines(facts.message)):
        icon = "BLANK1" if number else "ERROR" if facts.is_error else "INFO"
        column.label(text=line, icon=icon)
    if facts.progress or session.current().builder.busy:
        row = layout.row(align=True)
        row.prop(facts, "progress", text="", slider=True)
        row.operator("lexel.cancel", text="", icon="X")


def _lines(message: str) -> list[str]:
    """A message in lines that fit the sidebar; no lines of none. Blender cuts long words."""
    lines: list[str] = []
    for word in message.split():
        if lines and len(lines[-1]) + 1 + len(word) <= _WIDTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


CLASSES = (
    LEXEL_PT_ask,
    LEXEL_PT_meaning,
    LEXEL_PT_threshold,
    LEXEL_PT_objects,
    LEXEL_PT_look,
    LEXEL_PT_history,
    LEXEL_PT_askable,
    LEXEL_PT_scan,
)


def _in_menu(menu: Any, _context: Any) -> None:
    menu.layout.operator("lexel.open_field", text="Lexel Field (field.json)")
    menu.layout.operator("lexel.open_recipe", text="Lexel Recipe (.json)")
    menu.layout.operator("lexel.open_results", text="Lexel Results (result.json, .obj, .ply)")


def register(undo: ExitStack) -> None:
    register_classes(CLASSES, undo)
    bpy.types.TOPBAR_MT_file_import.append(_in_menu)
    undo.callback(bpy.types.TOPBAR_MT_file_import.remove, _in_menu)
