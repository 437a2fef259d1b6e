"""A procedural world of furnished rooms: the ground on which the embedded weights are trained.

Everything is seeded: the same seed gives the same bytes.
"""
