"""The containers' way out of one VM: passt where the settings say so and the host lets it, else QEMU's own slirp."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles
from desktop.core.settings import MachineSettings, Network
from desktop.machine import passt
from desktop.machine.passt import Line
from desktop.machine.process import Process
from desktop.machine.record import VmRecord

from .boot import Plan
from .host_facts import start_time
from .publisher import Publisher

TOPIC = "passt"
NAMES_TOPIC = "name servers"
RESOLVER = Path("/etc/resolv.conf")
NAMES_LOOK_S = 30.0
OTHER_NAMES = (
    "This computer's name servers changed, and passt asks the one that was there before. Suspend and resume the machine"
)
WITH_QEMU_S = 2.0  # a passt that ends has this long to turn out to have ended with QEMU
AGAIN = "Resume it again; with slirp as network in its settings, stop it and start it again"


class WayOut:
    """Of one life."""

    def __init__(self, files: MachineFiles, publisher: Publisher) -> None:
        self._files = files
        self._publisher = publisher
        self._process: Process | None = None
        self._watches: tuple[asyncio.Task[None], ...] = ()

    @contextlib.asynccontextmanager
    async def offered(
        self, plan: Plan, settings: MachineSettings, saved: VmRecord | None = None
    ) -> AsyncIterator[Plan]:
        """The plan with the way out that it gets; QEMU is to be started in here. A saved machine gets what it had."""
        is_wanted = settings.network is Network.PASST if saved is None else saved.passt_pid != 0
        is_closed = not settings.host_ports if saved is None else saved.is_closed
        names = _name_servers()
        line = await self._begin(plan, is_resumed=saved is not None) if is_wanted else None
        if line is None:
            yield plan
            return
        try:
            started_s = await asyncio.to_thread(start_time, line.process.pid)
            yield plan.through_passt(line.descriptor, line.process.pid, started_s or 0.0, is_closed, names)
        except BaseException:
            line.close()
            await line.process.kill()
            raise
        line.close()
        self._follow(line.process, names)

    def adopt(self, record: VmRecord) -> None:
        """Goes on with that of a machine that runs."""
        if not record.passt_pid:
            return
        process = Process.known(record.passt_pid, record.passt_started_s, start_time)
        if process is None:
            self._tell_end()
        else:
            self._follow(process, record.name_servers)

    def let_go(self) -> None:
        """It lives on with QEMU, if that does."""
        for watch in self._watches:
            watch.cancel()
        if self._process is not None:
            self._process.close()
            self._process = None
        self._publisher.warn(TOPIC, "")
        self._publisher.warn(NAMES_TOPIC, "")

    async def end(self) -> None:
        """QEMU is gone, and so is it."""
        if self._process is not None:
            await self._process.end(WITH_QEMU_S)
        self.let_go()

    async def _begin(self, plan: Plan, is_resumed: bool) -> Line | None:
        program = plan.runtime.helpers.get("passt")
        try:
            if program is None:
                raise MachineError("passt cannot be started", "this system has no passt")
            return await passt.begin(program, self._files.network_log)
        except MachineError as error:
            if is_resumed:
                raise MachineError("The suspended machine's passt cannot be started now", error.why, AGAIN) from error
            self._publisher.warn(TOPIC, f"Containers go out through slirp, since passt cannot be started: {error.why}")
            return None

    def _follow(self, process: Process, names: tuple[str, ...]) -> None:
        self._process = process
        self._watches = (
            asyncio.create_task(self._until_end(process), name="passt"),
            asyncio.create_task(self._compare_names(names or _name_servers()), name="name servers"),
        )

    async def _until_end(self, process: Process) -> None:
        await process.wait()
        await asyncio.sleep(WITH_QEMU_S)
        self._tell_end()

    def _tell_end(self) -> None:
        self._publisher.warn(TOPIC, "Containers have no way out: passt ended. Restart the machine")

    async def _compare_names(self, had: tuple[str, ...]) -> None:
        """slirp reads them anew by itself."""
        while True:
            await asyncio.sleep(NAMES_LOOK_S)
            self._publisher.warn(NAMES_TOPIC, "" if _name_servers() in ((), had) else OTHER_NAMES)


def _name_servers() -> tuple[str, ...]:
    """Those of this host; none while it has no network."""
    try:
        lines = RESOLVER.read_text(errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(words[1] for line in lines if len(words := line.split()) > 1 and words[0] == "nameserver")
