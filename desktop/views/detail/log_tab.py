"""The log of a container, or of several: its lines under the bar, and in a line below how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.core.container_log import LogLine
from desktop.core.text import file_name

from ..file_dialog import to_save
from ..on_screen import OnScreen, Watched
from ..plain import PlainLabel
from .log_bar import LogBar
from .log_filter import LogFilter
from .log_search import Found, LogSearch
from .log_view import KEPT_LINES, LogView

COUNT_AFTER_MS = 250
QUICK_MARKS, MOST_MARKS = 200, 1000
"""On the screen: each takes Qt some 10 µs, and in a flood lines come fifty times a second."""


class LogTab(Watched, QWidget):
    """`looked_at`: it is on the screen, or is not any more. What it shows then goes on where it was."""

    looked_at = Signal(bool)
    since_chosen = Signal(int)
    save_requested = Signal(str, bool)  # the file, and whether with timestamps

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log_tab")
        self.setAccessibleName(self.tr("Logs"))
        self._search = LogSearch()
        self._at = Found(-1, 0)
        self._name = ""
        self._with_stamps = False
        self._cleared = False
        self._is_filtered = self._is_begun = False
        self._left_out = 0
        self.bar = LogBar()
        self.view = LogView("log_lines", self.tr("Log"))
        self._note = PlainLabel(name="log_note", role="caption", elide=True)
        self._marked = 0
        self._recount = QTimer(self, interval=COUNT_AFTER_MS, singleShot=True)
        self._place()
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.looked_at)
        self._connect()
        self._refresh()

    def begin(self, name: str) -> None:
        """Another container, or another beginning."""
        self._name = name
        self._cleared = self._is_begun = False
        self._left_out = 0
        self._at = Found(-1, 0)
        self.view.forget()

    def show_begun(self) -> None:
        """What there is, is on its way."""
        if not self._is_begun:
            self._is_begun = True
            self._refresh()

    def add(self, lines: Sequence[LogLine]) -> None:
        self.view.add(lines)

    def show_left_out(self, count: int) -> None:
        """How many containers wait to be read."""
        self._left_out = count
        self._refresh()

    def shown_text(self, with_stamps: bool) -> str:
        """What is left to save of containers that are gone, or while the engine is away."""
        lines = (shown.line for shown in self.view.shown if not shown.line.is_mark)
        rows = ((with_stamps and line.stamp, line.name, line.text) for line in lines)
        return "".join(" ".join(part for part in row if part) + "\n" for row in rows)

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        # Else the room that lines wish for would press on the bar in a small window.
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        column.addWidget(self.view, 1)
        self._wrong = PlainLabel(name="log_filter_wrong", role="error", wrap=True)
        self._wrong.setContentsMargins(20, 4, 20, 0)
        self._wrong.hide()
        column.addWidget(self._wrong)
        self._note.setContentsMargins(20, 4, 20, 6)
        column.addWidget(self._note)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        bar, view = self.bar, self.view
        bar.searched.connect(self._on_search)
        bar.filtered.connect(self._on_filter)
        bar.next_requested.connect(lambda: self._go(True))
        bar.previous_requested.connect(lambda: self._go(False))
        bar.since_chosen.connect(self.since_chosen)
        bar.stamps_toggled.connect(self._on_stamps)
        bar.wrap_toggled.connect(view.set_wrapped)
        bar.follow_toggled.connect(view.set_following)
        bar.clear_requested.connect(self._on_clear)
        bar.save_requested.connect(self._on_save)
        view.following_changed.connect(bar.show_following)
        view.lines_changed.connect(self._on_lines)
        view.filter_gave_up.connect(self._on_gave_up)
        view.verticalScrollBar().valueChanged.connect(lambda _: self._mark(can_wait=view.is_following))
        self._recount.timeout.connect(self._count)
        for key, act in (
            (QKeySequence.StandardKey.Find, bar.focus_search),
            (QKeySequence.StandardKey.FindNext, bar.next_requested.emit),
            (QKeySequence.StandardKey.FindPrevious, bar.previous_requested.emit),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _on_stamps(self, wanted: bool) -> None:
        self._with_stamps = wanted
        self.view.set_stamps(wanted)

    def _on_clear(self) -> None:
        self._cleared = True
        self.view.forget()

    def _on_save(self) -> None:
        dialog = to_save(self, "log_save_dialog", self.tr("Save the log"), file_name(self._name, ".log"))
        dialog.setDefaultSuffix("log")
        dialog.fileSelected.connect(lambda path: self.save_requested.emit(path, self._with_stamps))
        dialog.open()

    def _on_lines(self) -> None:
        if self._search.needle:
            self._mark(can_wait=True)
            if not self._recount.isActive():
                self._recount.start()
        self._refresh()

    def _on_search(self, needle: str) -> None:
        if needle != self._search.needle:
            self.view.taken_away()
            self._at = Found(self.view.in_sight().start, -1)
            self._look(needle)
            self._step(True)
        self._show_count()
        self._mark()

    def _on_filter(self, pattern: str) -> None:
        """While it is wrong the filter stays as it was."""
        wanted = LogFilter(pattern)
        at = wanted.wrong_at
        words = self.tr("This is no regular expression: it goes wrong at character %1.")
        self._show_wrong("" if at is None else words.replace("%1", self.locale().toString(at)))
        if at is None:
            self._is_filtered = bool(pattern)
            self.view.set_filter(wanted)
            self._refresh()

    def _on_gave_up(self) -> None:
        self._is_filtered = False
        self._show_wrong(self.tr("To look for this takes too long: all lines are shown."))
        self._refresh()

    def _show_wrong(self, words: str) -> None:
        self.bar.show_filter_wrong(words)
        self._wrong.setText(words)
        self._wrong.setVisible(bool(words))

    def _count(self) -> None:
        self._look_again()
        self._show_count()
        self._mark()

    def _look(self, needle: str) -> None:
        self._search.look(needle, self.view.small_lines())

    def _look_again(self) -> None:
        gone = self.view.taken_away()
        self._at = Found(max(-1, self._at.line - gone), self._at.start)
        self._look(self._search.needle)

    def _go(self, forward: bool) -> None:
        self._look_again()
        self._step(forward)
        self._show_count()
        self._mark()

    def _step(self, forward: bool) -> None:
        number = self._search.after(self._at) if forward else self._search.before(self._at)
        if number >= 0:
            self._at = self._search.place(number)
            self.view.select(self._at.line, self._at.start, self._search.length)

    def _show_count(self) -> None:
        total = self._search.total
        number = self._search.after(Found(self._at.line, self._at.start - 1)) if total else -1
        if not self._search.needle:
            words = ""
        elif not total:
            words = self.tr("No match")
        elif number >= 0 and self._search.place(number) == self._at:
            words = self.tr("%1 of %2").replace("%1", self.locale().toString(number + 1))
        else:
            words = self.tr("1 match") if total == 1 else self.tr("%2 matches")
        self.bar.show_count(words.replace("%2", self.locale().toString(total)), total > 0)

    def _mark(self, can_wait: bool = False) -> None:
        """Only what is on the screen: there may be many thousands. `can_wait`: where they are many, for the count."""
        if can_wait and self._marked > QUICK_MARKS:
            return
        length = self._search.length
        sight = {number: self.view.shown[number].small for number in self.view.in_sight()}
        places = self._search.on_lines(sight)[:MOST_MARKS]
        self._marked = len(places)
        at = self._at if self._at in places else None
        self.view.mark(
            [self.view.cursor_at(p.line, p.start, length) for p in places],
            self.view.cursor_at(at.line, at.start, length) if at else None,
        )

    def _refresh(self) -> None:
        count, kept = len(self.view.shown), self.view.kept
        if self._is_filtered and kept:
            empty = self.tr("No line passes the filter.")
        elif self._cleared:
            empty = self.tr("Cleared. What it writes from now on shows up here.")
        elif self._left_out or not self._is_begun:
            empty = self.tr("Not read yet.")
        else:
            empty = self.tr("It has written nothing that the engine keeps.")
        self.view.setPlaceholderText(empty)
        words = self.tr("1 line") if count == 1 else self.tr("%1 lines")
        if self._is_filtered:
            words = self.tr("%1 of %2 lines pass the filter")
        elif count >= KEPT_LINES:
            words = self.tr("The newest %1 lines; Save writes all that the engine keeps")
        if self._left_out:
            words += " · " + self.tr("containers whose logs wait to be read, since there are too many: %3")
        for place, number in (("%1", count), ("%2", max(count, kept)), ("%3", self._left_out)):
            words = words.replace(place, self.locale().toString(number))
        self._note.setText(words)
