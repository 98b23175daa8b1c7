"""Wishes of the user become calls of services; what was refused is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Container, Image
from desktop.core.errors import MoorageError, NeedsConfirmation
from desktop.core.machine import State
from desktop.core.signal import Signal
from desktop.core.text import visible
from desktop.services.engine import EngineService
from desktop.services.machine import MachineService
from desktop.views.question import Answer
from desktop.views.told import told

from .asking import Asking
from .notices import Notices
from .tasks import Tasks

log = logging.getLogger("desktop.actions")

NAMES_SHOWN = 8

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
            if await self.may_kill(late) and self._latest == number:
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

    def reset(self) -> None:
        self._tasks.spawn("machine reset", self._reset())

    async def _reset(self) -> None:
        answer = await self._asking.ask(
            "reset_question",
            translate("Actions", "Delete all containers, images, volumes and build caches?"),
            translate("Actions", "The machine is switched off and its disk is thrown away. This cannot be undone."),
            (
                Answer("cancel", translate("Actions", "Cancel")),
                Answer("reset", translate("Actions", "Delete everything in it"), "danger"),
            ),
            default="cancel",
        )
        if answer == "reset":
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

    def on_containers(self, act: str, ids: Sequence[str]) -> None:
        self._tasks.spawn(f"container {act}", self._on_containers(act, tuple(ids)))

    def on_images(self, act: str, ids: Sequence[str]) -> None:
        self._tasks.spawn(f"image {act}", self._on_images(act, tuple(ids)))

    async def _on_containers(self, act: str, ids: tuple[str, ...]) -> None:
        calls: dict[str, Callable[[str], Awaitable[None]]] = {
            "start": self._engine.start,
            "stop": self._engine.stop,
            "restart": self._engine.restart,
            "kill": self._engine.kill,
            "pause": self._engine.pause,
            "unpause": self._engine.unpause,
            "remove": lambda id: self._engine.remove(id, force=True),
        }
        records = [record for id in ids if (record := self._engine.containers.get(id)) is not None]
        if act == "remove" and not await self._may_remove_containers(records):
            return
        await self._all(calls[act], [record.id for record in records])

    async def _on_images(self, act: str, ids: tuple[str, ...]) -> None:
        records = [record for id in ids if (record := self._engine.images.get(id)) is not None]
        if act == "remove" and await self._may_remove_images(records):
            await self._all(self._engine.remove_image, [record.id for record in records])

    async def _all(self, call: Callable[[str], Awaitable[None]], ids: Sequence[str]) -> None:
        """Every one is tried; each failure is told."""
        outcomes = await asyncio.gather(*(call(id) for id in ids), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, MoorageError):
                self._notices.error(outcome)
            elif isinstance(outcome, BaseException):
                raise outcome

    async def _may_remove_containers(self, records: Sequence[Container]) -> bool:
        running = sum(record.running for record in records)
        why = translate("Actions", "What they wrote outside volumes is lost.")
        if running:
            why = (
                translate("Actions", "Running ones are killed first (%1 of them).").replace("%1", str(running))
                + " "
                + why
            )
        return bool(records) and await self._may_remove(
            translate("Actions", "Remove these containers? (%1)").replace("%1", str(len(records))),
            [f"{record.name}  ({record.id[:12]})" for record in records],
            why,
        )

    async def _may_remove_images(self, records: Sequence[Image]) -> bool:
        return bool(records) and await self._may_remove(
            translate("Actions", "Remove these images? (%1)").replace("%1", str(len(records))),
            [f"{', '.join(record.tags)}  ({record.id.removeprefix('sha256:')[:12]})".strip() for record in records],
            translate("Actions", "Pulling or building them again takes time."),
        )

    async def _may_remove(self, what: str, names: Sequence[str], why: str) -> bool:
        lines = [visible(name, 120) for name in names[:NAMES_SHOWN]]
        if len(names) > NAMES_SHOWN:
            lines.append(translate("Actions", "… and %1 more").replace("%1", str(len(names) - NAMES_SHOWN)))
        answer = await self._asking.ask(
            "remove_question",
            what,
            "\n".join([*lines, "", why]),
            (
                Answer("cancel", translate("Actions", "Cancel")),
                Answer("remove", translate("Actions", "Remove"), "danger"),
            ),
            default="cancel",
        )
        return answer == "remove"
