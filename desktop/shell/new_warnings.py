"""A lasting warning that comes up while the machine runs is a notice too, until it is true no more."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.machine import MachineStatus, State
from desktop.services.machine import MachineService
from desktop.views.notice_stack import Choice, Notice
from desktop.views.told import told

from .notices import Notices
from .window import MainWindow


class NewWarnings:
    """What is known at the start, or comes with it, is in the overview alone."""

    def __init__(self, machine: MachineService, notices: Notices, window: MainWindow) -> None:
        self._notices, self._window = notices, window
        self._before = machine.status
        self._said: set[str] = set()
        machine.changed.connect(self._on_status)
        window.page_shown.connect(self._on_page)

    def _on_status(self, status: MachineStatus) -> None:
        before, self._before = self._before, status
        for words in self._said.difference(status.warnings):
            self._withdraw(words)
        if before.state is status.state is State.RUNNING and not self._window.is_seen("overview"):
            for words in status.warnings:
                if words not in before.warnings:
                    self._say(words)

    def tell_settings(self, problem: str) -> None:
        """What the machine's settings lack is too much to be missed where the overview is not what opens."""
        if not self._window.is_seen("overview"):
            self._say(problem)

    def _say(self, words: str) -> None:
        what, _, rest = words.partition(". ")
        details = Choice(QCoreApplication.translate("NewWarnings", "Details"), lambda: self._window.lead_to("overview"))
        self._said.add(words)
        self._notices.say(Notice(told(what), told(rest), kind="warning", choices=(details,), key=words))

    def _withdraw(self, words: str) -> None:
        self._said.discard(words)
        self._notices.withdraw(words)

    def _on_page(self, page: str) -> None:
        # The overview says it all, in its own place.
        if page == "overview":
            for words in list(self._said):
                self._withdraw(words)
