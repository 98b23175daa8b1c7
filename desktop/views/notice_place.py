"""Where notices stand: above the page, or over a terminal in it, whose guest would draw itself anew for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QMetaObject, QObject, QRect, QRegularExpression, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from .notice_stack import NoticeStack

if TYPE_CHECKING:
    from .terminal.widget import TerminalWidget

GAP_PX = 12  # below them at the foot, as above them at the head
_TERMINAL = QRegularExpression("^terminal_widget")  # those in tabs have a number behind it


class NoticePlace(QWidget):
    """Holds the pages and the notices. At which end of a terminal they lie is found anew with each notice, page and
    terminal, and where its cursor comes below them; nothing moves under the user's mouse.
    """

    def __init__(self, notices: NoticeStack, pages: QStackedWidget) -> None:
        super().__init__()
        self._notices, self._pages = notices, pages
        self._is_at_foot = False
        self._over: TerminalWidget | None = None
        self._following = QMetaObject.Connection()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(pages)
        notices.setParent(self)
        notices.installEventFilter(self)
        pages.currentChanged.connect(lambda: self._fit_soon(is_anew=True))
        # A terminal that comes into view takes the focus. No lambda: the focus goes on moving when this is gone.
        cast(QGuiApplication, QGuiApplication.instance()).focusObjectChanged.connect(self._on_focus_moved)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._fit(is_anew=True)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_focus_moved(self) -> None:
        self._fit_soon(is_anew=False)

    def _fit_soon(self, is_anew: bool) -> None:
        """A terminal that is made just now is shown a moment later."""
        if self._notices.notices():
            QTimer.singleShot(0, self, lambda: self._fit(is_anew))

    def _fit(self, is_anew: bool = False) -> None:
        terminal = self._terminal()
        self._notices.lie_over_terminal(terminal is not None)
        height = self._height(self.width()) if terminal is None else 0
        self._column.setContentsMargins(0, height, 0, 0)
        self._column.activate()
        if terminal is not self._over:
            self._follow(terminal)
            is_anew = True
        if terminal is None:
            self._notices.setGeometry(0, 0, self.width(), height)
        else:
            self._lie_over(terminal, is_anew)
        self._notices.raise_()

    def _follow(self, terminal: TerminalWidget | None) -> None:
        self._over = terminal
        self.disconnect(self._following)  # type: ignore[call-overload]  # which PySide leaves out of its stubs
        if terminal is not None:
            self._following = terminal.display.refreshed.connect(self._give_way)

    def _give_way(self) -> None:
        if not self._notices.isHidden() and self._over is not None and not self._notices.underMouse():
            if self._notices.geometry().intersects(self._cursor(self._over)):
                self._fit(is_anew=True)

    def _cursor(self, terminal: TerminalWidget) -> QRect:
        """Empty where it shows none."""
        display = terminal.display
        area = display.looked_at()
        return area.translated(display.mapTo(self, area.topLeft()) - area.topLeft())

    def _terminal(self) -> TerminalWidget | None:
        """The one that is in view."""
        page = self._pages.currentWidget()
        found = page.findChildren(QWidget, _TERMINAL) if page is not None else []
        return cast("TerminalWidget | None", next((each for each in found if each.isVisible()), None))

    def _lie_over(self, terminal: TerminalWidget, is_anew: bool) -> None:
        """At its head, or at its foot where the cursor is at the head."""
        display = terminal.display
        area = display.rect().translated(display.mapTo(self, display.rect().topLeft()))
        head, foot = QRect(area), QRect(area)
        head.setHeight(min(self._height(area.width()), area.height()))
        foot.setTop(area.bottom() + 1 - head.height())
        foot.moveTop(max(area.top(), foot.top() - GAP_PX))
        if is_anew:
            cursor = self._cursor(terminal)
            is_at_head = head.intersects(cursor) or cursor.isEmpty()  # as in one that has just begun
            self._is_at_foot = is_at_head and not foot.intersects(cursor)
        self._notices.setGeometry(foot if self._is_at_foot else head)

    def _height(self, width: int) -> int:
        layout = self._notices.layout()
        if self._notices.isHidden() or layout is None:
            return 0
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self._notices.sizeHint().height()
