"""The docker context, which the supervisor writes: offered once, switched in the overview."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop.core.machine import MachineStatus, State
from desktop.core.settings import UseContext
from desktop.engine.context import DecidedBy
from desktop.services.contexts import ContextFacts, ContextService
from desktop.services.preferences import Preferences
from desktop.views.connect_card import ConnectCard
from desktop.views.notice_stack import Choice, Notice

from .notices import Notices
from .tasks import Tasks

QUESTION = "use context"

translate = QCoreApplication.translate


class ContextOffer:
    def __init__(
        self,
        card: ConnectCard,
        service: ContextService,
        preferences: Preferences,
        notices: Notices,
        tasks: Tasks,
    ) -> None:
        self._card, self._service, self._preferences = card, service, preferences
        self._notices, self._tasks = notices, tasks
        self._state = State.STOPPED
        self._asked = False
        self._looking: asyncio.Task[Any] | None = None
        card.context_requested.connect(self._on_requested)

    def look(self) -> None:
        """Shows how it is: others change it too. Once at a time: a look may wait for a network folder that is away."""
        if self._looking is None or self._looking.done():
            self._looking = self._tasks.spawn("docker context", self._look())

    def on_status(self, status: MachineStatus) -> None:
        came_up = status.state is State.RUNNING and self._state is not State.RUNNING
        self._state = status.state
        if came_up:
            self._tasks.spawn("docker context", self._ask_once())
        elif status.state is not State.RUNNING:
            self._notices.withdraw(QUESTION)

    async def _look(self) -> ContextFacts:
        facts = await self._service.look()
        self._card.show_context(facts.leads_here, decided_words(facts), possible=not is_outranked(facts))
        self._card.show_system_socket(facts.system_socket)
        return facts

    async def _ask_once(self) -> None:
        facts = await self._look()
        if self._asked or facts.leads_here or facts.command is None or is_outranked(facts):
            return
        if self._preferences.app.use_context is UseContext.ASK:
            self._asked = True
            self._notices.say(self._question())

    def _question(self) -> Notice:
        return Notice(
            translate("ContextOffer", "Shall the docker command use Moorage?"),
            translate("ContextOffer", "In every terminal it then talks to this machine. The switch is in Overview."),
            choices=(
                Choice(translate("ContextOffer", "Yes"), lambda: self._on_requested(True), "primary"),
                Choice(translate("ContextOffer", "No"), self._on_refused),
                Choice(translate("ContextOffer", "Later"), lambda: None, "quiet"),
            ),
            key=QUESTION,
            waits=True,
        )

    def _on_requested(self, wished: bool) -> None:
        self._tasks.spawn("docker context", self._use(wished))

    def _on_refused(self) -> None:
        self._tasks.spawn("docker context", self._preferences.put(use_context=UseContext.NO))

    async def _use(self, wished: bool) -> None:
        self._notices.withdraw(QUESTION)
        try:
            await self._service.use(wished)
            await self._preferences.put(use_context=UseContext.YES if wished else UseContext.NO)
        finally:
            await self._look()


def is_outranked(facts: ContextFacts) -> bool:
    """A variable decides: what stands in the docker folder changes nothing here."""
    return facts.decided_by in (DecidedBy.DOCKER_HOST, DecidedBy.DOCKER_CONTEXT)


def install_words() -> str:
    """How the docker command is installed."""
    if sys.platform == "darwin":
        return translate("ContextOffer", "To install it: brew install docker")
    return translate(
        "ContextOffer",
        "To install it on Debian 13: sudo apt install docker-cli; Debian 12 and Ubuntu have it in docker.io",
    )


def decided_words(facts: ContextFacts) -> str:
    """What decides where the docker command goes."""
    if facts.command is None:
        return translate(
            "ContextOffer", "There is no docker command on this host. Moorage brings the engine, not the command. %1."
        ).replace("%1", install_words())
    if facts.decided_by is DecidedBy.DOCKER_HOST:
        return translate("ContextOffer", "DOCKER_HOST is set where Moorage was started, and outranks this switch.")
    if facts.decided_by is DecidedBy.DOCKER_CONTEXT:
        return translate("ContextOffer", "DOCKER_CONTEXT is set where Moorage was started, and outranks this switch.")
    return translate("ContextOffer", "The docker command's current context is %1.").replace("%1", facts.name)
