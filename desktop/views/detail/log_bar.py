"""The bar over a log: the search, the filter, from when on, and how lines are shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QMargins, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from ..card import button, set_button_text
from ..folding_row import FoldingRow
from ..plain import PlainLabel, plain_action_text, set_plain_tooltip
from ..search_edit import search_edit
from ..two_line_bar import TwoLineBar

ONE_LINE_FROM_PX = 1080
WIDEST_SEARCH_PX, WIDEST_FILTER_PX = 300, 220
SETTLE_MS = 120


class LogBar(TwoLineBar):
    searched = Signal(str)
    filtered = Signal(str)  # a regular expression, as it is typed
    next_requested = Signal()
    previous_requested = Signal()
    since_chosen = Signal(int)  # minutes; 0: the newest lines, from whenever they are
    stamps_toggled = Signal(bool)
    wrap_toggled = Signal(bool)
    follow_toggled = Signal(bool)
    clear_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("log_bar", ONE_LINE_FROM_PX, QMargins(20, 0, 20, 10), parent)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle_filter = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self.set_halves(self._build_search(), self._build_acts())

    def focus_search(self) -> None:
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.selectAll()

    def show_filter_wrong(self, words: str) -> None:
        """Why the filter is not used; empty: it is."""
        self._filter.setProperty("kind", "wrong" if words else "")
        self._filter.style().polish(self._filter)
        self._filter.setAccessibleDescription(words)
        set_plain_tooltip(self._filter, words or self._filter_hint)

    def show_count(self, words: str, usable: bool) -> None:
        self._count.setText(words)
        for which in (self._previous, self._next):
            which.setEnabled(usable)

    def show_following(self, following: bool) -> None:
        self._follow.setChecked(following)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter if watched is self._filter:
                    self._filter_now()
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                    self._search_now()
                    (self.previous_requested if back else self.next_requested).emit()
                    return True
        return super().eventFilter(watched, event)

    def _build_search(self) -> QHBoxLayout:
        self._edit = search_edit("log_search", self.tr("Search the log"), self.tr("Clear the search"), WIDEST_SEARCH_PX)
        self._edit.textChanged.connect(lambda _: self._settle.start())
        self._settle.timeout.connect(self._search_now)
        self._edit.installEventFilter(self)
        self._count = PlainLabel(name="log_count", role="caption", elide=True)
        self._previous = self._arrow("log_previous", "↑", self.tr("Previous match"), self.previous_requested)
        self._next = self._arrow("log_next", "↓", self.tr("Next match"), self.next_requested)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._filter_hint = self.tr("Shows only lines in which this regular expression is found, such as error|timeout")
        self._filter = search_edit("log_filter", self.tr("Filter lines"), self.tr("Clear the filter"), WIDEST_FILTER_PX)
        set_plain_tooltip(self._filter, self._filter_hint)
        self._filter.textChanged.connect(lambda _: self._settle_filter.start())
        self._settle_filter.timeout.connect(self._filter_now)
        self._filter.installEventFilter(self)
        row.addWidget(self._edit, 3)
        row.addWidget(self._previous)
        row.addWidget(self._next)
        row.addWidget(self._count, 1)
        row.addWidget(self._filter, 2)
        return row

    def _build_acts(self) -> QHBoxLayout:
        self._since = button("log_since", "", lambda: None)
        self._since.setMenu(self._build_since())
        self._stamps = self._toggle("log_stamps", self.tr("Timestamps"), False, self.stamps_toggled)
        self._wrap = self._toggle("log_wrap", self.tr("Wrap"), True, self.wrap_toggled)
        self._follow = self._toggle("log_follow", self.tr("Follow"), True, self.follow_toggled)
        clear = button("log_clear", self.tr("Clear"), self.clear_requested.emit)
        save = button("log_save", self.tr("Save…"), self.save_requested.emit)
        row = QHBoxLayout()
        row.addWidget(FoldingRow("log_acts", (self._since, self._stamps, self._wrap, self._follow, clear, save)))
        return row

    def _build_since(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("log_since_menu")
        menu.setTitle(self.tr("From when on"))
        menu.menuAction().setObjectName("log_since_action")
        group = QActionGroup(menu)
        for minutes, words in (
            (0, self.tr("Newest lines")),
            (5, self.tr("Last 5 minutes")),
            (60, self.tr("Last hour")),
            (24 * 60, self.tr("Last 24 hours")),
        ):
            action = menu.addAction(plain_action_text(words), partial(self._choose_since, minutes, words))
            action.setObjectName(f"log_since_{minutes}")
            action.setCheckable(True)
            action.setChecked(minutes == 0)
            group.addAction(action)
            if minutes == 0:
                set_button_text(self._since, words)
        return menu

    def _choose_since(self, minutes: int, words: str) -> None:
        set_button_text(self._since, words)
        self.since_chosen.emit(minutes)

    def _toggle(self, name: str, words: str, on: bool, signal: SignalInstance) -> QPushButton:
        made = button(name, words, lambda: None, "toggle")
        made.setCheckable(True)
        made.setChecked(on)
        made.toggled.connect(signal)
        return made

    def _arrow(self, name: str, sign: str, words: str, signal: SignalInstance) -> QPushButton:
        made = button(name, sign, signal.emit, "quiet")
        made.setAccessibleName(words)
        set_plain_tooltip(made, words)
        made.setEnabled(False)
        return made

    def _search_now(self) -> None:
        self._settle.stop()
        self.searched.emit(self._edit.text())

    def _filter_now(self) -> None:
        self._settle_filter.stop()
        self.filtered.emit(self._filter.text())
