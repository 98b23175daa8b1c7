"""Quitting the app: what happens to the machine is said, and what else could."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

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
        """Whether the app may end: what was wished for the machine is done."""
        wish = self._preferences.app.on_quit
        if wish is OnQuit.ASK:
            wish = await self._ask_first()
        if wish is OnQuit.SUSPEND:
            if await self._do("suspend", self._machine.suspend):
                return True
            wish = await self._ask_instead()
        if wish is OnQuit.STOP:
            return await self._do("stop", self._machine.stop)
        return wish is OnQuit.LEAVE

    async def _ask_first(self) -> OnQuit:
        return await self._ask(
            translate("Quitting", "Quitting suspends the machine"),
            translate(
                "Quitting",
                "Suspended, it takes no memory and no CPU, and its containers go on at the next docker call."
                " Left running, all goes on without this window.",
            ),
            (
                Answer("leave", translate("Quitting", "Leave it running")),
                Answer("stop", translate("Quitting", "Stop it")),
                Answer("suspend", translate("Quitting", "Suspend and quit"), "primary"),
            ),
        )

    async def _ask_instead(self) -> OnQuit:
        """What kept it from being suspended has been told."""
        return await self._ask(
            translate("Quitting", "The machine could not be suspended. Stop it?"),
            translate(
                "Quitting", "Left running, its containers and the docker command go on to work without this window."
            ),
            (
                Answer("leave", translate("Quitting", "Leave it running")),
                Answer("stop", translate("Quitting", "Stop it and quit"), "primary"),
            ),
        )

    async def _ask(self, what: str, why: str, answers: tuple[Answer, ...]) -> OnQuit:
        """The wish; `ASK` where the user does not wish to quit after all. The last answer is the usual one."""
        cancel = Answer("cancel", translate("Quitting", "Cancel"))
        answer = await self._asking.ask("quit_question", what, why, (cancel, *answers), default=answers[-1].key)
        return OnQuit.ASK if answer in ("", "cancel") else OnQuit(answer)

    async def _do(self, verb: str, call: Callable[[], Awaitable[None]]) -> bool:
        self._actions.asked.emit(verb)
        try:
            await call()
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
