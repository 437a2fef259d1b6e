"""How the window looks: one palette of colours, dark or light, and the style sheet made from it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from string import Template

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication

FONTS = ("Inter", "Segoe UI Variable Text", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
FONT_PX = 13


@dataclass(frozen=True)
class Theme:
    """Colours by what they are for, as `#rrggbb`.

    Attributes:
        ground: behind points.
        panel, raised, sunken: surfaces: of panels, of what can be pressed, of what is typed into.
        line: between surfaces.
        text, dim, faint: words: read, explain, not available.
        accent, on_accent: the one colour that says "here", and words on it.
        bad: what is excluded or went wrong.
    """

    name: str
    ground: str
    panel: str
    raised: str
    hover: str
    sunken: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    bad: str
    bad_soft: str


DARK = Theme(
    name="dark",
    ground="#101216",
    panel="#191c22",
    raised="#262a33",
    hover="#303541",
    sunken="#12151a",
    line="#2b303a",
    text="#e6e9ef",
    dim="#9aa3b2",
    faint="#5d6675",
    accent="#4f9cf9",
    accent_soft="#1d3350",
    on_accent="#ffffff",
    bad="#f2777a",
    bad_soft="#45262b",
)
LIGHT = Theme(
    name="light",
    ground="#f4f5f7",
    panel="#ffffff",
    raised="#eceef2",
    hover="#e0e4ea",
    sunken="#f6f7f9",
    line="#d9dde4",
    text="#1b2028",
    dim="#5b6472",
    faint="#a2aab6",
    accent="#1f6fd6",
    accent_soft="#dbe9fb",
    on_accent="#ffffff",
    bad="#c63d45",
    bad_soft="#fbe3e4",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
SYSTEM = "system"


def theme_called(name: str) -> Theme:
    """A theme, or for `SYSTEM` the one that the system prefers."""
    if name in THEMES:
        return THEMES[name]
    hints = QGuiApplication.styleHints()
    light = hints is not None and hints.colorScheme() == Qt.ColorScheme.Light
    return LIGHT if light else DARK


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole application."""
    app.setStyle("Fusion")
    font = QFont()
    font.setFamilies(list(FONTS))
    font.setPixelSize(FONT_PX)
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    """Qt's style sheet in the colours of a theme."""
    sheet = files("lexel.viewer").joinpath("style.qss").read_text("utf-8")
    return Template(sheet).substitute(vars(theme))


def _palette(theme: Theme) -> QPalette:
    palette, role = QPalette(), QPalette.ColorRole
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.sunken,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.PlaceholderText: theme.faint,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Link: theme.accent,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return palette
