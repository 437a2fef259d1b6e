"""A cloud with an answer on it: what Blender evaluates and what Cycles draws."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from extension import installed, part
from flat import EEVEE, photograph


def main(folder: Path, given: dict) -> dict:
    with installed(given["archive"]):
        return show_answers(folder, given)


def show_inferred(folder: Path, side: int, cloud, shown: bool) -> np.ndarray:
    """A picture of the cloud when nobody saw the first half of it, and that is shown or hidden."""
    origin = (np.arange(side * side) < side * side // 2).astype(np.int32)
    part("blender.clouds").set_column(cloud.data, "origin", origin)
    bpy.context.scene.lexel.show_inferred = shown
    return photograph(folder, side)


def show_answers(folder: Path, given: dict) -> dict:
    clouds, colouring = part("blender.clouds"), part("blender.colouring")
    points = np.load(folder / "points.npz")
    side = given["side"]
    place = np.arange(side * side)
    xyz = np.stack([place % side, place // side, 0 * place], axis=1).astype(np.float32)
    cloud = clouds.new_cloud("grid", xyz, points["rgb"], {"code": points["index"]}, 0.45)
    colouring.give_material(cloud, 1)
    pictures, scores, found = [], [], []
    for number, over_rgb in enumerate(given["over_rgb"]):
        answer = np.load(folder / f"answer-{number}.npz")
        shown = part("shown").Shown(
            points["index"], answer["table"], answer["score"], answer["score"] > 0.5
        )
        colouring.show(cloud, shown, over_rgb, new_index=number == 0)
        colouring.mark_found(cloud, shown)
        seen = cloud.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        scores.append(clouds.get_column(seen, "lexel_score"))
        found.append(clouds.get_column(seen, "lexel_found"))
        pictures.append(photograph(folder, side))
    pictures.append(photograph(folder, side, EEVEE))
    inferred = [show_inferred(folder, side, cloud, shown) for shown in (True, False)]
    np.savez(folder / "seen.npz", pictures=pictures, scores=scores, found=found, inferred=inferred)
    return {"type": cloud.type, "objects": len(bpy.data.objects), "meshes": len(bpy.data.meshes)}
