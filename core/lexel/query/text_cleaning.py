"""Typed text as CLIP's tokenizer wants it: repaired, unescaped, in lower case, single blanks.

CLIP's own tokenizer repairs text with the package ftfy. Its fixes are stated here again, for
programs that have no more than Python, all but one: text that was decoded with the wrong code page
("MÃ¼ller") is not guessed back.
"""

from __future__ import annotations

import functools
import html
import html.entities
import re
import unicodedata

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_TERMINAL = re.compile("\033\\[[\\d;]*[a-zA-Z]")
_LINE_BREAK = re.compile("\r\n|[\r\u2028\u2029\u0085]")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")

_QUOTES = {
    **dict.fromkeys((0x2BC, *range(0x2018, 0x201C)), "'"),
    **dict.fromkeys(range(0x201C, 0x2020), '"'),
}
_CONTROLS = dict.fromkeys(
    (
        *range(0x09),
        0x0B,
        *range(0x0E, 0x20),
        0x7F,
        *range(0x206A, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFD),
    )
)
# Letters that only typesetting or old code pages joined; æ and œ are letters of their own.
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "ſt",
        "ﬆ": "st",
        "Ĳ": "IJ",
        "ĳ": "ij",
        "ŉ": "ʼn",
        "Ǳ": "DZ",
        "ǲ": "Dz",
        "ǳ": "dz",
        "Ǆ": "DŽ",
        "ǅ": "Dž",
        "ǆ": "dž",
        "Ǉ": "LJ",
        "ǈ": "Lj",
        "ǉ": "lj",
        "Ǌ": "NJ",
        "ǋ": "Nj",
        "ǌ": "nj",
    }
)


def clean_text(text: str) -> str:
    """What CLIP's tokenizer cuts into tokens when it is given `text`."""
    repaired = "".join(_repaired_lines(text))
    return " ".join(html.unescape(html.unescape(repaired)).split()).lower()


def _repaired_lines(text: str) -> list[str]:
    """From the first line with a "<" on, entities are taken for a document's own."""
    repaired, unescape = [], True
    for line in re.split(r"(?<=\n)", text):
        unescape = unescape and "<" not in line
        repaired.append(_repaired(line, unescape))
    return repaired


def _repaired(line: str, unescape: bool) -> str:
    while True:
        before = line
        if unescape:
            line = _ENTITY.sub(_unescaped, line)
        line = line.translate(_code_page_controls()).translate(_LIGATURES).translate(_widths())
        line = _LINE_BREAK.sub("\n", line.translate(_QUOTES))
        line = _SURROGATES.sub(_paired, line)
        line = _TERMINAL.sub("", line).translate(_CONTROLS)
        line = unicodedata.normalize("NFC", line)
        if line == before:
            return line


def _unescaped(entity: re.Match[str]) -> str:
    text = entity[0]
    if not text.startswith("&#"):
        return _entities().get(text, text)
    plain = html.unescape(text)
    return text if ";" in plain else plain


def _paired(surrogates: re.Match[str]) -> str:
    """Two halves of a character as that character; one alone as the sign for what is unreadable."""
    return surrogates[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@functools.cache
def _entities() -> dict[str, str]:
    """HTML's names, and their capitals where those are no names themselves."""
    exact = {f"&{name}": text for name, text in html.entities.html5.items() if name.endswith(";")}
    capitals = {
        name.upper(): text.upper()
        for name, text in exact.items()
        if name == name.lower() and html.unescape(name.upper()) == name.upper()
    }
    return capitals | exact


@functools.cache
def _code_page_controls() -> dict[int, str]:
    """Control characters that stand where Windows' code page has signs."""
    codes = (
        (c, bytes([c]).decode("windows-1252", "replace").replace("\ufffd", chr(c)))
        for c in range(0x80, 0xA0)
    )
    return dict(codes)


@functools.cache
def _widths() -> dict[int, str]:
    """Full-width Latin and half-width Asian characters as the usual ones."""
    every = (chr(code) for code in range(0xFF01, 0xFFF0))
    pairs = ((c, unicodedata.normalize("NFKC", c)) for c in every)
    return {0x3000: " "} | {ord(c): usual for c, usual in pairs if c != usual}
