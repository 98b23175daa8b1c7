"""A terminal with its scroll bar, its words for what is wrong, and the question before a paste."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollBar, QVBoxLayout, QWidget

from desktop.core.text import visible_lines
from desktop.terminal.session import ConsoleInfo, TerminalSession

from .display import Display
from .paste_bar import PasteBar

FONT_PX, LEAST_FONT_PX, LARGEST_FONT_PX = 14, 6, 72
BELL_PAUSE_MS = 1000


class TerminalWidget(QWidget):
    """`send` gets the frames (kind, payload) that go back; `receive` takes those that come.

    Importing this loads the native library: import it when the first console opens.
    """

    title_changed = Signal(str)
    bell = Signal()
    link_requested = Signal(str)
    info_changed = Signal(object)  # ConsoleInfo
    noticed = Signal(str)

    def __init__(
        self, send: Callable[[bytes, bytes], None], font_px: int = FONT_PX, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("terminal_widget")
        self._font_px = self._first_font_px = font_px
        self.session = TerminalSession(send)
        self.display = Display(self.session, font_px)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._bar.setObjectName("terminal_scroll")
        self._bar.setAccessibleName(self.tr("Scrollback"))
        self._paste_bar = PasteBar()
        self._words = QLabel(self.display)
        self._bell_pause = QTimer(self, singleShot=True, interval=BELL_PAUSE_MS)
        self._set_up()
        self._connect()

    def close_terminal(self) -> None:
        """Frees native memory; call it before the widget goes."""
        self.display.close_session()

    def receive(self, kind: bytes, payload: bytes) -> None:
        self.display.receive(kind, payload)

    @property
    def queued_bytes(self) -> int:
        return self.session.queued_bytes

    def set_message(self, text: str) -> None:
        """Words over the terminal, as plain text; empty takes them away."""
        self._words.setText(visible_lines(text))
        self._words.setAccessibleName(self._words.text())
        self._words.setVisible(bool(text))
        self._place_words()

    def set_font_px(self, font_px: int) -> None:
        self._first_font_px = font_px
        self._zoom(0)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.display and event.type() == QEvent.Type.Resize:
            self._place_words()
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "display"):
            self._follow_palette()

    def _set_up(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.display, 1)
        row.addWidget(self._bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self._paste_bar)
        self._words.setObjectName("terminal_words")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.hide()
        self.setFocusProxy(self.display)
        self.display.installEventFilter(self)
        self._follow_palette()

    def _connect(self) -> None:
        screen = self.session.screen
        screen.on_title = self.title_changed.emit
        screen.on_bell = self._on_bell
        self.session.on_info = self._on_info
        self.session.on_notice = self.noticed.emit
        self.display.scrolled.connect(self._follow_scroll)
        self.display.zoomed.connect(self._zoom)
        self.display.link_requested.connect(self.link_requested)
        self.display.paste_question.connect(self._paste_bar.ask)
        self._paste_bar.accepted.connect(self.display.insert)
        self._paste_bar.closed.connect(self.display.setFocus)
        self._bar.valueChanged.connect(self._on_bar)

    def _on_info(self, info: ConsoleInfo) -> None:
        self.display.look()
        self.info_changed.emit(info)

    def _on_bell(self) -> None:
        if not self._bell_pause.isActive():
            self._bell_pause.start()
            self.bell.emit()

    def _follow_scroll(self) -> None:
        scroll = self.session.screen.scroll
        with QSignalBlocker(self._bar):
            self._bar.setRange(0, max(0, scroll.total - scroll.shown))
            self._bar.setPageStep(max(1, scroll.shown))
            self._bar.setValue(scroll.first)

    def _on_bar(self, line: int) -> None:
        self.session.screen.scroll_to(line)
        self.display.look()

    def _zoom(self, step: int) -> None:
        wished = self._font_px + step if step else self._first_font_px
        self._font_px = min(max(wished, LEAST_FONT_PX), LARGEST_FONT_PX)
        self.display.set_font_px(self._font_px)

    def _follow_palette(self) -> None:
        dark = self.palette().window().color().lightness() < 128
        self.display.set_scheme(dark)
        scheme = self.display.scheme
        ink, ground = ("rgb({}, {}, {})".format(*rgb) for rgb in (scheme.foreground, scheme.background))
        self._words.setStyleSheet(f"color: {ink}; background: {ground};")

    def _place_words(self) -> None:
        self._words.setGeometry(self.display.rect())
