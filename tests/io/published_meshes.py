"""Writes meshes the way Semantic Abstraction's published program does."""

from pathlib import Path

import numpy as np
from skimage import measure

LATTICE = 240


def unit_cube_mesh(low, size):
    """Vertices and faces of a filled box of the lattice: its surface by marching cubes."""
    volume = np.pad(np.ones(size, np.float32), 1)
    vertices, faces, _, _ = measure.marching_cubes(volume, 0.5)
    return (vertices - 1 + np.array(low) - LATTICE / 2) / LATTICE, faces


def write_published(path: Path, low, size) -> Path:
    """`v`, `vn` and `f` lines: no normals in faces, no material, no colour."""
    vertices, faces = unit_cube_mesh(low, size)
    lines = [f"v {x} {y} {z}" for x, y, z in vertices]
    lines += [f"vn {x} {y} {z}" for x, y, z in vertices]
    lines += ["f {} {} {}".format(*(face + 1)) for face in faces]
    path.write_text("\n".join(lines) + "\n")
    return path
