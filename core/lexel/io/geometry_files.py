"""From a path to a `Geometry`: a mesh or cloud without images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lexel.errors import SceneError
from lexel.io.geometry_frame import bring_home
from lexel.io.gltf_geometry import read_gltf_geometry
from lexel.io.notes import Notes
from lexel.io.obj_geometry import read_obj_geometry
from lexel.io.pcd_geometry import read_pcd_geometry
from lexel.io.ply_geometry import read_ply_geometry
from lexel.io.raw_geometry import RawGeometry
from lexel.io.stl_geometry import read_stl_geometry
from lexel.io.unit_cube import placed
from lexel.io.xyz_geometry import read_xyz_geometry
from lexel.progress import Progress, Silent
from lexel.scene import Geometry

GEOMETRY_SUFFIXES: dict[str, Callable[[Path, Notes], RawGeometry]] = {
    ".ply": read_ply_geometry,
    ".pcd": read_pcd_geometry,
    ".xyz": read_xyz_geometry,
    ".obj": read_obj_geometry,
    ".stl": read_stl_geometry,
    ".glb": read_gltf_geometry,
    ".gltf": read_gltf_geometry,
}


def load_geometry(path: str | Path, *, progress: Progress | None = None) -> Geometry:
    """A mesh, a coloured cloud or 3D Gaussians: checked, in metres, Z up.

    Args:
        path: a file.
        progress: is told of every repair.

    Raises:
        SceneError: with what is wrong, where, and what to do.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in GEOMETRY_SUFFIXES:
        raise SceneError(
            "is no mesh or cloud of a known kind",
            where=file,
            got=suffix or "no suffix",
            do=f"Give {', '.join(GEOMETRY_SUFFIXES)}.",
        )
    if not file.is_file():
        raise SceneError("does not exist", where=file, do="Check the path.")
    notes = Notes(progress or Silent())
    raw = placed(GEOMETRY_SUFFIXES[suffix](file, notes), str(file), notes)
    return bring_home(raw, file.stem, suffix, str(file), notes)
