"""The phrases from which the embedded text tower learns what words mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from open_clip.tokenizer import SimpleTokenizer

from lexel.relevancy.background import BACKGROUND_LABELS
from lexel.synthetic.catalogue import SYNONYMS, classes
from lexel.synthetic.materials import MATERIALS
from lexel.synthetic.model import COLOURS, ROOMS

TEMPLATES = (
    "{}",
    "a {}",
    "a photograph of a {} in a home.",
    "a render of a {} in a game engine.",
    "a photo of a {}.",
)
_RELATIONS = ("in", "on", "behind", "in front of", "on the left of", "on the right of")
_MIN_LETTERS = 3


def vocabulary(tokenizer: SimpleTokenizer) -> dict[str, int]:
    """The whole English words that are one token, and their token."""
    return {
        token.removesuffix("</w>"): index
        for token, index in tokenizer.encoder.items()
        if token.endswith("</w>")
        and len(token) >= _MIN_LETTERS + len("</w>")
        and token.removesuffix("</w>").isascii()
        and token.removesuffix("</w>").isalpha()
    }


def things() -> list[str]:
    """Names of the world's things, with the synonyms no picture is captioned with."""
    return sorted({*classes(), *SYNONYMS.values(), *BACKGROUND_LABELS})


def household_phrases() -> list[str]:
    """Things with colours, materials and rooms, in every template."""
    kinds = things()
    described = [
        *kinds,
        *(f"{colour} {kind}" for colour in COLOURS for kind in kinds),
        *(f"{material} {kind}" for material in MATERIALS for kind in kinds),
        *(f"{kind} in a {room}" for kind in kinds for room in ROOMS),
        *COLOURS,
        *MATERIALS,
        *ROOMS,
    ]
    return [template.format(text) for text in described for template in TEMPLATES]


def drawn_phrases(words: Sequence[str], count: int, seed: int) -> list[str]:
    """Random company for words: relations between things, and words of any kind together."""
    rng = np.random.default_rng(seed)
    # As arrays: `choice` would convert thirty thousand words anew each time.
    kinds, colours, every = np.array(things()), np.array(list(COLOURS)), np.array(words)
    phrases = []
    for _ in range(count):
        a, b = rng.choice(kinds, 2)
        x, y, z = rng.choice(every, 3)
        colour, relation = rng.choice(colours), rng.choice(_RELATIONS)
        form = rng.integers(6)
        phrases.append(
            (
                f"the {a} {relation} the {b}",
                f"the {colour} {a} {relation} the {b}",
                f"{x} {y}",
                f"a {colour} {x}",
                f"{x} {y} {z}",
                f"a photograph of a {x} {y} in a home.",
            )[form]
        )
    return phrases
