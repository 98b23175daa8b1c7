"""How to reach the engine: the socket, the shell line, and whether `docker` goes there by itself."""

from __future__ import annotations

import shlex

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.core.engine import SystemSocket
from desktop.core.machine import MachineStatus

from .card import Card, rule
from .copy_field import CopyField
from .plain import PlainLabel
from .switch import Switch

SYSTEM_SOCKET = "/var/run/docker.sock"


class ConnectCard(Card):
    """`context_requested` says that the user wishes `docker` to use Moorage by default, or no more."""

    context_requested = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("connect_card", self.tr("Use it from a terminal"), parent=parent)
        self.switch = Switch("use_context", self.tr("docker uses Moorage by default"))
        self.switch.clicked.connect(self._on_switched)
        self._decided = PlainLabel(name="context_decided", role="caption", wrap=True)
        self._socket = CopyField("docker_socket", self.tr("Socket"))
        self._shell = CopyField("shell_line", self.tr("This shell only"))
        self._link = CopyField("system_link", self.tr("For programs that know only the system's socket"))
        self.body.addWidget(self.switch)
        self.body.addWidget(self._decided)
        self.body.addWidget(rule("connect_rule"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate((self._socket, self._shell, self._link)):
            name = PlainLabel(
                field.line.accessibleName(), name=f"{field.objectName()}_name", role="name", wrap=True
            )
            name.setMinimumWidth(150)
            grid.addWidget(name, row, 0)
            grid.addWidget(field, row, 1)
        self._link_note = PlainLabel(name="system_link_note", role="caption", wrap=True)
        grid.addWidget(self._link_note, grid.rowCount(), 1)
        self.show_system_socket(SystemSocket.FREE)
        self.body.addLayout(grid)
        self.show_context(False, "")

    def show_status(self, status: MachineStatus) -> None:
        socket = status.paths.docker_socket
        self._socket.setText(socket)
        self._shell.setText(f"export DOCKER_HOST={shlex.quote('unix://' + socket)}" if socket else "")
        self._link.setText(f"sudo ln -s {shlex.quote(socket)} {SYSTEM_SOCKET}" if socket else "")

    def show_context(self, in_use: bool, decided: str, possible: bool = True) -> None:
        """Whether `docker` goes to Moorage, and in words what decides it."""
        self.switch.setChecked(in_use)
        self.switch.setEnabled(possible)
        self._decided.setText(decided)
        self._decided.setVisible(bool(decided))

    def show_system_socket(self, found: SystemSocket) -> None:
        """What the offered link would meet."""
        words = {
            SystemSocket.TAKEN: self.tr(
                "Something is at %1 already, such as the socket of another engine. This line leaves it as it is."
            ),
            SystemSocket.OURS: self.tr("%1 leads here already."),
        }.get(found, "")
        self._link_note.setText(words.replace("%1", SYSTEM_SOCKET))
        self._link_note.setVisible(bool(words))

    def _on_switched(self, wished: bool) -> None:
        # The fact comes back by show_context; until then the switch shows what is so.
        self.switch.setChecked(not wished)
        self.context_requested.emit(wished)
