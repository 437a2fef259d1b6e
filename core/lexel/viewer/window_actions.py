"""What the window itself can do: the first entries of the list of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lexel.scene.colour_ramp import RAMPS
from lexel.scene.recipe import Mode, Projection
from lexel.viewer.actions import Action
from lexel.viewer.canvas_hands import Tool
from lexel.viewer.choices import NOTHING
from lexel.viewer.drawing.moves import Direction
from lexel.viewer.selecting import example_of

if TYPE_CHECKING:
    from lexel.viewer.window import ViewerWindow

_MODES = {
    Mode.RGB: "RGB",
    Mode.HEAT: "Heat",
    Mode.LABEL: "Labels",
    Mode.AGREEMENT: "Agreement of views",
    Mode.NORMALS: "Normals",
}
_TOOLS = {Tool.NAVIGATE: ("Move", "V"), Tool.LASSO: ("Lasso", "L"), Tool.MEASURE: ("Measure", "M")}


def add_actions(window: ViewerWindow) -> None:
    """Put them into the window's list."""
    for actions in (_general, _ask, _select, _look):
        window.actions_list.add(*actions(window))
    for mode, name in _MODES.items():
        window.actions_list.add(_mode_action(window, mode, name))
    for ramp in RAMPS:
        window.actions_list.add(_ramp_action(window, ramp))
    for number, direction in enumerate(Direction, start=1):
        window.actions_list.add(_direction_action(window, direction, number))
    for tool, (name, key) in _TOOLS.items():
        window.actions_list.add(_tool_action(window, tool, name, key))


def _general(window: ViewerWindow) -> list[Action]:
    state = window.state
    return [
        Action("Undo", "Edit", state.undo, "Ctrl+Z", enabled=lambda: state.can_undo),
        Action("Redo", "Edit", state.redo, "Ctrl+Shift+Z", enabled=lambda: state.can_redo),
        Action("Find an action…", "Help", window.open_palette, "Ctrl+P"),
        Action("Mouse and keys", "Help", window.show_hint, "F1", lambda: state.field is not None),
    ]


def _ask(window: ViewerWindow) -> list[Action]:
    state, edit = window.state, window.query_bar.edit

    def type_anew() -> None:
        edit.setFocus()
        edit.selectAll()

    return [
        Action("Type a query", "Ask", type_anew, "Ctrl+F", lambda: state.field is not None),
        Action(
            "Ask nothing",
            "Ask",
            lambda: state.choose(text="", examples=()),
            enabled=lambda: bool(state.choices.text or state.choices.examples),
        ),
        Action(
            "Compare two queries",
            "Ask",
            window.area.compare,
            "Ctrl+D",
            lambda: state.field is not None,
            lambda: state.choices.compare is not None,
        ),
    ]


def _select(window: ViewerWindow) -> list[Action]:
    state = window.state

    def some() -> bool:
        return len(state.choices.selection) > 0

    def find_similar() -> None:
        if state.field is not None:
            state.settle()
            example = example_of(state.field, state.choices.selection)
            mode = state.choices.mode if state.choices.mode is Mode.LABEL else Mode.HEAT
            state.choose(text="", examples=(example,), query=0, layer=None, mode=mode)

    def isolate() -> None:
        state.choose(isolated=not state.choices.isolated)

    def select_nothing() -> None:
        state.choose(selection=NOTHING, isolated=False)

    return [
        Action("Find similar", "Select", find_similar, "Ctrl+E", some),
        Action("Isolate", "Select", isolate, "Ctrl+I", some, lambda: state.choices.isolated),
        Action("Select nothing", "Select", select_nothing, "Ctrl+Shift+A", some),
        Action("Frame selection", "Select", window.frame_selection, "Ctrl+0", some),
    ]


def _look(window: ViewerWindow) -> list[Action]:
    state, canvas = window.state, window.area.main.canvas

    def opened() -> bool:
        return state.field is not None

    def orthographic() -> bool:
        return canvas.camera is not None and canvas.camera.orthographic

    def project() -> None:
        flat = Projection.PERSPECTIVE if orthographic() else Projection.ORTHOGRAPHIC
        canvas.set_projection(flat)

    def show_inferred() -> None:
        state.choose(show_inferred=not state.choices.show_inferred)

    def see_inside() -> None:
        state.choose(see_inside=not state.choices.see_inside)

    return [
        Action(
            "See inside",
            "View",
            see_inside,
            "Ctrl+B",
            lambda: state.field is not None and state.field.points.normals is not None,
            lambda: state.choices.see_inside,
        ),
        Action("See everything", "View", canvas.frame_box, "Ctrl+Home", opened),
        Action("Orthographic", "View", project, "Ctrl+5", opened, orthographic),
        Action(
            "Inferred points",
            "View",
            show_inferred,
            enabled=opened,
            checked=lambda: state.choices.show_inferred,
        ),
    ]


def _mode_action(window: ViewerWindow, mode: Mode, name: str) -> Action:
    state = window.state

    def possible() -> bool:
        field = state.field
        known = field is not None and field.points.normals is not None
        return field is not None and (mode is not Mode.NORMALS or known)

    return Action(
        name,
        "View/Colours",
        lambda: state.choose(mode=mode),
        enabled=possible,
        checked=lambda: state.choices.mode is mode,
    )


def _ramp_action(window: ViewerWindow, ramp: str) -> Action:
    state = window.state
    return Action(
        f"Colour map {ramp}",
        "View/Colour map",
        lambda: state.choose(colour_map=ramp),
        checked=lambda: state.choices.colour_map == ramp,
    )


def _direction_action(window: ViewerWindow, direction: Direction, number: int) -> Action:
    return Action(
        f"From {direction.name.lower()}",
        "View/Look from",
        lambda: window.area.main.canvas.look_from(direction),
        f"Alt+{number}",
        lambda: window.state.field is not None,
    )


def _tool_action(window: ViewerWindow, tool: Tool, name: str, key: str) -> Action:
    area = window.area

    return Action(
        name,
        "Edit/Tool",
        lambda: area.use(tool),
        f"Ctrl+Alt+{key}",
        lambda: window.state.field is not None,
        lambda: area.tool is tool,
    )
