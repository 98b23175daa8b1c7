"""Wishes of the user become calls of services; what was refused is told."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Image
from desktop.core.errors import MoorageError, NeedsConfirmation
from desktop.core.machine import State
from desktop.core.signal import Signal
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.views.question import Answer
from desktop.views.told import told

from .asking import Asking
from .container_actions import ContainerActions
from .notices import Notices
from .tasks import Tasks
from .together_told import each

log = logging.getLogger("desktop.actions")

translate = QCoreApplication.translate


class MachineActions:
    """The machine's verbs. `asked` says which one was sent and has had no effect yet; empty: none."""

    def __init__(self, machine: MachineService, tasks: Tasks, asking: Asking) -> None:
        self._machine, self._tasks, self._asking = machine, tasks, asking
        self._latest = 0
        self.asked: Signal[str] = Signal()
        self.late: Signal[None] = Signal()

    def do(self, verb: str) -> None:
        self._latest += 1
        self._tasks.spawn(f"machine {verb}", self._do(verb, self._latest))

    async def _do(self, verb: str, number: int) -> None:
        calls: dict[str, Callable[[], Awaitable[None]]] = {
            "start": self._machine.start,
            "suspend": self._machine.suspend,
            "stop": self._machine.stop,
            "restart": self._machine.restart,
            "kill": self._machine.kill,
        }
        self.asked.emit(verb)
        try:
            await calls[verb]()
        except NeedsConfirmation as late:
            self.late.emit(None)
            # Meanwhile the guest may have powered off, and been started again.
            may_kill = await self.may_kill(late) and self._latest == number
            if may_kill and self._machine.status.state is State.STOPPING:
                await self._machine.kill()
                if verb == "restart":
                    await self._machine.start()
        except MoorageError as error:
            # A later verb of the user's ended this one, or the machine's own failure tells more.
            if self._latest != number or self._machine.status.state is State.FAILED:
                log.info("%s: %s", verb, error)
            else:
                raise
        finally:
            if self._latest == number:
                self.asked.emit("")

    def images_built(self) -> None:
        """A machine that failed for want of them is simply off from now on."""
        status = self._machine.status
        if status.state is State.FAILED and status.action == "build":
            self.do("stop")

    def reset(self) -> None:
        self._tasks.spawn("machine reset", self._reset())

    async def _reset(self) -> None:
        if await self._asking.may_delete(
            "reset_question",
            translate("Actions", "Delete all containers, images, volumes and build caches?"),
            translate("Actions", "The machine is switched off and its disk is thrown away. This cannot be undone."),
            translate("Actions", "Delete everything in it"),
        ):
            await self._machine.reset(confirmed=True)

    async def may_kill(self, late: NeedsConfirmation) -> bool:
        answer = await self._asking.ask(
            "kill_question",
            told(late.what),
            translate("Actions", "Killing it is like pulling the plug: containers get no time to save what they hold."),
            (
                Answer("wait", translate("Actions", "Keep waiting")),
                Answer("kill", translate("Actions", "Kill"), "danger"),
            ),
            default="wait",
        )
        return answer == "kill"


class EngineActions:
    """What the panes and the tray wish for containers and images. Acts go by id, never by name."""

    def __init__(self, engine: EngineService, tasks: Tasks, notices: Notices, asking: Asking) -> None:
        self._engine, self._tasks, self._notices, self._asking = engine, tasks, notices, asking
        self._containers = ContainerActions(engine, notices, asking)

    def on_containers(self, act: str, ids: Sequence[str]) -> None:
        self._tasks.spawn(f"container {act}", self._containers.do(act, tuple(ids)))

    def on_images(self, act: str, ids: Sequence[str]) -> None:
        self._tasks.spawn(f"image {act}", self._on_images(act, tuple(ids)))

    async def _on_images(self, act: str, ids: tuple[str, ...]) -> None:
        records = [record for id in ids if (record := self._engine.images.get(id)) is not None]
        if act == "remove" and await self._may_remove_images(records):
            await each(self._notices, self._engine.remove_image, [record.id for record in records])

    async def _may_remove_images(self, records: Sequence[Image]) -> bool:
        what = translate("Actions", "Remove these images? (%1)").replace("%1", str(len(records)))
        return bool(records) and await self._asking.may_remove(
            translate("Actions", "Remove this image?") if len(records) == 1 else what,
            [f"{', '.join(record.tags)}  ({record.id.removeprefix('sha256:')[:12]})".strip() for record in records],
            translate("Actions", "Pulling or building again takes time."),
        )
