"""Finds what does not read from right to left in a window that does."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QHeaderView, QWidget

NEVER_TURNED = (
    "terminal", "log_lines", "files_table", "stats_processes", "inspect_tree", "inspect_raw", "run_line_line"
)  # fmt: skip
"""What is written from left to right in every language: screens, logs, paths, commands."""


def not_turned() -> list[str]:
    """What is not mirrored though the application is; nothing where it reads from left to right."""
    if QApplication.layoutDirection() is not Qt.LayoutDirection.RightToLeft:
        return []
    found = []
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window.objectName():
            for widget in (window, *window.findChildren(QWidget)):
                if widget.isVisible() and widget.objectName():
                    found += [f"{widget.objectName()} {fault}" for fault in _faults(widget)]
    return found


def _faults(widget: QWidget) -> Iterator[str]:
    if widget.objectName() in NEVER_TURNED and widget.isRightToLeft():
        yield "is mirrored"
    if isinstance(widget, QHeaderView) and not widget.isRightToLeft():
        if not widget.defaultAlignment() & Qt.AlignmentFlag.AlignAbsolute:
            yield "has its words at the other end of its cells"
    if widget.isWindow() and not widget.isRightToLeft():
        yield "is not mirrored"
    layout = widget.layout()
    if isinstance(layout, QBoxLayout) and layout.direction() is QBoxLayout.Direction.LeftToRight:
        lefts = [
            item.geometry().left()
            for number in range(layout.count())
            if not (item := layout.itemAt(number)).isEmpty() and item.geometry().width() > 0
        ]
        if widget.isRightToLeft() and lefts != sorted(lefts, reverse=True):
            yield "has its parts in the order of left to right"
