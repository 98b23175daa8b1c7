"""Notices in the window: what happened, why, what to do next, and what helps."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core.text import visible_lines

from .card import button
from .icons import line_icon
from .plain import PlainLabel
from .theme import colours_of

SHOWN_AT_ONCE = 3
SHORT_PX = 520
"""In a window that is no higher the newest is shown alone: the page below needs the room."""
NOTE_STAYS_MS = 8000
LONG_TEXT = 240
LONG_WORD = 40


@dataclass(frozen=True)
class Choice:
    """A button of a notice: its words, and what it does."""

    label: str
    act: Callable[[], object]
    kind: str = ""


@dataclass(frozen=True)
class Notice:
    """`kind` is note, warning or error; a later notice takes the place of one with the same `key`."""

    what: str
    why: str = ""
    next_step: str = ""
    kind: str = "note"
    choices: tuple[Choice, ...] = ()
    key: str = ""
    stays: bool = False
    waits: bool = False
    """It is shown where it lies over no terminal, whose lines are read."""
    said_s: float = 0.0  # seconds since 1970

    @property
    def passes(self) -> bool:
        """Whether it goes by itself after a while."""
        return self.kind == "note" and not self.choices and not self.stays


class NoticeStack(QWidget):
    """The newest notices, one below the other. Errors and questions stay until put away, or until more of them come."""

    put_away_by_user = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName(self.tr("Notices"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 12, 20, 0)
        self._column.setSpacing(8)
        self._banners: list[_Banner] = []
        self._count = 0
        self._is_short = self._is_over_terminal = False
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        for banner in [banner for banner in self._banners if banner.notice.key == notice.key and notice.key]:
            self._remove(banner)
        while len(self._banners) >= SHOWN_AT_ONCE:
            self._remove(next((old for old in reversed(self._banners) if old.notice.passes), self._banners[-1]))
        self._count += 1
        banner = _Banner(notice, f"notice_{self._count}", self)
        banner.closed.connect(lambda: self._remove(banner))
        banner.seen.connect(lambda: self.put_away_by_user.emit(notice))
        self._banners.insert(0, banner)
        self._column.insertWidget(0, banner)
        self._show_what_fits()

    def fit_window(self, height_px: int) -> None:
        """For a window so high."""
        self._is_short = height_px <= SHORT_PX
        self._show_what_fits()

    def lie_over_terminal(self, is_over: bool) -> None:
        if is_over is not self._is_over_terminal:
            self._is_over_terminal = is_over
            self._show_what_fits()

    def put_away(self, key: str) -> None:
        for banner in [banner for banner in self._banners if banner.notice.key == key]:
            self._remove(banner)

    def notices(self) -> list[Notice]:
        return [banner.notice for banner in self._banners]

    def _remove(self, banner: _Banner) -> None:
        if banner in self._banners:
            self._banners.remove(banner)
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        wanted = [banner for banner in self._banners if not (banner.notice.waits and self._is_over_terminal)]
        shown = wanted[:1] if self._is_short else wanted
        for banner in self._banners:
            banner.setVisible(banner in shown)
        self.setVisible(bool(shown))


class _Banner(QFrame):
    closed = Signal()
    seen = Signal()

    def __init__(self, notice: Notice, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName(name)
        self.setAccessibleName(visible_lines(notice.what))
        self.setProperty("role", "notice")
        self.setProperty("kind", notice.kind)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 8, 10)
        row.setSpacing(12)
        row.addLayout(self._words(), 1)
        for number, choice in enumerate(notice.choices):
            row.addWidget(self._choice_button(number, choice), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close_button(), 0, Qt.AlignmentFlag.AlignTop)
        if notice.passes:
            QTimer.singleShot(NOTE_STAYS_MS, self, self._on_time_over)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_close"):
            self._tint()

    def _words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(3)
        name = self.objectName()
        notice = self.notice
        parts = (("what", notice.what, "strong"), ("why", notice.why, ""), ("next", notice.next_step, "name"))
        for part, text, role in parts:
            if _is_long(text):
                column.addWidget(_lines(f"{name}_{part}", text))
            elif text:
                column.addWidget(PlainLabel(text, name=f"{name}_{part}", role=role, wrap=True, selectable=True))
        return column

    def _on_time_over(self) -> None:
        if self.isVisible() and self.isActiveWindow():
            self.seen.emit()
        self.closed.emit()

    def _put_away(self) -> None:
        self.seen.emit()
        self.closed.emit()

    def _choice_button(self, number: int, choice: Choice) -> QPushButton:
        def chosen() -> None:
            self._put_away()
            choice.act()

        return button(f"{self.objectName()}_choice_{number}", choice.label, chosen, choice.kind)

    def _close_button(self) -> QToolButton:
        self._close = QToolButton()
        self._close.setObjectName(f"{self.objectName()}_close")
        self._close.setAutoRaise(True)
        self._close.setAccessibleName(self.tr("Dismiss"))
        self._close.setToolTip(self.tr("Dismiss"))
        self._close.setIconSize(QSize(14, 14))
        self._close.clicked.connect(self._put_away)
        self._tint()
        return self._close

    def _tint(self) -> None:
        self._close.setIcon(
            line_icon("close", colours_of(self.palette()).muted, 14, self.devicePixelRatioF())
        )


def _is_long(text: str) -> bool:
    """Too much for a label, which cannot be narrower than the longest word in it."""
    words = re.split(r"[\s/]+", text)
    return len(text) > LONG_TEXT or text.count("\n") > 2 or max(map(len, words)) > LONG_WORD


def _lines(name: str, text: str) -> QPlainTextEdit:
    """Many lines, as a log has them: a box of its own that scrolls."""
    box = QPlainTextEdit()
    box.setObjectName(name)
    box.setReadOnly(True)
    box.setAccessibleName(visible_lines(text)[:200])
    box.setProperty("role", "mono")
    box.setPlainText(visible_lines(text))
    box.setFixedHeight(min(8, text.count("\n") + 3) * box.fontMetrics().lineSpacing() + 12)
    return box
