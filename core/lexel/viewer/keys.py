"""Shortcuts as the system writes them."""

from __future__ import annotations

from PyQt6.QtGui import QKeySequence


def key_text(shortcut: str) -> str:
    """`Ctrl+P` as people of this system read it, such as ⌘P."""
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
