"""The tray icon: the machine's state by colour and shape, its menu, and a tray that comes late or never."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import nsmallest

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.core.engine import Container
from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible
from desktop.views.header import allowed_verbs
from desktop.views.icons import look_of, state_icon
from desktop.views.notice_stack import Notice
from desktop.views.plain import escaped, plain_action_text
from desktop.views.words import state_word

LOOK_OFTEN_MS = 500
LOOK_SELDOM_MS = 5000
GIVE_UP_S = 10.0
MENU_CONTAINERS = 15
MESSAGE_MS = 10_000


class Tray(QObject):
    """Says what the user wishes. `missing` comes once when the desktop has shown no tray for ten seconds."""

    verb_requested = Signal(str)
    window_requested = Signal()
    console_requested = Signal()
    quit_requested = Signal()
    container_requested = Signal(str, str)  # start or stop, and the container's id
    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._status = MachineStatus()
        self._asked = ""
        self._running: int | None = None
        self._first: list[Container] = []  # those that the menu has room for
        self._shown: list[tuple[str, str, bool, str]] = []  # what it shows of them
        self._look = ""
        self._menu = QMenu()
        self._menu.setObjectName("tray_menu")
        self._build_menu()
        self._icon: QSystemTrayIcon | None = None
        self._available = False
        self._waited_ms = 0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_OFTEN_MS)
        self._timer.timeout.connect(self._on_look)

    def begin(self) -> None:
        """Shows the icon, and watches for a tray."""
        self._icon = self._make_icon()
        self._available = self.available()
        self._refresh()
        self._timer.start()

    def available(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_status(self, status: MachineStatus) -> None:
        if status.state is not self._status.state:
            self._asked = ""
        self._status = status
        self._refresh()

    def show_asked(self, verb: str) -> None:
        """A verb was sent and the supervisor has not answered yet; empty: it has."""
        self._asked = verb
        self._refresh()

    def show_containers(self, known: Sequence[Container] | None) -> None:
        """Fills the menu: the running ones, then stopped ones, as many as a menu can hold. None: nothing is known."""
        containers = known or ()
        self._running = None if known is None else sum(container.running for container in containers)
        self._first = nsmallest(MENU_CONTAINERS, containers, key=lambda each: (not each.running, each.name))
        self._fill()
        self._containers.menuAction().setEnabled(bool(self._first))
        self._refresh()

    def _fill(self) -> None:
        """Not while it is open: what is under the pointer would become something else, or go."""
        shown = [(container.id, container.name, container.running, container.busy) for container in self._first]
        if shown == self._shown or self._containers.isVisible():
            return
        self._shown = shown
        for old in self._containers.actions():
            menu = old.menu()
            self._containers.removeAction(old)
            (menu if isinstance(menu, QMenu) else old).deleteLater()
        for before, container in zip([None, *self._first], self._first, strict=False):
            if before is not None and before.running and not container.running:
                self._containers.addSeparator()
            self._add_container(container)

    def show_message(self, notice: Notice) -> None:
        """Says a notice as a desktop notification; its server reads markup, so the text is escaped."""
        body = "\n".join(part for part in (notice.why, notice.next_step) if part)
        kind = QSystemTrayIcon.MessageIcon.Information
        if notice.kind == "error":
            kind = QSystemTrayIcon.MessageIcon.Critical
        if self._icon is not None and self._available and QSystemTrayIcon.supportsMessages():
            text = escaped(visible(body, 400))
            self._icon.showMessage(visible(notice.what, 120), text, kind, MESSAGE_MS)

    def close(self) -> None:
        self._timer.stop()
        if self._icon is not None:
            self._icon.hide()
        self._menu.deleteLater()

    def menu(self) -> QMenu:
        return self._menu

    def _build_menu(self) -> None:
        self._state = self._add(self._menu, "tray_state", "")
        self._state.setEnabled(False)
        self._menu.addSeparator()
        self._verbs = {
            "start": self._add_verb("start", self.tr("Start")),
            "suspend": self._add_verb("suspend", self.tr("Suspend")),
            "stop": self._add_verb("stop", self.tr("Stop")),
            "restart": self._add_verb("restart", self.tr("Restart")),
            "kill": self._add_verb("kill", self.tr("Kill")),
        }
        self._menu.addSeparator()
        self._add(self._menu, "tray_window", self.tr("Open window")).triggered.connect(self.window_requested)
        self._add(self._menu, "tray_console", self.tr("Open console")).triggered.connect(self.console_requested)
        self._containers = QMenu(self.tr("Containers"), self._menu)
        self._containers.setObjectName("tray_containers")
        self._containers.menuAction().setEnabled(False)
        # Queued: what was chosen in it is still under way.
        self._containers.aboutToHide.connect(self._fill, Qt.ConnectionType.QueuedConnection)
        self._menu.addMenu(self._containers)
        self._menu.addSeparator()
        self._add(self._menu, "tray_quit", self.tr("Quit")).triggered.connect(self.quit_requested)

    def _add(self, menu: QMenu, name: str, text: str) -> QAction:
        action = QAction(plain_action_text(text), menu)
        action.setObjectName(name)
        menu.addAction(action)
        return action

    def _add_verb(self, verb: str, text: str) -> QAction:
        action = self._add(self._menu, f"tray_{verb}", text)
        action.triggered.connect(lambda: self.verb_requested.emit(verb))
        return action

    def _add_container(self, container: Container) -> None:
        menu = QMenu(plain_action_text(container.name), self._containers)
        menu.setObjectName(f"tray_container_{container.id[:12]}")
        for act, text, enabled in (
            ("start", self.tr("Start"), not container.running),
            ("stop", self.tr("Stop"), container.running),
        ):
            action = self._add(menu, f"{menu.objectName()}_{act}", text)
            action.setEnabled(enabled and not container.busy)
            action.triggered.connect(
                lambda _checked=False, act=act, id=container.id: self.container_requested.emit(act, id)
            )
        self._containers.addMenu(menu)

    def _refresh(self) -> None:
        state = self._status.state
        words = self._words()
        self._state.setText(plain_action_text(words))
        allowed = allowed_verbs(self._status)
        for verb, action in self._verbs.items():
            action.setEnabled(verb in allowed and not self._asked)
        self._verbs["kill"].setVisible("kill" in allowed)
        self._verbs["start"].setText(self.tr("Resume") if state is State.SUSPENDED else self.tr("Start"))
        if self._icon is None:
            return
        self._icon.setToolTip(f"Moorage: {words}")
        if look_of(state) != self._look:
            self._look = look_of(state)
            self._icon.setIcon(state_icon(state))

    def _words(self) -> str:
        """The state in words, without anything that could be taken for markup."""
        state = self._status.state
        words = state_word(state)
        if state is State.RUNNING and self._running is not None:
            count = self.tr("%n container(s) running", "", self._running)
            return self.tr("%1, %2").replace("%1", words).replace("%2", count)
        return words

    def _make_icon(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self)
        icon.setObjectName("tray_icon")
        icon.setIcon(state_icon(self._status.state))
        icon.setContextMenu(self._menu)
        icon.activated.connect(self._on_activated)
        icon.messageClicked.connect(self.window_requested)
        icon.show()
        return icon

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.window_requested.emit()

    def _on_look(self) -> None:
        available = self.available()
        if available and not self._available:
            self._come_again()
        # A tray that went away is waited for like one that never came: panels restart.
        if available or self._available:
            self._waited_ms = 0
        self._available = available
        if available:
            self._timer.setInterval(LOOK_SELDOM_MS)
            return
        before, self._waited_ms = self._waited_ms, self._waited_ms + self._timer.interval()
        if before < GIVE_UP_S * 1000 <= self._waited_ms:
            self.missing.emit()
        self._timer.setInterval(LOOK_OFTEN_MS if self._waited_ms < GIVE_UP_S * 1000 else LOOK_SELDOM_MS)

    def _come_again(self) -> None:
        """WORKAROUND: Qt never registers an icon with a StatusNotifierWatcher that came after it; a new icon
        is registered. May go when a hidden and shown icon is."""
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
        self._icon = self._make_icon()
        self._look = ""
        self._refresh()
