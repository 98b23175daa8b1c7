"""The main window: side bar, header, notices and pages. It places them and holds no logic."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from desktop.views.header import Header
from desktop.views.notice_place import NoticePlace
from desktop.views.notice_stack import NoticeStack
from desktop.views.on_screen import OnScreen, Watched, is_on_screen
from desktop.views.side_bar import SideBar

FIRST_SIZE = (1040, 700)
LEAST_SIZE = (640, 380)


class MainWindow(Watched, QMainWindow):
    """`close_requested`: the user closed it; whoever owns it hides it or quits."""

    close_requested = Signal()
    page_shown = Signal(str)
    palette_requested = Signal()
    seen_changed = Signal(bool)  # it is on the screen, or is not any more
    attended_changed = Signal(bool)  # the user is at it, or at another one

    def __init__(self, memory: QSettings) -> None:
        super().__init__()
        self._memory = memory
        self.setObjectName("main_window")
        self.setWindowTitle("Moorage")
        self.setMinimumSize(*LEAST_SIZE)
        self.side_bar = SideBar()
        self.header = Header()
        self.notices = NoticeStack()
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        self._pages: dict[str, QWidget] = {}
        self._place()
        self.side_bar.page_requested.connect(self.show_page)
        self.side_bar.page_keyed.connect(self.show_page_by_keys)
        palette = QShortcut(QKeySequence("Ctrl+K"), self)
        palette.activated.connect(self.palette_requested)
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.seen_changed)
        self._restore()

    def add_page(self, key: str, page: QWidget) -> None:
        self._pages[key] = page
        self._stack.addWidget(page)

    def show_page(self, key: str) -> None:
        self._show_page(key, Qt.FocusReason.OtherFocusReason)

    def show_page_by_keys(self, key: str) -> None:
        """With the focus in it to be seen."""
        if (focused := self.focusWidget()) is not None:
            focused.clearFocus()  # else the pages' stack hands it on, and in a way that is not seen
        self._show_page(key, Qt.FocusReason.ShortcutFocusReason)

    def _show_page(self, key: str, reason: Qt.FocusReason) -> None:
        self._stack.setCurrentWidget(self._pages[key])
        self.side_bar.show_page(key)
        self._pages[key].setFocus(reason)
        self.page_shown.emit(key)

    def is_seen(self, key: str) -> bool:
        """Whether the page is on the screen."""
        return is_on_screen(self) and self.page() == key

    def lead_to(self, key: str) -> None:
        """Shows the page, and brings the window forward for it."""
        self.show_page(key)
        self.come_forward()

    def page(self) -> str:
        return next(key for key, page in self._pages.items() if page is self._stack.currentWidget())

    def come_forward(self) -> None:
        """Shows and raises the window. A desktop may refuse to raise it; it is visible then all the same."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def remember(self) -> None:
        self._memory.setValue("window/geometry", self.saveGeometry())
        self._memory.setValue("window/page", self.page())

    def remembered_page(self) -> str:
        page = str(self._memory.value("window/page", "overview"))
        return page if page in self._pages else "overview"

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self.attended_changed.emit(self.isActiveWindow())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.notices.fit_window(event.size().height())

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.remember()
        self.close_requested.emit()

    def _place(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.header)
        right.addWidget(NoticePlace(self.notices, self._stack), 1)
        centre = QWidget()
        centre.setObjectName("centre")
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_bar)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)

    def _restore(self) -> None:
        geometry = self._memory.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            room = self.screen().availableGeometry().size()
            self.resize(QSize(*FIRST_SIZE).boundedTo(room))
