"""From any text to a file name that every system accepts, and back only through `labels.json`.

A label is data: it never becomes a path. Names hold lower-case ASCII letters, digits and `-`,
at most 60 of them, so they neither clash on case-blind file systems nor leave their folder. A
text of which little survives (another script) is told apart by a hash.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from lexel.errors import LabelError

MAX_NAME_LENGTH = 60
MAX_LABEL_LENGTH = 500
MAX_TITLE_LENGTH = 100

# Device names of Windows: a file called so, with any suffix, cannot be opened there.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)]
)
_FALLBACK = "label"
_HASH_LENGTH = 8
_MIN_SURVIVING = 0.5  # of the letters and digits, for a name that needs no hash


def safe_name(text: str, taken: Iterable[str] = ()) -> str:
    """A file name (no suffix) for `text`, different from every name in `taken`."""
    used = {name.lower() for name in taken}
    stem = _stem(text)
    name, number = stem, 1
    while name in used:
        number += 1
        tail = f"-{number}"
        name = stem[: MAX_NAME_LENGTH - len(tail)].rstrip("-") + tail
    return name


def safe_names(texts: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """One name per text, in order, all different from each other and from `taken`."""
    used = set(taken)
    names = []
    for text in texts:
        name = safe_name(text, used)
        used.add(name)
        names.append(name)
    return names


def is_safe_name(name: str) -> bool:
    """Whether `name` could have come from `safe_name`."""
    return (
        len(name) <= MAX_NAME_LENGTH
        and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) is not None
        and name not in _RESERVED
    )


def check_label(text: object) -> str:
    """`text` unchanged when it can be a label or description; else a `LabelError`."""
    if not isinstance(text, str):
        raise LabelError(
            "a label must be text", got=type(text).__name__, do="Put it in quotes in the file."
        )
    if len(text) > MAX_LABEL_LENGTH:
        raise LabelError(
            f"a label has {len(text):,} characters",
            got=text,
            do=f"Use at most {MAX_LABEL_LENGTH}; encoders read about 60 words in any case.",
        )
    if any(_is_control(character) for character in text):
        raise LabelError(
            "a label holds a control character or line break",
            got=repr(text),
            do="Remove it, or separate labels with ';'.",
        )
    if not any(_is_visible(character) for character in text):
        raise LabelError("a label is empty", got=repr(text), do="Write a word or remove it.")
    return text


def one_line(text: str) -> str:
    """`text` as it may stand in the comment of a text format: one line, no control characters."""
    clean = "".join(" " if _is_control(character) else character for character in text)
    return " ".join(clean.split())


def title(text: str) -> str:
    """`text` as a name for people: one clean line, whatever a file system or a file says."""
    line = one_line(text)[:MAX_TITLE_LENGTH].strip()
    return line if any(map(_is_visible, line)) else "scene"


def _stem(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME_LENGTH].rstrip("-")
    surviving, all_of_them = sum(map(str.isalnum, plain)), sum(map(str.isalnum, text))
    if not stem or surviving < _MIN_SURVIVING * all_of_them:
        room = MAX_NAME_LENGTH - _HASH_LENGTH - 1
        return f"{(stem or _FALLBACK)[:room].rstrip('-')}-{_hash(text)}"
    return f"{_FALLBACK}-{stem}" if stem in _RESERVED else stem


def _hash(text: str) -> str:
    # Composed first: some file systems hand names back decomposed.
    composed = unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")
    return hashlib.sha256(composed).hexdigest()[:_HASH_LENGTH]


def _is_control(character: str) -> bool:
    # Cs: half a UTF-16 pair, which no file can hold; Zl, Zp: line breaks of Unicode.
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"
