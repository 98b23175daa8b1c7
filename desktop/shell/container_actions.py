"""What the panes and the tray wish for containers: asked where something is lost, done to all, told once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from desktop.core.engine import Container, Link, Network
from desktop.core.errors import EngineError
from desktop.core.text import visible
from desktop.services.compose_order import PROJECT, waves
from desktop.services.engine import EngineService
from desktop.services.engine_objects import NETWORKS
from desktop.services.object_acts import ObjectActs
from desktop.views.notice_stack import Notice
from desktop.views.question import Answer

from .asking import Asking
from .notices import Notices
from .together_told import each, in_waves, names_in

MANY = 5
"""So many containers at once are not ended without a question."""
SIGNAL = "signal-"
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")
REFERENCE = re.compile(
    r"(?:[a-zA-Z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?", re.ASCII
)

translate = QCoreApplication.translate


class ContainerActions:
    def __init__(self, engine: EngineService, notices: Notices, asking: Asking) -> None:
        self._engine, self._notices, self._asking = engine, notices, asking

    async def do(self, act: str, ids: Sequence[str]) -> None:
        records = [record for id in ids if (record := self._engine.containers.get(id)) is not None]
        if not records:
            return
        if act in ("rename", "commit"):
            await self._name(act, records[0])
        elif act == "copy_run":
            await self._copy_run([record.id for record in records])
        else:
            # Before it is asked: what else goes along with a project is told there.
            networks = await self._networks_left_by(records) if act == "remove" else []
            call = await self._agreed(act, records, networks)
            if call is not None:
                await in_waves(self._notices, call, _in_order(act, records))
                if networks:
                    acts = ObjectActs(self._engine)
                    await each(self._notices, acts.remove_network, [network.id for network in networks])

    async def _networks_left_by(self, records: Sequence[Container]) -> list[Network]:
        """Those of Compose projects that are removed as a whole, and that no other container is in.

        None while the rest of the containers is still read: a project that seems whole may not be.
        """
        if self._engine.link.link is not Link.UP:
            return []
        removed = {record.id for record in records}
        kept = {record.project for record in self._engine.containers if record.id not in removed}
        gone = {record.project for record in records} - kept - {""}
        if not gone:
            return []
        try:
            await self._engine.objects.refresh(NETWORKS)
        except EngineError:
            return []  # the removal itself will tell
        return [
            network for network in self._engine.objects.networks
            if dict(network.labels).get(PROJECT) in gone and removed.issuperset(each.id for each in network.members)
        ]  # fmt: skip

    async def _agreed(
        self, act: str, records: Sequence[Container], networks: Sequence[Network]
    ) -> Callable[[str], Awaitable[None]] | None:
        """The call for one container; None where the user thought better of it."""
        engine = self._engine
        if act == "remove":
            return await self._removal(records, networks)
        if act.startswith(SIGNAL):
            return partial(engine.kill, signal=act.removeprefix(SIGNAL))
        if act in ("stop", "restart", "kill") and not await self._may_end(act, records):
            return None
        return {
            "start": engine.start, "stop": engine.stop, "restart": engine.restart, "kill": engine.kill,
            "pause": engine.pause, "unpause": engine.unpause,
        }[act]  # fmt: skip

    async def _may_end(self, act: str, records: Sequence[Container]) -> bool:
        if len(records) < MANY:
            return True
        what, word = {
            "stop": (translate("Actions", "Stop these containers? (%1)"), translate("Actions", "Stop")),
            "restart": (translate("Actions", "Restart these containers? (%1)"), translate("Actions", "Restart")),
            "kill": (translate("Actions", "Kill these containers? (%1)"), translate("Actions", "Kill")),
        }[act]
        return await self._asking.agrees(
            "end_question",
            what.replace("%1", str(len(records))),
            "\n".join(names_in([_line(record) for record in records])),
            Answer(act, word, "danger"),
        )

    async def _removal(
        self, records: Sequence[Container], networks: Sequence[Network]
    ) -> Callable[[str], Awaitable[None]] | None:
        alone, running = len(records) == 1, sum(record.running for record in records)
        what = translate("Actions", "Remove these containers? (%1)").replace("%1", str(len(records)))
        killed = translate("Actions", "Running ones are killed first (%1 of them).").replace("%1", str(running))
        why = translate("Actions", "What they wrote outside volumes is lost.")
        if alone:
            what = translate("Actions", "Remove this container?")
            killed = translate("Actions", "It is running, and is killed first.")
            why = translate("Actions", "What it wrote outside volumes is lost.")
        if running:
            why = f"{killed} {why}"
        volumes = translate("Actions", "Volumes with a name stay; those without one can go along.")
        lines = [*names_in([_line(record) for record in records]), "", why, volumes]
        if networks:
            more = translate("Actions", "The networks of the whole project go along: %1")
            lines.append(more.replace("%1", visible(", ".join(network.name for network in networks), 300)))
        answer = await self._asking.ask(
            "remove_question",
            what,
            "\n".join(lines),
            (
                Answer("cancel", translate("Actions", "Cancel")),
                Answer("volumes", translate("Actions", "Remove with volumes"), "danger"),
                Answer("remove", translate("Actions", "Remove"), "danger"),
            ),
            default="cancel",
        )
        if answer not in ("remove", "volumes"):
            return None
        running_ids = {record.id for record in records if record.running}  # others may have been started meanwhile

        async def remove(id: str) -> None:
            if self._engine.containers.get(id) is None:
                return  # somebody else did it meanwhile
            await self._engine.remove(id, force=id in running_ids, volumes=answer == "volumes")

        return remove

    async def _name(self, act: str, record: Container) -> None:
        if act == "rename":
            what, label, word = (
                translate("Actions", "Rename %1"), translate("Actions", "New name"), translate("Actions", "Rename"),
            )  # fmt: skip
            shape, text = NAME, record.name
        else:
            what, label, word = (
                translate("Actions", "Make an image of %1"),
                translate("Actions", "Name of the image, such as team/app:1.0"),
                translate("Actions", "Make"),
            )  # fmt: skip
            shape, text = REFERENCE, ""
        name = await self._asking.ask_text(
            f"{act}_question", what.replace("%1", record.name), label, text, word,
            lambda given: bool(shape.fullmatch(given)),
        )  # fmt: skip
        if name and name != text:
            call = self._engine.rename if act == "rename" else self._engine.commit
            await each(self._notices, lambda id: call(id, name), [record.id])

    async def _copy_run(self, ids: Sequence[str]) -> None:
        lines: dict[str, str] = {}

        async def read(id: str) -> None:
            lines[id] = await self._engine.run_line(id)

        await each(self._notices, read, ids)
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines[id] for id in ids if id in lines))
            self._notices.say(Notice(translate("Actions", "The docker run line was copied"), key="copied"))


def _in_order(act: str, records: Sequence[Container]) -> list[list[str]]:
    """Compose's own: a service is started after those that it depends on, and ended before them."""
    if act not in ("start", "stop", "restart", "remove", "kill"):
        return [[record.id for record in records]]
    found = [[record.id for record in wave] for wave in waves(records)]
    return found if act in ("start", "restart") else found[::-1]


def _line(record: Container) -> str:
    return f"{visible(record.name, 60)}  ({record.id[:12]})"
