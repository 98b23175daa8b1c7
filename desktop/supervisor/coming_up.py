"""From power-on to an engine that answers: the named steps, their deadline, and why it failed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from desktop.core.errors import DeadlineExceeded, EngineError, MachineError, MoorageError
from desktop.core.machine import BootStep
from desktop.core.paths import MachineFiles
from desktop.core.together import together
from desktop.engine import ping

from .boot_port import FAILED
from .logs import tail

REACHABLE = "network"  # the step after which the engine's relay is there
CHECK, CHECKED = "check", "disk"  # between these the guest looks through its disk, which may take long
SILENT_GUEST_S = 20.0  # a guest that names no steps is asked all the same
PING_PAUSE_FIRST_S = 0.05
PING_PAUSE_LAST_S = 0.5
ENGINE_RESTARTS = 3  # an engine that ends as often while it starts will not come up


class ComingUp:
    """Waits for one VM's engine. Fed with the guest's steps as they come."""

    def __init__(self, files: MachineFiles, deadline_s: float, engine_log_start: int = 0) -> None:
        self._files = files
        self._deadline_s = deadline_s
        self._engine_log_start = engine_log_start
        self._reachable = asyncio.Event()
        self._refusal: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._restarts = 0
        self._deadline: asyncio.Timeout | None = None
        self._pauses: set[str] = set()  # why the deadline does not run

    def begin_again(self) -> None:
        """For another `wait`, after one that has failed."""
        self._refusal = asyncio.get_running_loop().create_future()
        self._restarts = 0

    def on_step(self, step: BootStep) -> None:
        first, _, rest = step.name.partition(" ")
        if first == FAILED:
            self._refuse(MachineError("The guest cannot start", rest, self._next_step_after(rest)))
        elif first == "restarted" and rest.startswith("dockerd"):
            self._restarts += 1
            if self._restarts >= ENGINE_RESTARTS:
                self._refuse(self._engine_ends(rest))
        elif first == REACHABLE:
            self._reachable.set()
        elif first == CHECK:
            self.pause(True, CHECK)
        elif first == CHECKED and CHECK in self._pauses:
            self.pause(False, CHECK)

    async def wait(self, verify: Callable[[], Awaitable[None]] | None = None) -> None:
        """Returns when dockerd itself has answered and `verify` found all files whole."""
        try:
            async with asyncio.timeout(None if self._pauses else self._deadline_s) as self._deadline:
                await self._both(verify)
        except TimeoutError as error:
            raise self._late() from error
        finally:
            self._deadline = None

    def pause(self, is_so: bool, why: str = "room") -> None:
        """The deadline does not run while the guest cannot; afterwards it has all its time again."""
        (self._pauses.add if is_so else self._pauses.discard)(why)
        if self._deadline is not None and not self._deadline.expired():
            end_s = asyncio.get_running_loop().time() + self._deadline_s
            self._deadline.reschedule(None if self._pauses else end_s)

    async def _both(self, verify: Callable[[], Awaitable[None]] | None) -> None:
        answer = self._refused_or(self._answered())
        await (together(answer) if verify is None else together(_run(verify), answer))

    async def _answered(self) -> None:
        try:
            async with asyncio.timeout(SILENT_GUEST_S):
                await self._reachable.wait()
        except TimeoutError:
            pass
        pause_s = PING_PAUSE_FIRST_S
        while True:
            try:
                return await ping.ping(self._files.channel_socket)
            except (EngineError, DeadlineExceeded):
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, PING_PAUSE_LAST_S)

    async def _refused_or(self, answered: Awaitable[None]) -> None:
        waiting = asyncio.ensure_future(answered)
        try:
            await asyncio.wait({waiting, self._refusal}, return_when=asyncio.FIRST_COMPLETED)
            (self._refusal if self._refusal.done() else waiting).result()
        finally:
            waiting.cancel()
            self._refusal.cancel()

    def _refuse(self, error: MoorageError) -> None:
        if not self._refusal.done():
            self._refusal.set_exception(error)

    def _late(self) -> DeadlineExceeded:
        return DeadlineExceeded(
            "The engine is not up in the guest",
            f"{self._deadline_s:.0f} s passed since power-on\n{self._last_lines()}",
            "Start the machine again; `moorage logs engine` and `moorage logs console` tell more",
        )

    def _engine_ends(self, what: str) -> MachineError:
        return MachineError(
            "The engine does not start in the guest",
            f"{what}, {self._restarts} times\n{self._last_lines()}",
            f"If its settings are wrong, correct [engine] in {self._files.config}",
        )

    def _last_lines(self) -> str:
        return tail(self._files.engine_log, start=self._engine_log_start) or tail(self._files.console_log)

    def _next_step_after(self, why: str) -> str:
        if "data disk" in why:
            return f"Its file is {self._files.disk}: repair it with e2fsck, or move it away to begin with an empty one"
        return "`moorage logs console` tells more"


async def _run(verify: Callable[[], Awaitable[None]]) -> None:
    await verify()
