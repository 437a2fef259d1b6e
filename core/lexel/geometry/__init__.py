"""Geometry on plain arrays: transforms, cameras, voxel grids, TSDF, floors. numpy only.

Frames and conventions: docs/conventions.md. Modules are imported by name, e.g.
`from lexel.geometry.cameras import back_project`.
"""
