"""One of several parts that stand in each other's place, with the keyboard's way to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget


def show_part(owner: QWidget, body: QStackedLayout, part: QWidget) -> None:
    """Who is led to `owner` by a key lands on what it shows, and who was at the part before goes on at this one."""
    before, focused = body.currentWidget(), QApplication.focusWidget()
    had_focus = before is not None and focused is not None and (before is focused or before.isAncestorOf(focused))
    by_keys = owner.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    owner.setFocusProxy(part)
    goes_on = had_focus and before is not part and owner.isVisible()
    if goes_on and focused is not None:
        focused.clearFocus()  # else the layout hands it on, and a focus that is seen is seen no more
    body.setCurrentWidget(part)
    if goes_on:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason if by_keys else Qt.FocusReason.OtherFocusReason)
