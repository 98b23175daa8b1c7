"""The console page: the VM's tty, and beside it shells in containers, each a tab."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.core import frames
from desktop.core.machine import MachineStatus
from desktop.core.text import visible
from desktop.terminal.prefix import ScreenKey

from .console_pane import ConsolePane
from .icons import line_icon
from .plain import PlainLabel, plain_action_text, set_plain_tooltip
from .theme import colours_of

if TYPE_CHECKING:
    from .shell_pane import ShellPane

MENU_CONTAINERS = 30
LONGEST_NAME = 40
LEAST_NAME_PX = 160

Choices = Callable[[], list[tuple[str, str]]]


class ConsoleTabs(QWidget):
    """The tty's tab is always there. `running` gives the containers that a shell can be opened in: id and name."""

    shell_wanted = Signal(str)
    """A new shell in a container, by id."""
    close_wanted = Signal(object)  # ShellPane; ask first where something runs in it
    shell_made = Signal(object)  # ShellPane
    looked_at = Signal(bool)
    """Each time that begins and ends, whichever tab is in front."""

    def __init__(self, machine: ConsolePane, running: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("console_page")
        self.setAccessibleName(self.tr("Console"))
        self._running = running
        self._status = MachineStatus()
        self._font_px, self._prefix = machine.font_px, ""
        self.machine = machine
        self._made = 0
        self._shells: dict[QWidget | None, ShellPane] = {}
        self._stack = QStackedWidget()
        self._stack.addWidget(machine)
        self._tabs = self._build_tabs()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._build_strip())
        column.addWidget(self._stack, 1)
        self.setFocusProxy(machine)
        machine.screen_key.connect(self._obey)
        machine.info_line_changed.connect(self._show_info)

    def add_shell(self, container: str, name: str) -> ShellPane:
        """A tab for a shell, in front; whoever opens the shell shows in it how it goes."""
        from .shell_pane import ShellPane

        pane = ShellPane(container, name, self._font_px)
        pane.show_status(self._status)
        pane.set_prefix(self._prefix)
        pane.close_requested.connect(lambda: self.close_wanted.emit(pane))
        pane.screen_key.connect(self._obey)
        pane.info_line_changed.connect(self._show_info)
        self._shells[pane] = pane
        self._stack.addWidget(pane)
        index = self._tabs.addTab(self._label(name))
        self._tabs.setTabButton(index, QTabBar.ButtonPosition.RightSide, self._close_button(pane))
        self._draw_icons()
        self._fit()
        self._tabs.setCurrentIndex(index)
        self.shell_made.emit(pane)
        return pane

    def remove_shell(self, pane: ShellPane) -> None:
        index = self._stack.indexOf(pane)
        if self._shells.pop(pane, None) is None:
            return
        self._stack.removeWidget(pane)
        self._tabs.removeTab(index)
        self._fit()
        pane.close_terminal()
        pane.deleteLater()

    def shells(self) -> list[ShellPane]:
        return list(self._shells.values())

    def show_status(self, status: MachineStatus) -> None:
        self._status = status
        for pane in self.shells():
            pane.show_status(status)

    def set_font_px(self, font_px: int) -> None:
        self._font_px = font_px
        self.machine.set_font_px(font_px)
        for pane in self.shells():
            pane.set_font_px(font_px)

    def set_prefix(self, letter: str) -> None:
        self._prefix = letter
        self.machine.set_prefix(letter)
        for pane in self.shells():
            pane.set_prefix(letter)

    def close_terminals(self) -> None:
        self.machine.close_terminal()
        for pane in self.shells():
            pane.close_terminal()

    def show_tab(self, index: int) -> None:
        if 0 <= index < self._tabs.count():
            self._tabs.setCurrentIndex(index)

    def step(self, by: int) -> None:
        """To a neighbour, round and round."""
        self.show_tab((self._tabs.currentIndex() + by) % self._tabs.count())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        self.machine.begin()  # a shell in view keeps the machine awake by the tty's connection
        self.looked_at.emit(True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange) and hasattr(self, "_new"):
            self._draw_icons()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.looked_at.emit(False)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 190)

    def _build_tabs(self) -> QTabBar:
        tabs = QTabBar()
        tabs.setObjectName("console_tabs")
        tabs.setAccessibleName(self.tr("Consoles"))
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setUsesScrollButtons(True)
        tabs.setElideMode(Qt.TextElideMode.ElideRight)
        tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tabs.addTab(self.machine.name)
        tabs.currentChanged.connect(self._on_current)
        return tabs

    def _build_strip(self) -> QWidget:
        strip = QWidget()
        strip.setObjectName("console_strip")
        self._new = self._small_button("console_new", self.tr("Open a shell in a container"), self.choose)
        self._info = PlainLabel(name="console_info", role="caption", elide=True)
        self._info.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(strip)
        row.setContentsMargins(12, 5, 16, 5)
        row.setSpacing(4)
        self._tabs.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._tabs.setMinimumWidth(60)
        row.addWidget(self._tabs)
        row.addWidget(self._new, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._info, 1)
        self._draw_icons()
        return strip

    def _small_button(self, name: str, words: str, act: Callable[[], object]) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setProperty("role", "small")
        made.setAccessibleName(words)
        set_plain_tooltip(made, words)
        made.clicked.connect(lambda _checked=False: act())
        return made

    def _close_button(self, pane: ShellPane) -> QToolButton:
        self._made += 1
        words = self.tr("Close the shell in %1").replace("%1", visible(pane.name, LONGEST_NAME))
        made = self._small_button(f"console_close_{self._made}", words, pane.close_requested.emit)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has its key of screen
        return made

    def _draw_icons(self) -> None:
        colour, ratio = colours_of(self.palette()).muted, self.devicePixelRatioF()
        self._new.setIcon(line_icon("plus", colour, 14, ratio))
        for index in range(1, self._tabs.count()):
            close = self._tabs.tabButton(index, QTabBar.ButtonPosition.RightSide)
            if isinstance(close, QToolButton):
                close.setIcon(line_icon("close", colour, 12, ratio))

    def _fit(self) -> None:
        """Room for all tabs. Later, since a tab that was made while the page was hidden has no size yet."""
        QTimer.singleShot(0, self._tabs, self._tabs.updateGeometry)

    def _show_info(self) -> None:
        index = self._tabs.currentIndex()
        pane = self._shell_at(index)
        self._info.setText(pane.info_line if pane is not None else self.machine.info_line)

    def choose(self) -> None:
        """Asks in which container."""
        menu = QMenu(self)
        menu.setObjectName("console_new_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        running = self._running()
        for container, name in running[:MENU_CONTAINERS]:
            menu.addAction(plain_action_text(name), partial(self.shell_wanted.emit, container))
        if not running:
            menu.addAction(self.tr("No container is running")).setEnabled(False)
        menu.popup(self._new.mapToGlobal(self._new.rect().bottomLeft()))

    def _obey(self, key: ScreenKey, typed: str) -> None:
        """Keys of GNU screen that are about windows; here they are tabs."""
        index = self._tabs.currentIndex()
        if key is ScreenKey.NEW:
            self.choose()
        elif key in (ScreenKey.NEXT, ScreenKey.PREVIOUS):
            self.step(1 if key is ScreenKey.NEXT else -1)
        elif key is ScreenKey.SELECT:
            self.show_tab(int(typed))
        elif key is ScreenKey.LIST:
            self._list()
        elif key is ScreenKey.DETACH:
            self.machine.detach_requested.emit(True) if index == 0 else self.show_tab(0)
        elif key is ScreenKey.BREAK and index == 0:
            self.machine.frame_typed.emit(frames.BREAK, b"")
        elif key is ScreenKey.RENAME and index > 0:
            self._rename(index)
        elif key is ScreenKey.CLOSE and index > 0:
            self._on_close_clicked(index)
        elif key in (ScreenKey.CLOSE, ScreenKey.RENAME):
            self.machine.noticed.emit(self.tr("The machine's own console is always there."))

    def _list(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("console_list_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index in range(self._tabs.count()):
            action = menu.addAction(f"{index}  {self._tabs.tabText(index)}", partial(self.show_tab, index))
            if index == self._tabs.currentIndex():
                menu.setActiveAction(action)
        menu.popup(self._tabs.mapToGlobal(self._tabs.rect().bottomLeft()))

    def _rename(self, index: int) -> None:
        """In the tab itself. Enter takes the name, a click elsewhere does not."""
        pane = self._shells[self._stack.widget(index)]
        line = QLineEdit(self._tabs.tabText(index).replace("&&", "&"), self)
        line.setObjectName("console_rename")
        line.setAccessibleName(self.tr("Name of the console"))
        line.setMaxLength(LONGEST_NAME)
        place = self._tabs.tabRect(index)
        place.moveTopLeft(self._tabs.mapTo(self, place.topLeft()))
        place.setWidth(max(place.width(), LEAST_NAME_PX))
        line.setGeometry(place)

        def take() -> None:
            if line.text().strip() and (now_at := self._stack.indexOf(pane)) > 0:
                self._tabs.setTabText(now_at, self._label(line.text().strip()))
                self._fit()
            pane.setFocus(Qt.FocusReason.OtherFocusReason)

        line.returnPressed.connect(take)
        line.editingFinished.connect(line.deleteLater)
        line.show()
        line.selectAll()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_current(self, index: int) -> None:
        pane = self._stack.widget(index)
        if pane is None:
            return
        self._stack.setCurrentIndex(index)
        self._show_info()
        self.setFocusProxy(pane)
        if self.isVisible():
            pane.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_close_clicked(self, index: int) -> None:
        if (pane := self._shell_at(index)) is not None:
            self.close_wanted.emit(pane)

    def _shell_at(self, index: int) -> ShellPane | None:
        return self._shells.get(self._stack.widget(index)) if index > 0 else None

    def _label(self, name: str) -> str:
        short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
        return plain_action_text(short)
