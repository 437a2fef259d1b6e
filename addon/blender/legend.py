"""An answer in words and swatches, for the panel."""

from __future__ import annotations

from typing import Any

from lexel.scene.palette import label_colours

from ..asking import Reply


def tell(facts: Any, reply: Reply) -> None:
    """Put an answer into the window manager's facts."""
    facts.message, facts.is_error, facts.progress = " ".join(reply.notes), False, 0.0
    facts.entries.clear()
    colours = label_colours(len(reply.queries))
    for query, colour in zip(reply.queries, colours, strict=True):
        entry = facts.entries.add()
        entry.text, entry.said = query.text, said(query.said, query.presence)
        entry.colour = [channel / 255 for channel in colour]
    if reply.queries:
        facts.suggested = min(reply.queries[reply.query].threshold.values())
    facts.bar_title = reply.bar.title if reply.bar else ""
    facts.bar_ends = (
        f"{reply.bar.low:.2f} – {reply.bar.high:.2f} {reply.bar.unit}" if reply.bar else ""
    )


def said(words: str, presence: float | None) -> str:
    """A presence, such as "probably not there, 12 %"."""
    return words if presence is None else f"{words}, {presence:.0%}".replace("%", " %")
