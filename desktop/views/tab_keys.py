"""Ctrl+PgUp and Ctrl+PgDn, which turn over tabs as in browsers and terminals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def add_tab_keys(page: QWidget, turn: Callable[[int], None]) -> tuple[QShortcut, ...]:
    """Anywhere on the page they call `turn` with 1 or -1."""
    return tuple(_shortcut(page, keys, partial(turn, step)) for keys, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)))


def _shortcut(page: QWidget, keys: str, act: Callable[[], None]) -> QShortcut:
    made = QShortcut(QKeySequence(keys), page)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    made.activated.connect(act)
    return made
