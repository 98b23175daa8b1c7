"""Quitting the app: what happens to the machine is said, and both are offered."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError, NeedsConfirmation
from desktop.core.machine import LIVE
from desktop.core.settings import OnQuit
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.views.question import Answer

from .actions import MachineActions
from .asking import Asking
from .notices import Notices
from .tasks import Tasks

translate = QCoreApplication.translate


class Quitting:
    """`done` is set when the app may end."""

    def __init__(
        self,
        machine: MachineService,
        preferences: Preferences,
        actions: MachineActions,
        asking: Asking,
        notices: Notices,
        tasks: Tasks,
    ) -> None:
        self._machine, self._preferences, self._actions = machine, preferences, actions
        self._asking, self._notices, self._tasks = asking, notices, tasks
        self._under_way = False
        self.done = asyncio.Event()

    def request(self) -> None:
        """The user wishes to quit."""
        if not self._under_way:
            self._under_way = True
            self._tasks.spawn("quit", self._quit())

    def at_once(self) -> None:
        """The system wishes it: nothing is asked, and the machine goes on without the app."""
        self.done.set()

    async def _quit(self) -> None:
        try:
            if self._machine.status.state not in LIVE or await self._settle_machine():
                self.done.set()
        finally:
            self._under_way = False

    async def _settle_machine(self) -> bool:
        """Whether the app may end: the machine was stopped, or is left running as wished."""
        wish = self._preferences.app.on_quit
        if wish is OnQuit.ASK:
            answer = await self._asking.ask(
                "quit_question",
                translate("Quitting", "The machine is running. Stop it?"),
                translate(
                    "Quitting", "Left running, its containers and the docker command go on to work without this window."
                ),
                (
                    Answer("cancel", translate("Quitting", "Cancel")),
                    Answer("leave", translate("Quitting", "Leave it running")),
                    Answer("stop", translate("Quitting", "Stop it and quit"), "primary"),
                ),
                default="stop",
            )
            if answer in ("", "cancel"):
                return False
            wish = OnQuit(answer)
        return wish is OnQuit.LEAVE or await self._stop()

    async def _stop(self) -> bool:
        self._actions.asked.emit("stop")
        try:
            await self._machine.stop()
        except NeedsConfirmation as late:
            if not await self._actions.may_kill(late):
                return False
            await self._machine.kill()
        except MoorageError as error:
            self._notices.error(error)
            return False
        finally:
            self._actions.asked.emit("")
        return True
