"""From typed text to labels and descriptions."""

from __future__ import annotations

import re

from lexel.errors import LabelError
from lexel.query.wordings import ARTICLES, WORDINGS
from lexel.scene import RELATIONS, Description

_ARTICLE = re.compile(rf"^(?:{'|'.join(ARTICLES)})(?: |$)", re.IGNORECASE)
_RELATION = re.compile(
    rf" (?P<relation>{'|'.join(map(re.escape, WORDINGS))}) (?P<the>the )?", re.IGNORECASE
)
_EXPLICIT = 'Write it with bars: "plant in a pot | behind | sofa".'


def split_labels(text: str) -> list[str]:
    """Labels separated by `;` or new lines; blanks around them do not count."""
    return [label for part in re.split(r"[;\n]", text) if (label := part.strip())]


def parse_description(text: str) -> Description:
    """`the A RELATION the B`, or `A | RELATION | B` where the words are not clear.

    Of several relations the one followed by "the" counts, if there is just one such.

    Raises:
        LabelError: there is no relation, more than one, or nothing on one side of it.
    """
    if "|" in text:
        return _explicit(text)
    text = " ".join(text.split())
    found = list(_RELATION.finditer(text))
    if len(found) > 1:
        found = [match for match in found if match["the"]] or found
    if not found:
        raise LabelError(
            "a description needs a relation between two things",
            got=text,
            do=f"Use one of: {', '.join(RELATIONS)}. For example: the mug behind the laptop",
        )
    if len(found) > 1:
        raise LabelError("there is more than one relation", got=text, do=_EXPLICIT)
    match = found[0]
    relation = WORDINGS[match["relation"].lower()]
    return _checked(text[: match.start()], relation, text[match.end() :], text)


def _explicit(text: str) -> Description:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 3 or parts[1].lower() not in WORDINGS:
        raise LabelError(
            "bars must separate target, relation and reference",
            got=text,
            do=f"The relations are: {', '.join(RELATIONS)}. {_EXPLICIT}",
        )
    return _checked(parts[0], WORDINGS[parts[1].lower()], parts[2], text)


def _checked(target: str, relation: str, reference: str, text: str) -> Description:
    target, reference = (_ARTICLE.sub("", part.strip()) for part in (target, reference))
    if not target or not reference:
        raise LabelError("one side of the relation is empty", got=text, do=_EXPLICIT)
    return Description(target, relation, reference)
