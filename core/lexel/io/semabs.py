"""Semantic Abstraction's scene: a pickled dict with one view and the words to ask.

Keys: `rgb` uint8 (h, w, 3), `depth` float32 (h, w) metres, `cam_intr` 3 x 3 (or 4 x 4) with pixel
centres at integers, `cam_extr` 4 x 4 world from camera, `ovssc_obj_classes` list of labels,
`descriptions` list of (target, relation, reference), optional `img_shape` (width, height) to
resize to. The world is Z up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lexel.errors import SceneError, brief
from lexel.geometry.cameras import intrinsics_from_published
from lexel.io.check_camera import as_matrix
from lexel.io.pickles import load_plain
from lexel.io.recording import RawView, Recording, Up

_NEEDED = ("rgb", "depth", "cam_intr", "cam_extr")


def open_semabs(path: Path) -> Recording:
    """The recording in a scene pickle; its arrays are read now, as a pickle has no index."""
    scene = load_plain(path)
    if not isinstance(scene, dict):
        raise SceneError(
            "is no scene: it should hold a dict",
            where=path,
            got=type(scene).__name__,
            do=f"Give the keys {', '.join(_NEEDED)}.",
        )
    missing = [key for key in _NEEDED if key not in scene]
    if missing:
        raise SceneError(
            f"lacks {', '.join(missing)}",
            where=path,
            got=f"keys {brief(list(scene))}",
            do="Add what is missing.",
        )
    return Recording(
        path=path,
        kind="Semantic Abstraction scene",
        name=path.stem,
        num_views=1,
        up=Up.Z,
        read_view=lambda _: _view(path, scene),
        read_pose=lambda _: scene["cam_extr"],
        labels=_or_none(scene, "ovssc_obj_classes"),
        descriptions=_or_none(scene, "descriptions"),
        declares_labels="ovssc_obj_classes" in scene,
    )


def _view(path: Path, scene: dict[Any, Any]) -> RawView:
    k = as_matrix(scene["cam_intr"], f"{path}, cam_intr", ((3, 3), (4, 4)))
    return RawView(
        where=str(path),
        rgb=scene["rgb"],
        depth_m=scene["depth"],
        intrinsics=intrinsics_from_published(k[:3, :3]),
        world_from_camera=np.array(as_matrix(scene["cam_extr"], f"{path}, cam_extr", _POSES)),
        resize_px=scene.get("img_shape"),
        names=_NEEDED,
    )


_POSES = ((4, 4), (3, 4))


def _or_none(scene: dict[Any, Any], key: str) -> Any:
    value = scene.get(key)
    return () if value is None else value
