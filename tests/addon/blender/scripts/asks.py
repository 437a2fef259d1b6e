"""A field opened and asked through the extension: scores, colours and the panel's words."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np
from extension import facts, installed, part, settle, traces
from flat import photograph


def main(folder: Path, given: dict) -> dict:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    before = traces()
    with installed(given["archive"]):
        clouds = part("blender.clouds")
        bpy.ops.lexel.open_field(filepath=given["field"])
        settle()
        cloud, choices = bpy.context.scene.lexel.cloud, bpy.context.scene.lexel
        told, seen = [], {"places": clouds.get_places(cloud.data)}
        spread_out(cloud, given["side"])
        for number, chosen in enumerate(given["asked"]):
            for name, value in chosen.items():
                setattr(choices, name, value)
            settle()
            data = cloud.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
            seen[f"scores-{number}"] = clouds.get_column(data, "lexel_score")
            seen[f"picture-{number}"] = photograph(folder, given["side"])
            bpy.ops.lexel.select_points()
            seen[f"found-{number}"] = clouds.get_column(cloud.data, "lexel_found")
            told.append(facts())
        history = [item.text for item in choices.history]
        bpy.context.scene.lexel.text = "one more"  # is still being answered when it is switched off
    np.savez(folder / "seen.npz", **seen)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return {"told": told, "history": history, "before": before, "after": traces()}


def spread_out(cloud, side: int) -> None:
    """Put the points on a grid, where a picture shows each."""
    place = np.arange(side * side)
    xyz = np.stack([place % side, place // side, 0 * place], axis=1).astype(np.float32)
    cloud.data.attributes["position"].data.foreach_set("vector", xyz.reshape(-1))
    bpy.context.scene.lexel.point_radius_m = 0.45
