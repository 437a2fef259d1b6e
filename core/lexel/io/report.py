"""What an answer found, in words and as plain values."""

from __future__ import annotations

from typing import Any

from lexel.errors import shorten
from lexel.io.stamp import MEANINGLESS
from lexel.scene import Answer, AnswerKind, Found


def answer_summary(answer: Answer) -> dict[str, Any]:
    """The answer without its arrays, for `--json`."""
    return {
        "kind": answer.kind.value,
        "scene": answer.scene_name,
        "meaningless": answer.meaningless,
        "voxel_size_m": float(answer.voxel_size_m),
        "labels": [_found_summary(found, answer.voxel_size_m) for found in answer.found],
    }


def summary_text(answer: Answer) -> str:
    """The same for people, one line per label."""
    present = [found for found in answer.found if not found.empty]
    empty = [found for found in answer.found if found.empty]
    things = "labels" if answer.kind is AnswerKind.COMPLETION else "descriptions"
    lines = [MEANINGLESS] if answer.meaningless else []
    lines.append(
        f"{answer.kind.value} of {answer.scene_name}: {len(present)} of {len(answer.found)} "
        f"{things} found, in voxels of {1000 * answer.voxel_size_m:.1f} mm"
    )
    width = max((len(shorten(found.text, 50)) for found in present), default=0)
    lines += [_found_line(found, width, answer.voxel_size_m) for found in present]
    if empty:
        lines.append("nothing found: " + "; ".join(shorten(found.text, 50) for found in empty))
    return "\n".join(lines)


def _found_summary(found: Found, voxel_size_m: float) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "text": found.text,
        "empty": found.empty,
        "voxels": len(found.points_m),
        "volume_m3": len(found.points_m) * float(voxel_size_m) ** 3,
    }
    if not found.empty:
        summary["bounds"] = [found.points_m.min(0).tolist(), found.points_m.max(0).tolist()]
        summary["score"] = [float(found.score.min()), float(found.score.max())]
    return summary


def _found_line(found: Found, width: int, voxel_size_m: float) -> str:
    count = len(found.points_m)
    litres = 1000 * count * voxel_size_m**3
    return f"  {shorten(found.text, 50):<{width}}  {count:>9,} voxels  {litres:>8.1f} l"
