"""Objects of the scene that match a query: selected, isolated, hidden or collected.

The service tells which codes each object of a scene has, and how much of it. An object matches when
most of what was seen of it has a code above the threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
import numpy.typing as npt

from lexel.errors import InputError

from ..asking import Reply
from .clouds import get_column
from .names import CODE, GROUP

_HIDDEN = "lexel_hidden"  # custom property of what was hidden here
_COLLECTED = "lexel_query"  # custom property of collections that were made here
_SHARE = 0.5


def found_things(cloud: Any, reply: Reply) -> list[Any]:
    """Objects that match, the best first; those that were removed since are left out.

    Raises:
        InputError: what is shown is no answer about codes.
    """
    shown, things = reply.shown, cloud.lexel.things
    if not np.array_equal(shown.index, get_column(cloud.data, CODE)):
        raise InputError("this is no answer about objects", do="Ask for a thing by its name.")
    shares = [_share(item.codes, shown.found) for item in things]
    best = np.argsort([-share for share in shares], kind="stable")
    return [things[n].thing for n in best if shares[n] >= _SHARE and things[n].thing is not None]


def _share(codes: Any, found: npt.NDArray[np.bool_]) -> float:
    """How much of an object is found, of that part whose codes are known."""
    known = [held for held in codes if held.code < len(found)]
    seen = sum(held.share for held in known)
    return sum(held.share for held in known if found[held.code]) / seen if seen else 0.0


def select(context: Any, found: Sequence[Any]) -> None:
    """Select these objects and no others."""
    for thing in context.view_layer.objects:
        thing.select_set(thing in found)
    context.view_layer.objects.active = found[0] if found else None


def hide(context: Any, found: Sequence[Any]) -> None:
    """Hide these objects in the 3D View and in renders."""
    for thing in found:
        if not thing.hide_render:
            thing.hide_render = thing.hide_viewport = True
            thing[_HIDDEN] = True


def isolate(context: Any, found: Sequence[Any]) -> None:
    """Hide all others that the field knows, its own points included."""
    cloud = context.scene.lexel.cloud
    others = [item.thing for item in cloud.lexel.things if item.thing is not None]
    hide(context, [thing for thing in (*others, cloud) if thing not in found])


def collect(context: Any, found: Sequence[Any]) -> None:
    """Link these objects to a collection with the query's name, and no others the field knows."""
    group = _group(context.scene, context.scene.lexel.text.strip() or GROUP)
    known = {item.thing for item in context.scene.lexel.cloud.lexel.things}
    for thing in [thing for thing in group.objects if thing in known and thing not in found]:
        group.objects.unlink(thing)
    for thing in found:
        if thing.name not in group.objects:
            group.objects.link(thing)


def _group(scene: Any, query: str) -> Any:
    """The collection that was made for a query; never one of the user's that is called so."""
    mine = (group for group in scene.collection.children if group.get(_COLLECTED) == query)
    group = next(mine, None)
    if group is None:
        group = bpy.data.collections.new(query)
        group[_COLLECTED] = query
        scene.collection.children.link(group)
    return group


def show_all(context: Any) -> None:
    """Show what `hide` and `isolate` hid."""
    for thing in context.scene.objects:
        if thing.pop(_HIDDEN, False):
            thing.hide_render = thing.hide_viewport = False
