"""Checks of labels and descriptions: what is a word and what is not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from lexel.errors import LabelError
from lexel.io.names import check_label
from lexel.io.notes import Notes
from lexel.scene import RELATIONS, Description


def check_text(value: Any, where: str) -> str:
    """One label, blanks around it taken off; a fault says where it stands."""
    try:
        return check_label(value.strip() if isinstance(value, str) else value)
    except LabelError as fault:
        raise LabelError(fault.what, where=where, got=fault.got, do=fault.do) from None


def check_labels(values: Any, where: str, notes: Notes) -> tuple[str, ...]:
    """The labels in order, repeats dropped aloud."""
    texts = [check_text(v, f"{where}, label {i + 1}") for i, v in enumerate(_listed(values, where))]
    kept = tuple(dict.fromkeys(texts))
    if len(kept) < len(texts):
        repeats = sorted(text for text, count in Counter(texts).items() if count > 1)
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
    description = Description(target, relation, reference)
    check_text(str(description), where)
    return description


def _listed(values: Any, where: str) -> list[Any]:
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if isinstance(values, list | tuple):
        return list(values)
    raise LabelError("is not a list of texts", where=where, got=type(values).__name__)
