"""Which rooms, looks, words and classes each split may show."""

from __future__ import annotations

from dataclasses import dataclass

from lexel.errors import InputError
from lexel.synthetic.catalogue import NOVEL_CLASSES


@dataclass(frozen=True)
class Split:
    """Seeds of a split's rooms lie in [first_seed, first_seed + ROOMS_PER_SPLIT).

    Attributes:
        look: see `lexel.synthetic.style.Style`.
        synonyms: things go by their held-out names.
        without: classes that never appear.
    """

    name: str
    first_seed: int
    look: str = "seen"
    synonyms: bool = False
    without: tuple[str, ...] = ()


ROOMS_PER_SPLIT = 1_000_000
# The three unseen splits show the same rooms, as published: only looks or words differ.
_NOVEL_ROOMS = 2 * ROOMS_PER_SPLIT
SPLITS = {
    split.name: split
    for split in (
        Split("train", 0, without=NOVEL_CLASSES),
        Split("validation", ROOMS_PER_SPLIT, without=NOVEL_CLASSES),
        Split("unseen_instances", _NOVEL_ROOMS),
        Split("unseen_instances_dr", _NOVEL_ROOMS, look="novel"),
        Split("unseen_instances_synonyms", _NOVEL_ROOMS, synonyms=True),
        # For the image-text model, which knows every class and every named colour.
        Split("captions", 3 * ROOMS_PER_SPLIT, look="any colour"),
    )
}


def get_split(name: str) -> Split:
    """Raises `InputError` when there is none of that name."""
    if name not in SPLITS:
        raise InputError("there is no such split", got=name, do=f"One of: {', '.join(SPLITS)}.")
    return SPLITS[name]
