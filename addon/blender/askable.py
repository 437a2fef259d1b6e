"""Making the open scene askable: photographs of it become a field whose codes are its objects'."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from lexel.errors import InputError
from lexel.fields.viewpoints import choose_viewpoints

from ..jobs import BuiltField, build_field
from ..photograph import Photograph
from . import opening, session
from .preferences import data_place
from .studio import Studio, best_engine
from .surfaces import solid_objects, surface_points

_SAMPLE = 20_000
_SIZE_PX = (512, 384)
_MOST_OBJECTS = 32_767  # Blender's pass index holds no more


def engine_of(choice: str) -> str:
    """Blender's name of the engine that was chosen."""
    return best_engine() if choice == "AUTO" else choice


class Making:
    """A scene on its way to a field; `views` yields after each photograph.

    Raises:
        InputError: there is nothing to photograph.
    """

    def __init__(self, context: Any, engine: str, most_views: int) -> None:
        self._scene, self._engine = context.scene, engine
        self.things = solid_objects(context)[:_MOST_OBJECTS]
        points = surface_points(context.evaluated_depsgraph_get(), self.things, _SAMPLE)
        if not len(points):
            raise InputError("there is no surface to photograph", do="Select or show some meshes.")
        poses = choose_viewpoints(points)
        every = np.linspace(0, len(poses) - 1, min(most_views, len(poses))).round().astype(int)
        self._poses = [poses[number] for number in every]
        self.photographs: list[Photograph] = []

    def views(self) -> Generator[float, None, None]:
        """Take one photograph after the other; how many of all are taken."""
        with Studio(self._scene, self.things, self._engine, _SIZE_PX) as studio:
            for number, pose in enumerate(self._poses, start=1):
                photograph = studio.take(pose)
                if (photograph.ids > 0).any():
                    self.photographs.append(photograph)
                yield number / len(self._poses)

    def build(self, embedded: bool) -> None:
        """Have the service build the field; the session opens it when it is there.

        Raises:
            InputError: no photograph shows anything.
        """
        if not self.photographs:
            raise InputError("nothing is seen in the photographs", do="Are faces turned inwards?")
        # By name: undoing makes all objects anew, and minutes will pass.
        names = [thing.name_full for thing in self.things]
        session.current().have_done(
            partial(
                build_field,
                photographs=self.photographs,
                out=_field_place(self._scene.name),
                weights="embedded" if embedded else None,
            ),
            partial(_add_field, names),
        )


def _add_field(names: Sequence[str], built: BuiltField) -> None:
    """Open the field, and note whose codes are whose; objects that have gone are left out."""
    session.current().close_fields()  # an older field may lie there
    cloud = opening.open_cloud(built.path)
    for number, name in enumerate(names, start=1):
        if (thing := bpy.data.objects.get(name)) is None:
            continue
        item = cloud.lexel.things.add()
        item.thing = thing
        for code, share in built.codes.get(number, ()):
            held = item.codes.add()
            held.code, held.share = code, share


def _field_place(scene: str) -> Path:
    """A scene of another file has another place, though most are called Scene."""
    file = bpy.data.filepath
    return data_place(f"{Path(file).stem} {scene}", file or uuid.uuid4().hex).with_suffix(".lexel")
