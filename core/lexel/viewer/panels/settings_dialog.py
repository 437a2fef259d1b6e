"""The user's settings, as a form."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QWidget,
)

from lexel.viewer.settings import PRESETS, THEMES, ViewerSettings
from lexel.viewer.widgets.dialog import fill_dialog
from lexel.viewer.widgets.section import dim_label

_WIDTH_PX = 560
_WEIGHTS = {"What suits the scene": None, "Inside the package (weak)": "embedded"}


class SettingsDialog(QDialog):
    """Shows settings; `chosen` is what the user made of them."""

    def __init__(self, settings: ViewerSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        self._before = settings
        self.theme, self.preset, self.weights = QComboBox(), QComboBox(), QComboBox()
        self.theme.addItems(THEMES)
        self.theme.setCurrentText(settings.theme)
        self.preset.addItems(PRESETS)
        self.preset.setCurrentText(settings.photo_preset)
        self.weights.addItems(_WEIGHTS)
        if settings.weights == "embedded":
            self.weights.setCurrentIndex(1)
        self.encoder = QLineEdit(settings.encoder or "")
        self.encoder.setPlaceholderText("ViT-B-32/openai, or a weights file")
        self.restore = QCheckBox("Bring a session back that ended by itself")
        self.restore.setChecked(settings.restore)
        self._lay_out()

    @property
    def chosen(self) -> ViewerSettings:
        """The settings as the form has them."""
        return replace(
            self._before,
            theme=self.theme.currentText(),
            encoder=self.encoder.text().strip() or None,
            weights=_WEIGHTS[self.weights.currentText()],
            photo_preset=self.preset.currentText(),
            restore=self.restore.isChecked(),
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.setHorizontalSpacing(16)
        form.addRow("Colours of the window", self.theme)
        form.addRow("Networks", self.weights)
        form.addRow("Image-text model", self.encoder)
        form.addRow("Photos are read", self.preset)
        form.addRow("", dim_label("ours is finest and takes minutes; light is quickest"))
        form.addRow("", self.restore)
        fill_dialog(self, "Settings", "Save", (form,))
