"""Names for the controls of things that there are several of, so that no two are called the same."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget


def make_distinct(root: QWidget, number: int) -> None:
    """Object names below `root` get the number, buttons and fields also say what `root` is called."""
    for widget in root.findChildren(QWidget):
        if (name := widget.objectName()) and not name.startswith("qt_"):
            widget.setObjectName(f"{name}_{number}")
        if isinstance(widget, QAbstractButton | QLineEdit):
            widget.setAccessibleName(f"{widget.accessibleName()}: {root.accessibleName()}")
