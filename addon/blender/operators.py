"""What can be done: each operator calls one function, and says what went wrong."""

# No `from __future__ import annotations`: Blender reads the properties from the annotations.

from abc import abstractmethod
from collections.abc import Callable, Sequence, Set
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bpy
from bpy.props import IntProperty, StringProperty

from lexel.errors import InputError, LexelError

from ..jobs import COMPLETE, LOCATE
from . import (
    askable,
    choosing,
    legend_objects,
    matching,
    opening,
    replaying,
    results_in,
    scans,
    session,
)
from .classes import register_classes
from .names import GROUP

_UNDOABLE, _OTHER = frozenset({"REGISTER", "UNDO"}), frozenset({"REGISTER"})


class _Lexel:
    """What the operators have in common: they do `work`, or report why not."""

    bl_options: Set[str] = _UNDOABLE
    report: Any

    @abstractmethod
    def work(self, context: Any) -> str:
        """Do it; what to tell the user, or nothing."""

    def execute(self, context: Any) -> set[str]:
        try:
            done = self.work(context)
        except LexelError as error:
            session.current().fail(error)
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        if done:
            self.report({"INFO"}, done)
        return {"FINISHED"}


class _OnAnswer(_Lexel):
    @classmethod
    def poll(cls, context: Any) -> bool:
        return context.scene.lexel.cloud is not None and session.current().reply is not None


class _Import(_Lexel):
    """Asks for a file first."""

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="field.json", options={"HIDDEN"})

    def invoke(self, context: Any, _event: Any) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}


class LexelOpenField(_Import, bpy.types.Operator):
    """Open a field: choose the field.json in its folder NAME.lexel"""

    bl_idname, bl_label = "lexel.open_field", "Open Lexel Field"

    def work(self, context: Any) -> str:
        cloud = opening.open_cloud(opening.folder_of(Path(self.filepath)))
        return f"{len(cloud.data.points):,} points"


class LexelOpenResults(_Import, bpy.types.Operator):
    """Open what lexel complete and locate wrote (choose result.json), or an .obj or .ply"""

    bl_idname, bl_label = "lexel.open_results", "Open Results"
    filter_glob: StringProperty(default="result.json;*.obj;*.ply", options={"HIDDEN"})

    def work(self, _context: Any) -> str:
        group, results = results_in.add_results(results_in.place_of(Path(self.filepath)))
        said = results_in.told(group, results)
        session.current().say(said)
        return said


class LexelOpenRecipe(_Import, bpy.types.Operator):
    """Show what a recipe of the viewer's or of a figure shows, through the same camera"""

    bl_idname, bl_label = "lexel.open_recipe", "Open Recipe"
    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def work(self, _context: Any) -> str:
        return replaying.replay(Path(self.filepath)).name


class LexelAskAgain(_OnAnswer, bpy.types.Operator):
    """Ask this text again"""

    bl_idname, bl_label = "lexel.ask_again", "Ask Again"
    text: StringProperty()

    def work(self, context: Any) -> str:
        context.scene.lexel.text = self.text
        return ""


class LexelShowQuery(_OnAnswer, bpy.types.Operator):
    """Show this query as heat, and find its points"""

    bl_idname, bl_label = "lexel.show_query", "Show Query"
    query: IntProperty(min=0)

    def work(self, context: Any) -> str:
        context.scene.lexel.query = self.query
        return ""


class LexelSelectPoints(_OnAnswer, bpy.types.Operator):
    """Select the points above the threshold, for Edit Mode, and mark them as lexel_found"""

    bl_idname, bl_label = "lexel.select_points", "Select Points"

    def work(self, context: Any) -> str:
        count = choosing.select_points(context.scene.lexel.cloud, session.current().answer)
        return f"{count:,} points"


class LexelSeparatePoints(_OnAnswer, bpy.types.Operator):
    """Copy the points above the threshold into an object of their own"""

    bl_idname, bl_label = "lexel.separate_points", "Copy Points"

    def work(self, context: Any) -> str:
        cloud = choosing.copy_points(context.scene.lexel.cloud, session.current().answer)
        return f"{len(cloud.data.points):,} points"


class LexelVertexGroup(_OnAnswer, bpy.types.Operator):
    """Weight the selected meshes' vertices by the score of the nearest point"""

    bl_idname, bl_label = "lexel.vertex_group", "Vertex Group"

    def work(self, context: Any) -> str:
        meshes = [thing for thing in context.selected_objects if thing.type == "MESH"]
        if not meshes:
            raise InputError("no mesh is selected", do="Select the meshes to weight.")
        count = choosing.weight_vertices(
            context.scene.lexel.cloud, session.current().answer, meshes
        )
        return f"{count:,} vertices in the group {GROUP}"


class LexelLegend(_OnAnswer, bpy.types.Operator):
    """Put the legend or the colour bar before the scene's camera, to be rendered with it"""

    bl_idname, bl_label = "lexel.add_legend", "Add Legend"

    def work(self, context: Any) -> str:
        legend_objects.place(context.scene, session.current().answer)
        return ""


class _ForService(_Lexel):
    """Has the service do something long; one thing at a time."""

    bl_options = _OTHER

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return not session.current().builder.busy


class LexelComplete(_ForService, bpy.types.Operator):
    """Have the service complete the labels in the scan: what is seen of them, and what is not"""

    bl_idname, bl_label = "lexel.complete", "Complete Labels"

    def work(self, context: Any) -> str:
        scans.start(context.scene.lexel, COMPLETE)
        return ""


class LexelLocate(_ForService, bpy.types.Operator):
    """Have the service find where the described things are in the scan, hidden or not"""

    bl_idname, bl_label = "lexel.locate", "Locate Descriptions"

    def work(self, context: Any) -> str:
        scans.start(context.scene.lexel, LOCATE)
        return ""


class LexelMakeAskable(_ForService, bpy.types.Operator):
    """Photograph the selected objects, or all, and have the service build a field of them"""

    bl_idname, bl_label = "lexel.make_askable", "Make This Scene Askable"
    _timer: Any = None

    def work(self, context: Any) -> str:
        making = self._begin(context)
        for _ in making.views():
            pass
        making.build(context.scene.lexel.embedded)
        return ""

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """One photograph after the other, so that the window is drawn between them."""
        try:
            self._making = self._begin(context)
        except LexelError as error:
            session.current().fail(error)
            return {"CANCELLED"}
        self._views = self._making.views()
        self._timer = context.window_manager.event_timer_add(0.01, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        if event.type == "ESC":
            self._end(context)
            session.current().say("Cancelled")
            return {"CANCELLED"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            share = next(self._views, None)
        except (LexelError, RuntimeError) as error:  # the latter is how Blender's operators fail
            self._end(context)
            session.current().fail(LexelError("the scene could not be rendered", got=error))
            return {"CANCELLED"}
        if share is not None:
            session.current().say("photographing the scene; Esc stops", share)
            return {"RUNNING_MODAL"}
        self._end(context)
        return self._build(context)

    def _build(self, context: Any) -> set[str]:
        try:
            self._making.build(context.scene.lexel.embedded)
        except LexelError as error:
            session.current().fail(error)
            return {"CANCELLED"}
        return {"FINISHED"}

    def _begin(self, context: Any) -> askable.Making:
        choices = context.scene.lexel
        return askable.Making(context, askable.engine_of(choices.engine), choices.most_views)

    def _end(self, context: Any) -> None:
        context.window_manager.event_timer_remove(self._timer)
        self._views.close()


class LexelCancel(_Lexel, bpy.types.Operator):
    """Stop what the service is doing"""

    bl_idname, bl_label = "lexel.cancel", "Cancel"
    bl_options = _OTHER

    @classmethod
    def poll(cls, _context: Any) -> bool:
        return session.current().builder.busy

    def work(self, _context: Any) -> str:
        session.current().cancel()
        return ""


class LexelStandardView(_Lexel, bpy.types.Operator):
    """Show colours as they are: the view transform Standard"""

    bl_idname, bl_label = "lexel.standard_view", "Use Standard"

    def work(self, context: Any) -> str:
        context.scene.view_settings.view_transform = "Standard"
        return ""


class _Matching(_OnAnswer):
    act: Callable[[Any, Sequence[Any]], None]

    @classmethod
    def poll(cls, context: Any) -> bool:
        return super().poll(context) and bool(context.scene.lexel.cloud.lexel.things)

    def work(self, context: Any) -> str:
        found = matching.found_things(context.scene.lexel.cloud, session.current().answer)
        type(self).act(context, found)
        return f"{len(found)} objects"


class LexelSelectObjects(_Matching, bpy.types.Operator):
    """Select the objects that match"""

    bl_idname, bl_label = "lexel.select_objects", "Select"
    act = staticmethod(matching.select)


class LexelIsolateObjects(_Matching, bpy.types.Operator):
    """Hide all objects but those that match"""

    bl_idname, bl_label = "lexel.isolate_objects", "Isolate"
    act = staticmethod(matching.isolate)


class LexelHideObjects(_Matching, bpy.types.Operator):
    """Hide the objects that match"""

    bl_idname, bl_label = "lexel.hide_objects", "Hide"
    act = staticmethod(matching.hide)


class LexelCollectObjects(_Matching, bpy.types.Operator):
    """Link the objects that match to a collection named by the query"""

    bl_idname, bl_label = "lexel.collect_objects", "Collection"
    act = staticmethod(matching.collect)


class LexelShowObjects(_Lexel, bpy.types.Operator):
    """Show all objects that Isolate or Hide took away"""

    bl_idname, bl_label = "lexel.show_objects", "Show All"

    def work(self, context: Any) -> str:
        matching.show_all(context)
        return ""


CLASSES = (
    LexelOpenField,
    LexelOpenResults,
    LexelOpenRecipe,
    LexelAskAgain,
    LexelShowQuery,
    LexelSelectPoints,
    LexelSeparatePoints,
    LexelVertexGroup,
    LexelLegend,
    LexelComplete,
    LexelLocate,
    LexelMakeAskable,
    LexelCancel,
    LexelStandardView,
    LexelSelectObjects,
    LexelIsolateObjects,
    LexelHideObjects,
    LexelCollectObjects,
    LexelShowObjects,
)


def register(undo: ExitStack) -> None:
    register_classes(CLASSES, undo)
