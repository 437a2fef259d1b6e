"""One query's answer: its colour, whether it is there, and which tiers answer it."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from lexel.scene import Colour
from lexel.viewer.widgets.section import dim_label
from lexel.viewer.widgets.swatch import Swatch


@dataclass(frozen=True)
class CardContent:
    """What a card shows.

    Attributes:
        colour: of the query's label; None where colours tell something else.
        presence: in words.
        found: how much was found, in words.
        tiers: number and name of each, and whether it is the one that is shown.
        on: whether heat shows this query.
    """

    text: str
    colour: Colour | None
    presence: str
    found: str
    tiers: tuple[tuple[int, str, bool], ...]
    on: bool


class AnswerCard(QFrame):
    """Emits `picked` when it is clicked, `tier_picked` when one of its tiers is."""

    picked = pyqtSignal()
    tier_picked = pyqtSignal(int)

    def __init__(self, content: CardContent, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("on", content.on)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        first, last = QHBoxLayout(), QHBoxLayout()
        name = QLabel(content.text)
        name.setWordWrap(True)
        first.setSpacing(8)
        if content.colour is not None:
            first.addWidget(Swatch(content.colour))
        first.addWidget(name, 1)
        self.presence = QLabel(content.presence)
        self.presence.setProperty("role", "dim")
        self.presence.setWordWrap(True)
        last.setSpacing(4)
        for number, tier, on in content.tiers:
            last.addWidget(self._tag(number, tier, on))
        last.addStretch()
        last.addWidget(dim_label(content.found))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(first)
        layout.addWidget(self.presence)
        layout.addLayout(last)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802
        self.picked.emit()

    def _tag(self, number: int, name: str, on: bool) -> QToolButton:
        tag = QToolButton()
        tag.setObjectName("tag")
        tag.setText(name)
        tag.setProperty("on", on)
        tag.setToolTip(f"Tier {number}")
        tag.clicked.connect(lambda: self.tier_picked.emit(number))
        return tag
