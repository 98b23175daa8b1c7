"""Quitting the app: what happens to the machine is said, and what else could."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import QCoreApplication

from desktop.core.errors import MoorageError, NeedsConfirmation
from desktop.core.machine import LIVE
from desktop.core.settings import OnQuit
from desktop.core.text import visible
from desktop.models.job_words import title_words
from desktop.services.jobs import Jobs
from desktop.services.machine import MachineService
from desktop.services.preferences import Preferences
from desktop.views.question import Answer

from .actions import MachineActions
from .asking import Asking
from .notices import Notices
from .tasks import Tasks
from .together_told import names_in

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
        jobs: Jobs,
    ) -> None:
        self._machine, self._preferences, self._actions = machine, preferences, actions
        self._asking, self._notices, self._tasks, self._jobs = asking, notices, tasks, jobs
        self._under_way = False
        self.done = asyncio.Event()
        self.deletes_everything = False  # when the app has ended

    def request(self) -> None:
        """The user wishes to quit."""
        if not self._under_way:
            self._under_way = True
            self._tasks.spawn("quit", self._quit())

    def at_once(self) -> None:
        """The system wishes it: nothing is asked, and the machine goes on without the app."""
        self.done.set()

    def delete_everything(self) -> None:
        """The user wishes Moorage to be as on its first day, which takes the end of the app."""
        self._tasks.spawn("delete everything", self._delete_everything())

    async def _delete_everything(self) -> None:
        if await self._asking.may_delete(
            "everything_question",
            translate("Quitting", "Delete the machine and all that Moorage has?"),
            translate(
                "Quitting",
                "All containers, images and volumes, the guest image, the runtime, every setting and the docker context"
                " are deleted, and Moorage quits. This cannot be undone.",
            ),
            translate("Quitting", "Delete all and quit"),
        ):
            self.deletes_everything = True
            self.done.set()

    async def _quit(self) -> None:
        try:
            if not await self._may_cut_off():
                return
            if self._machine.status.state not in LIVE or await self._settle_machine():
                self.done.set()
        finally:
            self._under_way = False

    async def _may_cut_off(self) -> bool:
        """Asks first where long work would end with the app."""
        names = [visible(title_words(job), 120) for job in self._jobs.running()]
        if not names:
            return True
        return await self._asking.agrees(
            "cut_off_question",
            translate("Quitting", "Quitting cuts off what is under way"),
            "\n".join([*names_in(names), "", translate("Quitting", "It goes on where only the window is closed.")]),
            Answer("quit", translate("Quitting", "Cut off and quit"), "danger"),
        )

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
            tick=translate("Quitting", "Do this always, without asking"),
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

    async def _ask(self, what: str, why: str, answers: tuple[Answer, ...], tick: str = "") -> OnQuit:
        """The wish; `ASK` where the user does not wish to quit after all. The last answer is the usual one."""
        cancel = Answer("cancel", translate("Quitting", "Cancel"))
        answer, is_for_good = await self._asking.ask_for_good(
            "quit_question", what, why, (cancel, *answers), answers[-1].key, tick
        )
        if answer in ("", "cancel"):
            return OnQuit.ASK
        if is_for_good:
            await self._keep(OnQuit(answer))
        return OnQuit(answer)

    async def _keep(self, wish: OnQuit) -> None:
        try:
            await self._preferences.put(on_quit=wish)
        except MoorageError as error:
            self._notices.error(error)

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
