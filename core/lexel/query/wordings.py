"""How people say the six relations, and the words that do not count beside them."""

from __future__ import annotations

from lexel.scene import RELATIONS

_SYNONYMS = {
    "to the right of": "on the right of",
    "right of": "on the right of",
    "to the left of": "on the left of",
    "left of": "on the left of",
    "on top of": "on",
    "inside of": "in",
    "inside": "in",
}
# Wording to relation, the longest first: "on the left of" must not be cut at "on", nor "on top of".
WORDINGS = dict(
    sorted(
        (_SYNONYMS | {relation: relation for relation in RELATIONS}).items(),
        key=lambda item: -len(item[0]),
    )
)
ARTICLES = ("the", "a", "an")
