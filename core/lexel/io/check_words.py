"""Checks of labels and descriptions: what is a word and what is not."""

from __future__ import annotations

from typing import Any

import numpy as np

from lexel.errors import LabelError
from lexel.io.notes import Notes
from lexel.scene import RELATIONS, Description

MAX_CHARACTERS = 500


def check_text(value: Any, where: str) -> str:
    """One label: text of 1 to 500 characters, blanks around it taken off."""
    if not isinstance(value, str):
        raise LabelError(
            "is not text", where=where, got=type(value).__name__, do="Give a word or a phrase."
        )
    text = value.strip()
    if not text:
        raise LabelError("is empty", where=where, do="Give a word or a phrase, or take it out.")
    if len(text) > MAX_CHARACTERS:
        raise LabelError(
            f"has {len(text):,} characters; {MAX_CHARACTERS} are allowed",
            where=where,
            got=text,
            do="Shorten it.",
        )
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise LabelError("holds broken Unicode", where=where, do="Save the file as UTF-8.")
    return text


def check_labels(values: Any, where: str, notes: Notes) -> tuple[str, ...]:
    """The labels in order, repeats dropped aloud."""
    texts = [check_text(v, f"{where}, label {i + 1}") for i, v in enumerate(_listed(values, where))]
    kept = tuple(dict.fromkeys(texts))
    if len(kept) < len(texts):
        repeats = sorted({text for text in texts if texts.count(text) > 1})
        notes.repaired(where, f"repeated labels were dropped: {', '.join(map(repr, repeats))}")
    return kept


def check_descriptions(values: Any, where: str, notes: Notes) -> tuple[Description, ...]:
    """The descriptions in order, repeats dropped aloud."""
    found = [
        check_description(v, f"{where}, description {i + 1}")
        for i, v in enumerate(_listed(values, where))
    ]
    kept = tuple(dict.fromkeys(found))
    if len(kept) < len(found):
        notes.repaired(where, f"{len(found) - len(kept)} repeated descriptions were dropped")
    return kept


def check_description(value: Any, where: str) -> Description:
    """A target, a relation and a reference."""
    if isinstance(value, Description):
        value = (value.target, value.relation, value.reference)
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise LabelError(
            "is not three texts: target, relation, reference",
            where=where,
            got=value,
            do='Write it like ["mug", "on", "table"].',
        )
    target, relation, reference = (check_text(part, where) for part in value)
    if relation not in RELATIONS:
        raise LabelError(
            "has a relation the networks do not know",
            where=where,
            got=repr(relation),
            do=f"Use one of: {', '.join(RELATIONS)}.",
        )
    return Description(target, relation, reference)


def _listed(values: Any, where: str) -> list[Any]:
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return list(values)
    raise LabelError("is not a list of texts", where=where, got=type(values).__name__)
