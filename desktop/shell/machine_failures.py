"""Tells when the machine fails, or its supervisor cannot be had; takes it back when that is over."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError
from desktop.core.machine import MachineStatus, State
from desktop.services.machine import MachineService
from desktop.views.notice_stack import Choice, Notice
from desktop.views.told import told

from .notices import Notices
from .window import MainWindow

FAILED, LOST = "machine failed", "supervisor lost"


class MachineFailures:
    def __init__(self, machine: MachineService, notices: Notices, window: MainWindow) -> None:
        self._notices, self._window = notices, window
        self._state = machine.status.state
        machine.changed.connect(self._on_status)
        machine.lost.connect(self._on_lost)
        window.page_shown.connect(self._on_page)

    def _on_status(self, status: MachineStatus) -> None:
        before, self._state = self._state, status.state
        self._notices.withdraw(LOST)
        if status.state is not State.FAILED:
            self._notices.withdraw(FAILED)
        elif before is not State.FAILED and not self._window.is_seen("overview"):
            why = told(status.detail.strip().partition("\n")[0])
            words = QCoreApplication.translate("MachineFailures", "Details")
            details = Choice(words, lambda: self._window.lead_to("overview"))
            what = QCoreApplication.translate("MachineFailures", "The machine failed")
            self._notices.say(Notice(what, why, told(status.next_step), "error", (details,), FAILED))

    def _on_lost(self, error: MoorageError) -> None:
        self._notices.error(error, key=LOST)

    def _on_page(self, page: str) -> None:
        # The overview says it all, in its own place.
        if page == "overview":
            self._notices.withdraw(FAILED)
