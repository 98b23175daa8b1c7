"""The host folders of one VM, each with a virtiofsd while that lives, or QEMU's own; a word where one is not shared."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Iterable, Sequence

from desktop.core.errors import MachineError, MoorageError, SettingsError
from desktop.core.machine import BootStep
from desktop.core.paths import MachineFiles
from desktop.core.settings import MachineSettings
from desktop.core.shares import Share, share_of
from desktop.core.text import visible
from desktop.engine.binds import users_of
from desktop.machine import ram
from desktop.machine.agent import Finished
from desktop.machine.driver import Vm
from desktop.machine.process import Process, StartTime
from desktop.machine.record import Sharing, VmRecord
from desktop.machine.runtime import exports_folders
from desktop.machine.share import Waiting, hides_nothing, wait_at

from .boot import Plan
from .boot_port import NAME_CHARS
from .publisher import Publisher

NONE = "this system has no virtiofsd"
NEITHER = "this system has no virtiofsd, and its QEMU no 9p"
AS_ROOT = "by 9p, containers could make device files in it, as root may. Run Moorage as another user"
UNMOUNTED = "the machine could not mount it"
EXPORTED = "/usr/lib/moorage/exported"  # in the guest
EXPORTED_S = 30.0
MOUNT_AGAIN_S = 10.0
UNSHARED = "unshared"  # the step with which the guest says that it could not mount one
ENDED = "its virtiofsd ended. Restart the machine"
_NAMES = 120  # characters of containers' names
WITH_QEMU_S = 2.0  # a virtiofsd that ends has this long to turn out to have ended with QEMU

log = logging.getLogger("desktop.supervisor")


class Shares:
    """Of one life."""

    def __init__(
        self, files: MachineFiles, settings: MachineSettings, publisher: Publisher, start_time: StartTime
    ) -> None:
        self._files = files
        self._wanted = settings.shares
        self._publisher = publisher
        self._start_time = start_time
        self._told: set[str] = set()
        self.failure: MachineError | None = None  # of one that could be shared, as far as the settings go
        self._paths: tuple[str, ...] = ()  # that the machine was started with
        self._served: dict[str, Process] = {}
        self._watches: list[asyncio.Task[None]] = []
        self._mounting: asyncio.Task[None] | None = None  # after a guest that was silent as they were unmounted

    @contextlib.asynccontextmanager
    async def offered(self, plan: Plan, was: VmRecord | None = None) -> AsyncIterator[Plan]:
        """The start with the folders, of QEMU that is to be started in here; of a saved machine those that it had."""
        virtiofsd = plan.runtime.helpers.get("virtiofsd", ()) if ram.IS_POSSIBLE else ()
        shares = [share for share in await self._possible() if was is None or share.path in was.shares]
        if bool(was.exported) if was is not None and was.shares else not virtiofsd:
            yield await self._exported(plan, shares)
            return
        if not virtiofsd:  # it is gone since the machine was saved
            for share in shares:
                self._tell(share.path, NONE)
            shares = []
        waiting: dict[str, Waiting] = {}
        try:
            for share in shares:
                try:
                    path = self._files.share_socket(len(waiting))
                    waiting[share.path] = await wait_at(path, share, virtiofsd, self._files.shares_log)
                except MachineError as error:
                    self.failure = error
                    self._tell(share.path, str(MachineError(error.why, next_step=error.next_step)))
            self._paths = tuple(waiting)
            yield plan.sharing(self._paths)
        except BaseException:
            for served, one in waiting.items():
                one.close()
                if not one.process.alive:  # it ended first, or because QEMU did
                    self._tell(served, "its virtiofsd ended")
                await one.process.kill()
            raise
        for one in waiting.values():
            one.close()
        self._serve({path: one.process for path, one in waiting.items()})

    async def _exported(self, plan: Plan, shares: Sequence[Share]) -> Plan:
        """Those that QEMU itself can serve: in them nothing can be hidden."""
        is_possible = bool(shares) and await exports_folders(plan.runtime)
        found = []
        for share in shares:
            if not is_possible:
                self._tell(share.path, NEITHER)
            elif os.geteuid() == 0:
                self._tell(share.path, AS_ROOT)
            elif share.hidden or share.pinned:
                self.failure = error = hides_nothing(NONE)
                self._tell(share.path, str(MachineError(error.why, next_step=error.next_step)))
            else:
                found.append(share)
        self._paths = tuple(share.path for share in found)
        return plan.sharing(self._paths, tuple(share.source for share in found))

    async def check_unused(self, vm: Vm) -> None:
        """MachineError names the containers that use a folder which QEMU itself serves: it stays mounted then."""
        if not vm.record.exported:
            return
        for path in vm.record.shares:
            if users := await self._users_of(path):
                names = visible(", ".join(users), _NAMES)
                raise _in_use(f"The folder {path} is shared by 9p, and used by {names}")

    async def unmount(self, vm: Vm) -> None:
        """Before the machine is saved: QEMU refuses that while the guest has a folder mounted that QEMU itself serves.

        MachineError tells of one that is in use; all are mounted as before then.
        """
        if not vm.record.exported:
            return
        try:
            done = await vm.agent.execute(EXPORTED, "off", deadline_s=EXPORTED_S)
        except MoorageError:
            self._mounting = asyncio.create_task(self._mount_once_heard(vm), name="mounting shared folders")
            raise
        if done.exit_code != 0:
            path = _said(done, vm.record.shares)
            raise _in_use(f"The folder {path} is shared by 9p, and something in the machine uses it")

    async def _users_of(self, path: str) -> list[str]:
        try:
            return await users_of(self._files.channel_socket, path)
        except MoorageError as error:
            log.info("who uses %s: %s", path, error)  # the guest itself finds out whether somebody does
            return []

    async def mount(self, vm: Vm) -> None:
        """Where they are not mounted."""
        self._call_off_mounting()
        if not vm.record.exported:
            return
        try:
            await self._mount(vm)
        except MoorageError as error:
            log.warning("shared folders are not mounted: %s", error)
            self._tell_unmounted(vm)

    async def _mount_once_heard(self, vm: Vm) -> None:
        """Whether the guest has unmounted them is not known while it is silent; nothing is said of it until it is."""
        while True:
            with contextlib.suppress(MoorageError):
                await self._mount(vm)
                return
            await asyncio.sleep(MOUNT_AGAIN_S)

    async def _mount(self, vm: Vm) -> None:
        done = await vm.agent.execute(EXPORTED, "on", deadline_s=EXPORTED_S)
        if done.exit_code != 0:
            log.warning("shared folders are not mounted: %s", done.words)
            self._tell_unmounted(vm)

    def _tell_unmounted(self, vm: Vm) -> None:
        for path in vm.record.shares:
            self._tell(path, UNMOUNTED)

    def _call_off_mounting(self) -> None:
        if self._mounting is not None:
            self._mounting.cancel()
            self._mounting = None

    @property
    def sharing(self) -> tuple[Sharing, ...]:
        """What the next supervisor must know."""
        return tuple(
            Sharing(path, process.pid, self._start_time(process.pid) or 0.0) for path, process in self._served.items()
        )

    def take_over(self, record: VmRecord) -> None:
        """Those of a VM that runs, whose supervisor died."""
        self._paths = record.shares
        found: dict[str, Process] = {}
        for one in record.sharing:
            process = Process.known(one.pid, one.started_s, self._start_time)
            if process is None:
                self._tell(one.path, ENDED)
            else:
                found[one.path] = process
        self._serve(found)

    def give_up(self, shares: Iterable[str]) -> None:
        """QEMU did not come up with these. It may have ended a moment before the virtiofsd that was to blame."""
        for path in shares:
            self._tell(path, "its virtiofsd ended")

    def on_step(self, step: BootStep) -> None:
        for path in self._paths:  # a guest may name others too
            if step.name == visible(f"{UNSHARED} {path}", NAME_CHARS):
                self._tell(path, UNMOUNTED)

    def let_go(self) -> None:
        """They live on with QEMU, if that does."""
        self._call_off_mounting()
        for watch in self._watches:
            watch.cancel()
        for process in self._served.values():
            process.close()
        self._served = {}
        for topic in self._told:
            self._publisher.warn(topic, "")

    async def end(self) -> None:
        """QEMU is gone, and so are they."""
        for process in self._served.values():
            await process.end(WITH_QEMU_S)
        self.let_go()

    async def _possible(self) -> list[Share]:
        found: dict[str, Share] = {}
        for words in self._wanted:
            try:
                share = await asyncio.to_thread(share_of, words, self._files)
            except SettingsError as error:
                self._tell(words, error.why)
            else:
                found[share.path] = share
        return sorted(found.values(), key=lambda share: share.path)  # what lies in another one comes after it

    def _serve(self, served: dict[str, Process]) -> None:
        self._served = served
        self._watches = [asyncio.create_task(self._watch(path), name="virtiofsd") for path in served]

    async def _watch(self, path: str) -> None:
        await self._served[path].wait()
        await asyncio.sleep(WITH_QEMU_S)
        self._tell(path, ENDED)

    def _tell(self, path: str, why: str) -> None:
        topic = f"share {path}"
        self._told.add(topic)
        self._publisher.warn(topic, f"The folder {path} is not shared: {why}")


def _in_use(why: str) -> MachineError:
    return MachineError("The machine cannot be suspended", why, "Stop what uses it, or stop the machine instead")


def _said(done: Finished, shares: Sequence[str]) -> str:
    """The folder that the guest names, which may name anything."""
    said = done.output.decode(errors="replace").strip()
    return said if said in shares else ", ".join(shares)
