"""How large a picture or film becomes."""

from __future__ import annotations

from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from lexel.viewer.widgets.dialog import fill_dialog

_WIDTH_PX = 340
_NARROWEST_PX, _WIDEST_PX = 64, 8192
_SECONDS = (1, 120)


class PictureDialog(QDialog):
    """Asks for a width, and for a picture's ground or a film's length."""

    def __init__(
        self, title: str, width_px: int, seconds: int | None, shape: float, parent: QWidget
    ) -> None:
        """
        Args:
            width_px: to begin with.
            seconds: of a film, to begin with; None: it is a picture.
            shape: height of the window over its width.
        """
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        self._shape = shape
        self.width_px, self.seconds = QSpinBox(), QSpinBox()
        self.width_px.setRange(_NARROWEST_PX, _WIDEST_PX)
        self.width_px.setSuffix(" px")
        self.width_px.setValue(width_px)
        self.seconds.setRange(*_SECONDS)
        self.seconds.setSuffix(" s")
        self.transparent = QCheckBox("Transparent ground")
        self.transparent.setChecked(True)
        self._height = QLabel()
        self._lay_out(title, seconds)
        self.width_px.valueChanged.connect(self._show_height)
        self._show_height()

    def _lay_out(self, title: str, seconds: int | None) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.addRow("Width", self.width_px)
        form.addRow("Height", self._height)
        if seconds is None:
            form.addRow("", self.transparent)
        else:
            self.seconds.setValue(seconds)
            form.addRow("Length", self.seconds)
        fill_dialog(self, title, "Save…", (form,))

    def _show_height(self) -> None:
        self._height.setText(f"{round(self.width_px.value() * self._shape)} px")
