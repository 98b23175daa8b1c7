"""A terminal with its scroll bar, and what lies over it: words, its search, and the question before a paste."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollBar, QWidget

from desktop.terminal.session import ConsoleInfo, TerminalSession

from ..terminal_style import TerminalStyle
from .bars import Bars
from .commands import Commands
from .copy_bar import CopyBar
from .display import Display
from .idle_hint import IdleHint
from .older_lines import OlderLines
from .palette import SCHEMES
from .paste_bar import PasteBar
from .plate import Plate
from .search_bar import SearchBar

LEAST_FONT_PX, LARGEST_FONT_PX = 6, 72
BELL_PAUSE_MS = 1000


class TerminalWidget(QWidget):
    """`send` gets the frames (kind, payload) that go back; `receive` takes those that come.

    Importing this loads the native library: import it when the first console opens.
    """

    title_changed = Signal(str)
    bell = Signal()
    link_requested = Signal(str)
    """A link in the text was clicked with Ctrl held. It is the guest's word: ask before opening it."""
    info_changed = Signal(object)  # ConsoleInfo
    noticed = Signal(str)
    font_px_changed = Signal(int)
    """The user zoomed."""
    info_line_changed = Signal()
    """`info_line` may say something else."""
    screen_key = Signal(object, str)
    """A key of GNU screen that is about more than this terminal: a ScreenKey, and what was typed for it."""
    log_requested = Signal()
    """What it showed before its oldest line is to be read in the log."""

    def __init__(
        self,
        send: Callable[[bytes, bytes], None],
        style: TerminalStyle = TerminalStyle(),  # noqa: B008, it cannot be changed
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("terminal_widget")
        self._style = style
        self.session = TerminalSession(send)
        self.display = Display(self.session, style.font_px, style.family)
        self.display.prefix.letter = style.prefix
        self.commands = Commands(self.display, self)
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._paste_bar, self._copy_bar = PasteBar(), CopyBar()
        self._search_bar = SearchBar()
        bars = (self._search_bar, self._paste_bar, self._copy_bar)
        self._bars = Bars(self.display, bars, self.display.looked_at, self)
        self._plate = Plate(self.display)
        self._older_lines, self._foot_px = OlderLines(self.display), 0
        self._idle_hint, self._idle_words = IdleHint(self.session, self), ""
        self._bell_pause = QTimer(self, singleShot=True, interval=BELL_PAUSE_MS)
        self._lay_out()
        self._connect()
        self._follow_palette()

    def close_terminal(self) -> None:
        """Free native memory; call it before the widget goes."""
        self._idle_hint.end()
        self.commands.close()
        self.display.close_session()

    def receive(self, kind: bytes, payload: bytes) -> None:
        """Take one frame from the supervisor."""
        self.display.receive(kind, payload)

    @property
    def queued_bytes(self) -> int:
        """What is received and not yet shown; a reader that waits while it is large keeps memory flat."""
        return self.session.queued_bytes

    def set_message(self, text: str, hint: bool = False) -> None:
        """Words over the screen, as plain text; empty takes them away. A hint is small and goes with the next key."""
        self._plate.show_words(text, hint)

    def set_logged(self) -> None:
        """There is a log of all that it shows, which is opened where that is asked for."""
        self._older_lines.set_logged(True)

    def lay_over(self, bar: QWidget) -> None:
        """A bar that is shown and hidden as it is needed; it takes no room from the guest."""
        self._bars.add(bar)

    def set_name(self, name: str) -> None:
        """What a screen reader calls it: there may be several."""
        self.display.setAccessibleName(name)
        self._bar.setAccessibleName(self.tr("Scrollback") + f": {name}")

    def watch_idle(self, words: str = "") -> None:
        """It was attached just now: says what to do where the other side has nothing to show."""
        self._idle_words = words or self.tr("Nothing was printed yet. Press Enter for a prompt")
        self._idle_hint.begin()

    @property
    def info_line(self) -> str:
        """Its size, its viewers, whether it is logged, and its title: the guest's word, cleaned and shortened."""
        return self.commands.info()

    def set_style(self, style: TerminalStyle) -> None:
        before, self._style = self._style, style
        self.display.prefix.letter = style.prefix
        if (style.font_px, style.family) != (before.font_px, before.family):
            self.display.set_font(style.font_px, style.family)
        if style.colours != before.colours:
            self._follow_palette()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        guest_has_mouse = self.session.screen.wants_mouse and not self.display.copy_mode.is_on
        if guest_has_mouse and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return
        self._open_menu(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_plate"):
            self._follow_palette()

    def _lay_out(self) -> None:
        self._bar.setObjectName("terminal_scroll")
        self._bar.setAccessibleName(self.tr("Scrollback"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.display, 1)
        row.addWidget(self._bar)
        self.setFocusProxy(self.display)

    def _connect(self) -> None:
        screen, display, clipboard = self.session.screen, self.display, self.display.clipboard
        screen.on_title = self.title_changed.emit
        screen.on_bell = self._on_bell
        screen.on_clipboard = self._copy_bar.ask
        self._copy_bar.accepted.connect(clipboard.put)
        self.session.on_info = self._on_info
        self.session.on_notice = self.noticed.emit
        display.refreshed.connect(self._follow_scroll)
        display.zoomed.connect(self._zoom)
        display.link_requested.connect(self.link_requested)
        display.typed.connect(self._plate.drop_hint)
        display.typed.connect(self._idle_hint.end)
        display.refreshed.connect(self._idle_hint.look)
        self._idle_hint.wanted.connect(self._on_idle)
        self.commands.hinted.connect(lambda words: self._plate.show_words(words, True))
        self.commands.noticed.connect(self.noticed)
        self.commands.passed_on.connect(self.screen_key)
        for changed in (self.title_changed, self.info_changed, self.commands.log_changed, display.settled):
            changed.connect(self.info_line_changed)
        clipboard.question.connect(self._paste_bar.ask)
        self._paste_bar.accepted.connect(clipboard.insert)
        display.find_requested.connect(self._ask_for_words)
        display.finder.found.connect(self._search_bar.show_found)
        self._search_bar.looked_for.connect(display.look_for)
        self._search_bar.went.connect(display.go_to_next)
        display.copy_mode.began.connect(self._search_bar.hide)
        display.copy_mode.ended.connect(self._search_bar.hide)
        self._older_lines.log_requested.connect(self.log_requested)
        self._bars.placed.connect(self._lift)
        display.refreshed.connect(self._follow_search)
        for bar in (self._paste_bar, self._copy_bar, self._search_bar):
            bar.closed.connect(lambda: display.setFocus(Qt.FocusReason.OtherFocusReason))
        self._bar.valueChanged.connect(display.scroll_to)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("terminal_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clipboard = self.display.clipboard
        for name, words, act in (
            ("terminal_copy", self.tr("Copy") + "\tCtrl+Shift+C", self.display.copy),
            ("terminal_paste", self.tr("Paste") + "\tCtrl+Shift+V", clipboard.paste),
            ("terminal_select_all", self.tr("Select All") + "\tCtrl+Shift+A", self.display.select_all),
            ("terminal_find", self.tr("Find…") + "\tCtrl+Shift+F", lambda: self._ask_for_words(True)),
        ):
            action = menu.addAction(words)
            action.setObjectName(name)
            action.triggered.connect(act)
        menu.actions()[0].setEnabled(bool(self.display.shown.selected_text()))
        menu.actions()[1].setEnabled(clipboard.has_text and not self.session.is_read_only)
        menu.popup(at)

    def _ask_for_words(self, older: bool) -> None:
        self._search_bar.ask(older, is_question=self.display.copy_mode.is_on)

    def _follow_search(self) -> None:
        """Of a question nothing moves under the user's mouse."""
        if self._paste_bar.isHidden() and self._copy_bar.isHidden():
            self._bars.give_way()

    def _on_info(self, info: ConsoleInfo) -> None:
        self.display.update()
        self.info_changed.emit(info)

    def _on_idle(self, is_idle: bool) -> None:
        self._plate.show_words(self._idle_words if is_idle else "", True)

    def _on_bell(self) -> None:
        if not self._bell_pause.isActive():
            self._bell_pause.start()
            self.bell.emit()

    def _follow_scroll(self) -> None:
        scroll = self.display.seen
        with QSignalBlocker(self._bar):
            self._bar.setRange(0, max(0, scroll.total - scroll.shown))
            self._bar.setPageStep(max(1, scroll.shown))
            self._bar.setValue(scroll.first)
        is_at_oldest = scroll.first == 0 and scroll.total > scroll.shown
        is_wanted = is_at_oldest and self.session.screen.has_lost_lines
        if is_wanted == self._older_lines.isHidden():
            self._older_lines.setVisible(is_wanted)
            self._lift(self._foot_px)

    def _lift(self, foot_px: int) -> None:
        """What lies at the foot lies one over the other."""
        self._foot_px = foot_px
        self._older_lines.lift(foot_px)
        self._plate.lift(foot_px + self._older_lines.room_px)

    def _zoom(self, step: int) -> None:
        wished = self._style.font_px + step if step else TerminalStyle().font_px
        font_px = min(max(wished, LEAST_FONT_PX), LARGEST_FONT_PX)
        if font_px == self._style.font_px:
            return
        self.set_style(self._style._replace(font_px=font_px))
        self.font_px_changed.emit(font_px)

    def _follow_palette(self) -> None:
        is_dark = self.palette().color(QPalette.ColorRole.Window).lightness() < 128
        dark, light = SCHEMES[self._style.colours]
        scheme = dark if is_dark else light
        self.display.set_scheme(scheme)
        self._plate.set_colours(scheme)
