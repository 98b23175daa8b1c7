"""The console page: the VM's tty, and beside it other terminals, each a tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.core import frames
from desktop.core.text import visible
from desktop.terminal.prefix import ScreenKey

from .console_menu import console_menu
from .console_pane import ConsolePane
from .console_strip import LONGEST_NAME, ConsoleStrip
from .on_screen import OnScreen, Watched
from .stream_words import Target, close_words_of, tab_words_of
from .tab_keys import add_tab_keys

if TYPE_CHECKING:
    from .stream_pane import StreamPane

Choices = Callable[[], list[tuple[str, str]]]


class ConsoleTabs(Watched, QWidget):
    """The tty's tab is always there. `running` gives the containers that can be opened: id and name."""

    wanted = Signal(object)
    """A Target that the user chose."""
    added = Signal(object)  # StreamPane
    looked_at = Signal(bool)
    """Each time that begins and ends, whichever tab is in front."""

    def __init__(self, machine: ConsolePane, running: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_page")
        self.setAccessibleName(self.tr("Console"))
        self._running = running
        self._others: Sequence[Target] = ()
        self.machine = machine
        self._panes: list[StreamPane] = []
        self._stack = QStackedWidget()
        self._stack.addWidget(machine)
        self._strip = ConsoleStrip(machine.name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(machine)
        self._on_screen = OnScreen(self)
        self._on_screen.changed.connect(self.looked_at)
        self._strip.new_wanted.connect(self.choose)
        self._strip.chosen.connect(self._on_current)
        self._strip.renamed.connect(self._focus)
        self._tab_keys = add_tab_keys(self, self._strip.step)
        self._give_tab_keys()
        machine.screen_key.connect(self._obey)
        machine.info_line_changed.connect(self._show_info)

    def add(self, target: Target) -> StreamPane:
        """A tab, in front; whoever opens the terminal shows in it how it goes. One that there is only once is shown."""
        from .stream_pane import StreamPane

        pane = StreamPane(target)
        pane.closed.connect(lambda: self._remove(pane))
        pane.screen_key.connect(self._obey)
        pane.info_line_changed.connect(self._show_info)
        self._panes.append(pane)
        self._stack.addWidget(pane)
        close_words = close_words_of(target.kind).replace("%1", visible(target.name, LONGEST_NAME))
        name = tab_words_of(target.kind).replace("%1", target.name)
        self._strip.add(name, close_words, pane.close_requested.emit)
        self._give_tab_keys()
        self.added.emit(pane)
        return pane

    def tab_of(self, target: Target) -> StreamPane | None:
        """A tab that is there."""
        return next((pane for pane in self._panes if pane.target == target), None)

    def show_pane(self, pane: StreamPane) -> None:
        self.show_tab(self._stack.indexOf(pane))

    def panes(self) -> list[StreamPane]:
        return list(self._panes)

    def show_others(self, others: Sequence[Target]) -> None:
        """Consoles of other products, which the menu offers."""
        self._others = others

    def show_tab(self, index: int) -> None:
        self._strip.show_tab(index)

    def showEvent(self, event: QShowEvent) -> None:
        self._strip.fit()
        self.machine.begin()  # a shell in view keeps the machine awake by the tty's connection
        super().showEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 190)

    def choose(self) -> None:
        """Asks what is to be opened."""
        menu = console_menu(self, self.machine.is_running, self._running(), self._others, self.wanted.emit)
        menu.addSeparator()
        look = menu.addAction(self.tr("Only look at the machine's console"))
        look.setCheckable(True)
        look.setChecked(self.machine.only_looks)
        look.toggled.connect(self.machine.set_only_looks)
        menu.popup(self._strip.below_new)

    def _remove(self, pane: StreamPane) -> None:
        index = self._stack.indexOf(pane)
        self._panes.remove(pane)
        self._stack.removeWidget(pane)
        self._strip.remove(index)
        self._give_tab_keys()
        pane.deleteLater()

    def _give_tab_keys(self) -> None:
        """Where there is nothing to turn over they are the guest's."""
        for key in self._tab_keys:
            key.setEnabled(self._strip.count > 1)

    def _obey(self, key: ScreenKey, typed: str) -> None:
        """Keys of GNU screen that are about windows; here they are tabs."""
        strip = self._strip
        if key is ScreenKey.NEW:
            self.choose()
        elif key in (ScreenKey.NEXT, ScreenKey.PREVIOUS):
            strip.step(1 if key is ScreenKey.NEXT else -1)
        elif key is ScreenKey.SELECT:
            strip.show_tab(int(typed))
        elif key is ScreenKey.LIST:
            strip.list_all()
        elif (pane := self._pane_at(strip.current)) is None:
            self._obey_on_tty(key)
        elif key is ScreenKey.DETACH:
            strip.show_tab(0)
        elif key is ScreenKey.RENAME:
            strip.rename(lambda: self._stack.indexOf(pane))
        elif key is ScreenKey.CLOSE:
            pane.close_requested.emit()
        elif key is ScreenKey.BREAK:
            self.machine.noticed.emit(self.tr("A break does nothing here: only the machine's own console has a line."))

    def _obey_on_tty(self, key: ScreenKey) -> None:
        if key is ScreenKey.DETACH:
            self.machine.detach_requested.emit(True)
        elif key is ScreenKey.BREAK:
            self.machine.frame_typed.emit(frames.BREAK, b"")
        elif key is ScreenKey.RENAME:
            self._strip.rename(lambda: 0)
        elif key is ScreenKey.CLOSE:
            self.machine.noticed.emit(self.tr("The machine's own console is always there."))

    def _focus(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_info(self) -> None:
        pane = self._pane_at(self._strip.current)
        self._strip.show_info(pane.info_line if pane is not None else self.machine.info_line)

    def _on_current(self, index: int) -> None:
        pane = self._stack.widget(index)
        if pane is None:
            return
        self._stack.setCurrentIndex(index)
        self._show_info()
        self.setFocusProxy(pane)
        if self.isVisible():
            self._focus()

    def _pane_at(self, index: int) -> StreamPane | None:
        """None for the tty."""
        return self._panes[index - 1] if 0 < index <= len(self._panes) else None
