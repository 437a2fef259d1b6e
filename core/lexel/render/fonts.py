"""Text in pictures: a font that has its letters, wrapped and shortened to fit."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lexel.errors import shorten

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

# Where systems keep a font with the scripts that DejaVu Sans lacks.
_SYSTEM_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",  # Debian, Ubuntu
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",  # Arch
    "/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc",  # Fedora
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",  # macOS
    "/System/Library/Fonts/Hiragino Sans GB.ttc",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "C:/Windows/Fonts/msyh.ttc",  # Windows
    "C:/Windows/Fonts/YuGothM.ttc",
    "C:/Windows/Fonts/malgun.ttf",
    "C:/Windows/Fonts/Nirmala.ttc",
)
_UNKNOWN = "?"
_INVISIBLE = ("Cf", "Mn")  # joiners and marks: left out, the letter they belong to stays


def font(size_px: int, text: str = "", *, bold: bool = False) -> FreeTypeFont:
    """DejaVu Sans (Latin, Greek, Cyrillic), or a font of the system that has more of `text`."""
    return _load(_best_file(text, bold=bold), size_px)


def drawable(text: str) -> str:
    """`text` with a question mark for each letter that no font here has."""
    lacking = _lacking(text)
    return "".join(
        c if c not in lacking else "" if unicodedata.category(c) in _INVISIBLE else _UNKNOWN
        for c in text
    )


def missing_note(texts: Iterable[str]) -> str | None:
    """A sentence on the texts that pictures cannot show in full; None when there are none."""
    cut = [text for text in texts if drawable(text).count(_UNKNOWN) > text.count(_UNKNOWN)]
    if not cut:
        return None
    return (
        f"No font here has all letters of {shorten('; '.join(cut))}: pictures show "
        f"{_UNKNOWN} for them. Install one, such as Noto Sans CJK."
    )


def wrap(text: str, columns: int, max_lines: int) -> list[str]:
    """`text`, as far as it can be drawn, in at most `max_lines` lines of `columns` characters.

    It is cut in its middle if need be. Chinese, Japanese and Korean letters are two columns wide.
    """
    text, columns = drawable(text), max(columns, 8)
    if any(unicodedata.east_asian_width(c) in "WF" for c in text):
        columns //= 2
    for limit in range(columns * max_lines, 0, -4):
        # One letter, which no line can end within.
        short = shorten(text, max(limit, 8)).replace("...", "…")
        lines = textwrap.wrap(short, columns) or [""]
        if len(lines) <= max_lines:
            break
    return lines[:max_lines]


def _lacking(text: str) -> frozenset[str]:
    """The letters that the font for `text` has not."""
    return _visible(text) - _letters(_best_file(text))


def _best_file(text: str, *, bold: bool = False) -> Path:
    """The first font file that has the most of `text`; DejaVu Sans when it has all."""
    own, visible = _own_file(bold), _visible(text)
    if visible <= _letters(own):
        return own
    return max([own, *_system_files()], key=lambda file: len(visible & _letters(file)))


def _visible(text: str) -> frozenset[str]:
    return frozenset(c for c in text if not c.isspace())


@lru_cache
def _own_file(bold: bool) -> Path:
    """DejaVu Sans comes with matplotlib."""
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / name


@lru_cache
def _system_files() -> tuple[Path, ...]:
    return tuple(file for file in map(Path, _SYSTEM_FONTS) if file.is_file())


@lru_cache
def _letters(file: Path) -> frozenset[str]:
    """The letters a font has; none when it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(map(chr, FT2Font(str(file)).get_charmap()))
    except (OSError, RuntimeError):
        return frozenset()


@lru_cache(maxsize=32)
def _load(file: Path, size_px: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(file), size_px)
