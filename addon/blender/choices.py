"""What a user sets and sees, as Blender's properties: undone, saved and drawn by Blender itself.

Choices belong to the scene and are saved with it, by the viewer's names and defaults. Facts follow
from them; they belong to the window manager, are never saved, and undo leaves them alone.
"""

# No `from __future__ import annotations`: Blender reads the properties from the annotations.

from contextlib import ExitStack
from typing import Any

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    FloatVectorProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)

from lexel.scene.colour_ramp import DEFAULT_RAMP, RAMPS
from lexel.scene.recipe import Look, Mode

from . import results_in, session
from .classes import register_classes

_MODES = (
    (Mode.HEAT, "Heat", "How true one query is of every point"),
    (Mode.LABEL, "Label", "Which query is the most true, where any is"),
    (Mode.RGB, "Photo", "The points' own colours"),
    (Mode.AGREEMENT, "Agreement", "How far the views agree about what a point is"),
)
_ENGINES = (
    ("AUTO", "Automatic", "EEVEE where a graphics card draws, else Cycles"),
    ("BLENDER_WORKBENCH", "Workbench", "Quick and plain"),
    ("BLENDER_EEVEE", "EEVEE", ""),
    ("CYCLES", "Cycles", "On the processor"),
)


def _asks(_choices: Any, context: Any) -> None:
    """A choice changed: ask again."""
    session.current().ask(context.scene)


def _resizes(choices: Any, _context: Any) -> None:
    session.current().resize(choices)


def _shows_inferred(choices: Any, context: Any) -> None:
    results_in.show_inferred(context.scene, choices.show_inferred)
    session.current().overlay.forget()


def _layers(choices: Any, _context: Any, typed: str) -> list[str]:
    """Names of the field's layers that hold what was typed."""
    field = session.current().opened(choices.cloud.lexel.path) if choices.cloud else None
    return [name for name in (field.layers if field else ()) if typed.lower() in name.lower()]


def _is_cloud(_choices: Any, thing: Any) -> bool:
    return bool(thing.lexel.path)


class LexelCode(bpy.types.PropertyGroup):
    """A code that an object's points have."""

    code: IntProperty()
    share: FloatProperty(description="How much of what was seen of the object has it")


class LexelThing(bpy.types.PropertyGroup):
    """An object of the scene that a field was made of."""

    thing: PointerProperty(type=bpy.types.Object)
    codes: CollectionProperty(type=LexelCode)


class LexelCloud(bpy.types.PropertyGroup):
    """On an object: the field that its points come from."""

    path: StringProperty(name="Field", subtype="DIR_PATH")
    sha256: StringProperty(name="Version", description="sha256 of its field.json")
    points: StringProperty(name="Version of the points", description="sha256 of its points.ply")
    things: CollectionProperty(type=LexelThing)


class LexelAsked(bpy.types.PropertyGroup):
    """A text that was asked before."""

    text: StringProperty()


class LexelChoices(bpy.types.PropertyGroup):
    """On a scene: what is asked of which points, and how it is shown."""

    cloud: PointerProperty(
        name="Points", type=bpy.types.Object, poll=_is_cloud, update=_asks,
        description="The field that is asked",
    )  # fmt: skip
    text: StringProperty(
        name="Query", update=_asks, options={"TEXTEDIT_UPDATE"},
        description='What to look for: "mug; chair -table", "the lamp on the desk"',
    )  # fmt: skip
    own_negatives: BoolProperty(
        name="The field's negatives", default=True, update=_asks,
        description="Contrast with the phrases that the field was built with",
    )  # fmt: skip
    negatives: StringProperty(
        name="Negatives", default="object; things; stuff; texture", update=_asks,
        options={"TEXTEDIT_UPDATE"}, description="Phrases that nothing must be taken for",
    )  # fmt: skip
    balance: FloatProperty(
        name="Visual – sentence", min=0, max=1, subtype="FACTOR", update=_asks,
        description="0: what things look like. 1: what their names mean",
    )  # fmt: skip
    query: IntProperty(name="Shown query", min=0, update=_asks)
    mode: EnumProperty(
        name="Colours", items=[(str(m), *words) for m, *words in _MODES], default=str(Mode.HEAT),
        update=_asks,
    )  # fmt: skip
    layer: StringProperty(
        name="Layer", update=_asks, search=_layers,
        description="A layer of the field, shown as heat in place of an answer",
    )  # fmt: skip
    suggested: BoolProperty(
        name="Suggested threshold", default=True, update=_asks,
        description="From the scores a thing of each kind usually has",
    )  # fmt: skip
    threshold: FloatProperty(
        name="Threshold", default=0.5, min=0, max=1, subtype="FACTOR", update=_asks,
        description="The score from which on a point is found",
    )  # fmt: skip
    colour_map: EnumProperty(
        name="Colour map", items=[(name, name.capitalize(), "") for name in RAMPS],
        default=DEFAULT_RAMP, update=_asks,
    )  # fmt: skip
    own_range: BoolProperty(
        name="Own range", update=_asks, description="Scores where the colours of heat begin and end"
    )
    range: FloatVectorProperty(name="Range", size=2, default=(0.5, 1.0), update=_asks)
    over_rgb: FloatProperty(
        name="Over photo", default=Look().over_rgb, min=0, max=1, subtype="FACTOR", update=_asks,
        description="How much colours cover those of the points",
    )  # fmt: skip
    point_radius_m: FloatProperty(
        name="Point radius", default=0.01, min=0.0001, soft_max=0.1, precision=4,
        subtype="DISTANCE", update=_resizes,
    )  # fmt: skip
    show_inferred: BoolProperty(
        name="Inferred", default=True, update=_shows_inferred,
        description="Show what nobody saw, but a network says that it is there: hatched points and "
        "translucent objects",
    )  # fmt: skip
    history: CollectionProperty(type=LexelAsked)
    scan: StringProperty(
        name="Scan", subtype="FILE_PATH",
        description="An RGB-D scene: its file (.pkl, .r3d), or any file in its folder",
    )  # fmt: skip
    view: IntProperty(name="View", min=0, description="Which view of a recording, from 0")
    labels: StringProperty(
        name="Labels", description='What to complete: "chair; mirror". Blank: what the scan names'
    )
    descriptions: StringProperty(
        name="Descriptions",
        description='What to locate: "the mug behind the lamp". Blank: what the scan names',
    )
    quick: BoolProperty(
        name="Quick", default=True,
        description="Read the picture in fewer pieces: seconds for minutes, a little less exact",
    )  # fmt: skip
    engine: EnumProperty(
        name="Engine", items=_ENGINES, description="Draws the photographs that a field is made of"
    )
    most_views: IntProperty(
        name="Photographs", default=24, min=1, soft_max=46,
        description="At most; each takes a second or so",
    )  # fmt: skip
    embedded: BoolProperty(
        name="Use Lexel's own weights", default=False,
        description="Small, offline and weak: they know a synthetic world only. Off: the published "
        "ones, which Lexel must have downloaded",
    )  # fmt: skip


class LexelEntry(bpy.types.PropertyGroup):
    """One query's answer, a line of the legend."""

    text: StringProperty()
    colour: FloatVectorProperty(subtype="COLOR_GAMMA", size=3, min=0, max=1)
    said: StringProperty(description="Whether it is there")


class LexelFacts(bpy.types.PropertyGroup):
    """On the window manager: what came of the choices."""

    message: StringProperty(description="What is wrong and what to do, or what is being done")
    is_error: BoolProperty()
    entries: CollectionProperty(type=LexelEntry)
    suggested: FloatProperty(name="Suggested threshold")
    num_found: IntProperty(name="Points found")
    bar_title: StringProperty()
    bar_ends: StringProperty()
    progress: FloatProperty(min=0, max=1, subtype="FACTOR")


CLASSES = (LexelCode, LexelThing, LexelCloud, LexelAsked, LexelChoices, LexelEntry, LexelFacts)
_PLACES = (
    (bpy.types.Object, LexelCloud),
    (bpy.types.Scene, LexelChoices),
    (bpy.types.WindowManager, LexelFacts),
)


def register(undo: ExitStack) -> None:
    register_classes(CLASSES, undo)
    for owner, kind in _PLACES:
        owner.lexel = PointerProperty(type=kind)
        undo.callback(delattr, owner, "lexel")
