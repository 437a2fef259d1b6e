"""Opening a field: its points become a cloud that is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from lexel.errors import InputError

from . import session
from .clouds import fitting_radius, new_cloud
from .colouring import give_material

MANIFEST = "field.json"


def folder_of(path: Path) -> Path:
    """The folder of a field, whether it or a file in it was chosen."""
    return path.parent if path.name == MANIFEST else path


def open_cloud(folder: Path) -> Any:
    """A cloud of a field's points, asked from now on.

    Raises:
        LexelError: there is no field, or a file of it is wrong.
    """
    field = session.current().field(str(folder))
    if not len(field.xyz_m):
        raise InputError("the field has no points", where=folder)
    radius_m = fitting_radius(field.xyz_m)
    cloud = new_cloud(field.name, field.xyz_m, field.rgb, field.columns(), radius_m)
    stored = field.askable.stored
    give_material(cloud, stored.manifest.num_codes)
    cloud.lexel.path, cloud.lexel.sha256 = str(folder), stored.sha256
    cloud.lexel.points = field.version
    choices = bpy.context.scene.lexel
    choices.cloud, choices.point_radius_m = cloud, radius_m  # asks
    if choices.own_negatives:
        choices.negatives = "; ".join(stored.info.scoring.negatives)
    return cloud
