"""One of several parts that stand in each other's place, with the keyboard's way to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget


def show_part(owner: QWidget, body: QStackedLayout, part: QWidget) -> None:
    """Who is led to `owner` by a key lands on what it shows, and who was at the part before goes on at this one."""
    before, focused = body.currentWidget(), QApplication.focusWidget()
    had_focus = before is not None and focused is not None and (before is focused or before.isAncestorOf(focused))
    owner.setFocusProxy(part)
    body.setCurrentWidget(part)
    if had_focus and before is not part and owner.isVisible():
        part.setFocus(Qt.FocusReason.OtherFocusReason)
