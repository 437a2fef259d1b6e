"""The words that mark every output of untrained weights, and the head of every file we write."""

from __future__ import annotations

from lexel.io.names import one_line

MEANINGLESS = "MEANINGLESS: untrained weights"
FRAME = "frame: world, metres, right-handed, Z up, Y forward"


def comments(text: str | None, *, meaningless: bool) -> list[str]:
    """Comment lines (without the comment sign) that say what a geometry file is."""
    lines = ["made by Lexel", FRAME]
    if text is not None:
        lines.append(f"label: {one_line(text)}")
    if meaningless:
        lines.append(MEANINGLESS)
    return lines
