"""What the user wishes for networks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import Network
from desktop.models.finder import Entry
from desktop.models.network_columns import member_words
from desktop.services.engine import EngineService
from desktop.services.object_acts import ObjectActs
from desktop.views.form import Field, Values
from desktop.views.notice_stack import Notice

from .asking import Asking
from .notices import Notices
from .object_dialogs import ObjectDialogs, name_problem
from .tasks import Tasks
from .together_told import each

_SUBNET = re.compile(r"[0-9a-fA-F.:]+/\d{1,3}")

translate = QCoreApplication.translate


class NetworkActions:
    def __init__(self, engine: EngineService, tasks: Tasks, notices: Notices, asking: Asking) -> None:
        self._engine, self._tasks, self._notices, self._asking = engine, tasks, notices, asking
        self._objects = engine.objects
        self._acts = ObjectActs(engine)
        self._dialogs = ObjectDialogs(asking)
        self._pruning: asyncio.Task[None] | None = None

    def do(self, act: str, ids: Sequence[str]) -> None:
        """`create prune` without a network, `connect disconnect remove` with the ids of some."""
        if act == "prune" and self._pruning is not None and not self._pruning.done():
            return  # its question is on its way
        task = self._tasks.spawn(f"network {act}", self._do(act, tuple(ids)))
        if act == "prune":
            self._pruning = task

    async def _do(self, act: str, ids: tuple[str, ...]) -> None:
        without: dict[str, Callable[[], Awaitable[None]]] = {"create": self._create, "prune": self._prune}
        each: dict[str, Callable[[Network], Awaitable[None]]] = {
            "connect": self._connect,
            "disconnect": self._disconnect,
        }
        records = [record for id in ids if (record := self._objects.networks.get(id)) is not None]
        if act in without:
            await without[act]()
        elif records:  # what it was about may be gone
            await (self._remove(records) if act == "remove" else each[act](records[0]))

    async def _create(self) -> None:
        fields = (
            Field("name", translate("NetworkActions", "Name")),
            Field("driver", translate("NetworkActions", "Driver"), value="bridge", needed=False),
            Field(
                "subnet", translate("NetworkActions", "Subnet"),
                translate("NetworkActions", "chosen by the engine"), needed=False,
            ),
            Field("internal", translate("NetworkActions", "Internal: without a way out"), is_check=True, needed=False),
        )
        title, ok = translate("NetworkActions", "Create a network"), translate("NetworkActions", "Create")
        values = await self._dialogs.form("network_form", title, fields, ok, self._problem)
        if values is not None:
            await self._acts.create_network(
                values["name"], values["driver"] or "bridge", values["subnet"], bool(values["internal"])
            )

    async def _connect(self, network: Network) -> None:
        members = {member.id for member in network.members}
        others = [
            Entry(container.name, container.image, container.id, container.id)
            for container in self._engine.containers
            if container.id not in members
        ]
        title = translate("NetworkActions", "Connect to %1").replace("%1", network.name)
        chosen = await self._dialogs.container("network_connect", title, others)
        if chosen is not None:
            await self._acts.connect(network.id, chosen)

    async def _disconnect(self, network: Network) -> None:
        members = [Entry(member.name, member.address, member.id, member.id) for member in network.members]
        title = translate("NetworkActions", "Disconnect from %1").replace("%1", network.name)
        chosen = await self._dialogs.container("network_disconnect", title, members)
        if chosen is not None:
            await self._acts.disconnect(network.id, chosen)

    async def _remove(self, networks: Sequence[Network]) -> None:
        what = translate("NetworkActions", "Remove these networks? (%1)").replace("%1", str(len(networks)))
        if await self._asking.may_remove(
            translate("NetworkActions", "Remove this network?") if len(networks) == 1 else what,
            [", ".join([network.name, *map(member_words, network.members)]) for network in networks],
            translate("NetworkActions", "The engine refuses while a running container is in it."),
        ):
            await each(self._notices, self._acts.remove_network, [network.id for network in networks])

    async def _prune(self) -> None:
        await self._objects.refresh("network")
        unused = [network for network in self._objects.networks if not network.members and not network.built_in]
        if not unused:
            self._notices.say(Notice(translate("NetworkActions", "Every network is used by a container")))
            return
        if await self._asking.may_remove(
            translate("NetworkActions", "Remove the networks that no container is in? (%1)").replace(
                "%1", str(len(unused))
            ),
            [network.name for network in unused],
            translate("NetworkActions", "The engine's own stay."),
        ):
            await each(self._notices, self._acts.remove_network, [network.id for network in unused])

    def _problem(self, values: Values) -> str:
        """What the engine would refuse, in words."""
        if any(network.name == values["name"] for network in self._objects.networks):
            return translate("NetworkActions", "There is a network of that name already.")
        if values["subnet"] and not _SUBNET.fullmatch(values["subnet"]):
            return translate("NetworkActions", "A subnet looks like 10.20.0.0/24.")
        return name_problem(values["name"])
