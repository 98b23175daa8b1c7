"""The host folders of one VM: each with its virtiofsd while that lives, and a word on each that cannot be shared."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Sequence

from desktop.core.errors import MachineError, SettingsError
from desktop.core.machine import BootStep
from desktop.core.paths import MachineFiles
from desktop.core.settings import MachineSettings
from desktop.core.shares import Share, share_of
from desktop.core.text import visible
from desktop.machine import ram
from desktop.machine.driver import StartTime
from desktop.machine.process import Process
from desktop.machine.record import Sharing
from desktop.machine.share import Waiting, wait_at

from .boot_port import NAME_CHARS
from .publisher import Publisher

UNSHARED = "unshared"  # the step with which the guest says that it could not mount one
ENDED = "its virtiofsd ended. Restart the machine"
WITH_QEMU_S = 2.0  # a virtiofsd that ends has this long to turn out to have ended with QEMU


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
        self._served: dict[str, Process] = {}
        self._watches: list[asyncio.Task[None]] = []

    @contextlib.asynccontextmanager
    async def offered(
        self, virtiofsd: Sequence[str], only: Collection[str] | None = None
    ) -> AsyncIterator[tuple[str, ...]]:
        """The folders that wait for QEMU, which is to be started in here; of a saved machine those that it had."""
        waiting: dict[str, Waiting] = {}
        try:
            for share in await self._possible(virtiofsd):
                if only is not None and share.path not in only:
                    continue
                try:
                    path = self._files.share_socket(len(waiting))
                    waiting[share.path] = await wait_at(path, share, virtiofsd, self._files.shares_log)
                except MachineError as error:
                    self.failure = error
                    self._tell(share.path, str(MachineError(error.why, next_step=error.next_step)))
            yield tuple(waiting)
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

    @property
    def sharing(self) -> tuple[Sharing, ...]:
        """What the next supervisor must know."""
        return tuple(
            Sharing(path, process.pid, self._start_time(process.pid) or 0.0) for path, process in self._served.items()
        )

    def take_over(self, sharing: Sequence[Sharing]) -> None:
        """Those of a VM that runs, whose supervisor died."""
        found: dict[str, Process] = {}
        for one in sharing:
            process = self._find(one)
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
        for path in self._served:  # a guest may name others too
            if step.name == visible(f"{UNSHARED} {path}", NAME_CHARS):
                self._tell(path, "the machine could not mount it")

    def let_go(self) -> None:
        """They live on with QEMU, if that does."""
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
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(WITH_QEMU_S):
                    await process.wait()
            await process.kill()
        self.let_go()

    async def _possible(self, virtiofsd: Sequence[str]) -> list[Share]:
        found: dict[str, Share] = {}
        for words in self._wanted if ram.IS_POSSIBLE else ():  # elsewhere Settings say that nothing is shared
            try:
                share = await asyncio.to_thread(share_of, words, self._files)
            except SettingsError as error:
                self._tell(words, error.why)
                continue
            if virtiofsd:
                found[share.path] = share
            else:
                self._tell(words, "this system has no virtiofsd")
        return sorted(found.values(), key=lambda share: share.path)  # what lies in another one comes after it

    def _serve(self, served: dict[str, Process]) -> None:
        self._served = served
        self._watches = [asyncio.create_task(self._watch(path), name="virtiofsd") for path in served]

    def _find(self, one: Sharing) -> Process | None:
        """First the handle, then the look: a pid may be reused between."""
        try:
            process = Process(one.pid)
        except OSError:
            return None
        if self._start_time(one.pid) == one.started_s:
            return process
        process.close()
        return None

    async def _watch(self, path: str) -> None:
        await self._served[path].wait()
        await asyncio.sleep(WITH_QEMU_S)
        self._tell(path, ENDED)

    def _tell(self, path: str, why: str) -> None:
        topic = f"share {path}"
        self._told.add(topic)
        self._publisher.warn(topic, f"The folder {path} is not shared: {why}")
