"""What all dialogs have: a heading, two buttons, and the space round them."""

from __future__ import annotations

from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLayout, QPushButton, QVBoxLayout, QWidget

_MARGINS_PX = (20, 18, 20, 16)
_SPACING_PX = 14


def fill_dialog(
    dialog: QDialog, title: str, does: str, parts: tuple[QWidget | QLayout, ...]
) -> QPushButton:
    """Put parts below a heading and above Cancel and the button that does it, which is given."""
    dialog.setWindowTitle(title)
    heading = QLabel(dialog.windowTitle())
    heading.setProperty("role", "strong")
    do, leave = QPushButton(does), QPushButton("Cancel")
    do.setProperty("role", "primary")
    do.setDefault(True)
    do.clicked.connect(dialog.accept)
    leave.clicked.connect(dialog.reject)
    buttons = QHBoxLayout()
    buttons.addStretch()
    buttons.addWidget(leave)
    buttons.addWidget(do)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(*_MARGINS_PX)
    layout.setSpacing(_SPACING_PX)
    for part in (heading, *parts, buttons):
        if isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return do
