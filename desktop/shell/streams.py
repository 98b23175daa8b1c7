"""Terminals beside the machine's own: opens them, carries what is typed and printed, and says what became of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from desktop.core import frames
from desktop.core.engine import Container, Link
from desktop.core.errors import EngineError, MoorageError
from desktop.core.machine import MachineStatus
from desktop.core.store import Delta
from desktop.services.engine import EngineService
from desktop.services.other_consoles import OtherConsoles
from desktop.views.stream_words import SHELLS, Kind, Phase
from desktop.views.terminal_style import TerminalStyle
from desktop.views.told import told

from .stream_guard import Input, StreamGuard
from .stream_questions import may_close, output_only
from .tasks import Tasks

if TYPE_CHECKING:
    from desktop.views.stream_pane import StreamPane

    from .asking import Asking

log = logging.getLogger("desktop.streams")

QUEUE_LIMIT_BYTES = 8 << 20
END_IS_KNOWN_S = 1.0
"""So long after its program the end of a container may become known."""
LAST_CLOSE_S = 1.5
_OF_CONTAINERS = (Kind.SHELL, Kind.ATTACHED)


class Stream(Input, Protocol):
    """`read` gives nothing at the end; `close` ends what was opened here, `disconnect` only leaves it."""

    async def read(self) -> bytes: ...
    async def resize(self, cols: int, rows: int) -> None: ...
    async def exit_code(self) -> int | None: ...
    async def close(self) -> None: ...
    async def disconnect(self) -> None: ...


class Streams:
    """One task for each pane, which is kept while it is not looked at. Closing a pane hangs up a shell, and leaves
    everything else as it is."""

    def __init__(
        self, engine: EngineService, others: OtherConsoles, tasks: Tasks, asking: Asking, style: TerminalStyle
    ) -> None:
        self._engine, self._tasks, self._asking = engine, tasks, asking
        self._openers: dict[Kind, Callable[[str, int, int], Awaitable[Stream]]] = {
            Kind.SHELL: engine.open_shell, Kind.MACHINE: engine.open_machine_shell,
            Kind.ATTACHED: engine.attach, Kind.OTHER: others.open,
        }  # fmt: skip
        self._panes: list[StreamPane] = []
        self._streams: dict[StreamPane, Stream] = {}
        self._running: dict[StreamPane, asyncio.Task[Any]] = {}
        self._sizes: dict[Stream, tuple[int, int]] = {}  # that are wanted, while one is told
        self._status = MachineStatus()
        self._style = style
        engine.containers.changed.connect(self._on_containers)

    def running(self) -> list[tuple[str, str]]:
        """Containers that run: id and name."""
        found = [(record.id, record.name) for record in self._engine.containers if record.state == "running"]
        return sorted(found, key=lambda choice: choice[1].casefold())

    def serve(self, pane: StreamPane) -> None:
        """Opens what the pane is for, and goes on until the pane is closed."""
        self._panes.append(pane)
        pane.set_style(self._style)
        pane.show_status(self._status)
        guard = StreamGuard(pane, self._asking, self._tasks)
        pane.frame_typed.connect(lambda kind, payload: self._on_frame(pane, guard, kind, payload))
        pane.again_requested.connect(lambda: self._begin(pane))
        pane.close_requested.connect(lambda: self.close(pane))
        self._begin(pane)

    def close(self, pane: StreamPane) -> None:
        self._tasks.spawn("close a terminal", self._close(pane))

    def show_status(self, status: MachineStatus) -> None:
        self._status = status
        for pane in self._panes:
            pane.show_status(status)

    def set_style(self, style: TerminalStyle) -> None:
        self._style = style
        for pane in self._panes:
            pane.set_style(style)

    async def hang_up_all(self) -> None:
        """At the end of the app: what was opened here does not stay behind in the containers."""
        streams, self._streams = list(self._streams.values()), {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_CLOSE_S):
                await asyncio.gather(*(stream.close() for stream in streams), return_exceptions=True)

    def close_terminals(self) -> None:
        for pane in self._panes:
            pane.close_terminal()

    def _begin(self, pane: StreamPane) -> None:
        if (before := self._running.get(pane)) is not None and not before.done():
            return  # twice asked
        task = self._tasks.spawn(f"terminal of {pane.name}", self._run(pane))
        if task is not None:
            self._running[pane] = task

    async def _run(self, pane: StreamPane) -> None:
        pane.show_phase(Phase.OPENING)
        size = pane.size_in_cells()
        try:
            stream = await self._openers[pane.target.kind](pane.target.id, *size)
        except MoorageError as error:
            words = ": ".join(told(part) for part in (error.what, error.why) if part)
            pane.show_phase(*await self._refused(pane, words))
            return
        self._streams[pane] = stream
        pane.show_phase(Phase.OPEN)
        try:
            if size != pane.size_in_cells():  # it was laid out meanwhile
                await self._resize(stream, *pane.size_in_cells())
            ended = await self._carry(pane, stream)
        finally:
            await stream.disconnect()
            self._running.pop(pane, None)
            if self._streams.get(pane) is stream:
                del self._streams[pane]
        pane.show_phase(ended)  # told last: from now on it can be opened again

    async def _carry(self, pane: StreamPane, stream: Stream) -> Phase:
        """Until nothing more comes; why."""
        if not stream.takes_input:
            pane.hint(output_only())
        elif pane.target.kind not in SHELLS and stream.has_tty:
            pane.watch_idle()
        while data := await stream.read():
            pane.receive(frames.OUTPUT, data)
            while pane.queued_bytes > QUEUE_LIMIT_BYTES:
                await asyncio.sleep(0.01)
        return await self._end_of(pane, stream)

    async def _refused(self, pane: StreamPane, words: str) -> tuple[Phase, str]:
        """The words of who refused, unless it is only that the container does not run."""
        with contextlib.suppress(EngineError):
            if pane.target.kind in _OF_CONTAINERS and self._engine.link.link is Link.UP:
                if (ended := await self._ended(pane.target.id)) is not None:
                    return ended, ""
        return Phase.REFUSED, words

    async def _end_of(self, pane: StreamPane, stream: Stream) -> Phase:
        """Why nothing more comes: asked of the engine, which may be gone itself."""
        if pane.target.kind is Kind.OTHER:
            return Phase.EXITED
        try:
            code = await stream.exit_code()
            known_s = END_IS_KNOWN_S if pane.target.kind in _OF_CONTAINERS else 0.0
            deadline = asyncio.get_running_loop().time() + known_s
            while code in (None, 137) and asyncio.get_running_loop().time() < deadline:
                if (ended := await self._ended(pane.target.id)) is not None:
                    return ended
                await asyncio.sleep(0.1)
        except EngineError as error:
            log.info("terminal of %s: %s", pane.name, error)
            return Phase.LOST
        return Phase.LOST if code is None and pane.target.kind in SHELLS else Phase.EXITED

    async def _ended(self, container: str) -> Phase | None:
        """None while it runs, as the engine says itself."""
        client = self._engine.client
        if client is None:
            raise EngineError("The engine is not connected")
        found = await client.containers([container])
        if not found:
            return Phase.CONTAINER_REMOVED
        return None if found[0].running else Phase.CONTAINER_ENDED

    def _on_containers(self, delta: Delta[Container]) -> None:
        if self._engine.link.link is not Link.UP:  # then they are not gone, only out of sight
            return
        for pane in self._panes:
            if pane.target.id in delta.removed and pane.is_over:
                pane.show_phase(Phase.CONTAINER_REMOVED)

    def _on_frame(self, pane: StreamPane, guard: StreamGuard, kind: bytes, payload: bytes) -> None:
        stream = self._streams.get(pane)
        if stream is None:
            return
        if kind == frames.WINDOW:
            size = msgspec.json.decode(payload, type=dict[str, int])
            self._tasks.spawn("size of a terminal", self._resize(stream, size["cols"], size["rows"]))
        elif kind == frames.TYPED:
            guard.type(stream, payload)
        elif kind == frames.REPLY:
            stream.type(payload)

    async def _resize(self, stream: Stream, cols: int, rows: int) -> None:
        """One size after the other: of two that are under way at once either may be the last."""
        is_under_way = stream in self._sizes
        self._sizes[stream] = cols, rows
        if is_under_way:
            return
        told = None
        try:
            while told != self._sizes[stream]:
                told = self._sizes[stream]
                await stream.resize(*told)
        except EngineError as error:
            log.info("a terminal's size: %s", error)  # it has ended just now
        finally:
            del self._sizes[stream]

    async def _close(self, pane: StreamPane) -> None:
        if pane in self._streams and not await may_close(pane.target, self._asking):
            return
        if pane not in self._panes:
            return  # twice asked
        self._panes.remove(pane)
        stream = self._streams.pop(pane, None)
        task = self._running.pop(pane, None)
        if task is not None:
            task.cancel()
        pane.close_terminal()
        pane.closed.emit()
        if stream is not None:
            await stream.close()
