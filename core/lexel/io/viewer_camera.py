"""The camera that somebody looks through, from a JSON file: a recipe, or a camera alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from lexel.io.check_camera import check_rigid
from lexel.io.json_files import read_json_object
from lexel.io.typed_json import JsonObject


def load_viewer_camera(path: Path) -> npt.NDArray[np.float64]:
    """(4, 4) world_from_camera of `{"world_from_camera": …}` or `{"camera": {…}}`.

    Raises:
        SceneError: there is none, or it is no rigid transform.
    """
    facts = JsonObject(read_json_object(path), path)
    camera = facts.optional_inner("camera") or facts
    pose = camera.array("world_from_camera", (4, 4))
    check_rigid(pose, str(path))
    return pose
