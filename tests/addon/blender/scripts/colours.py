"""A cloud with an answer on it: what Blender evaluates and what Cycles draws."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from flat import photograph

from addon.blender.clouds import get_column, new_cloud
from addon.blender.colouring import give_material, mark_found, show
from addon.blender.names import FOUND, SCORE
from addon.shown import Shown


def main(folder: Path, given: dict) -> dict:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    points = np.load(folder / "points.npz")
    side = given["side"]
    place = np.arange(side * side)
    xyz = np.stack([place % side, place // side, 0 * place], axis=1).astype(np.float32)
    cloud = new_cloud("grid", xyz, points["rgb"], {"code": points["index"]}, 0.45)
    give_material(cloud, 1)
    pictures, scores, found = [], [], []
    for number, over_rgb in enumerate(given["over_rgb"]):
        answer = np.load(folder / f"answer-{number}.npz")
        shown = Shown(points["index"], answer["table"], answer["score"], answer["score"] > 0.5)
        show(cloud, shown, over_rgb, new_index=number == 0)
        mark_found(cloud, shown)
        seen = cloud.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        scores.append(get_column(seen, SCORE))
        found.append(get_column(seen, FOUND))
        pictures.append(photograph(folder, side))
    np.savez(folder / "seen.npz", pictures=pictures, scores=scores, found=found)
    return {"type": cloud.type, "objects": len(bpy.data.objects), "meshes": len(bpy.data.meshes)}
