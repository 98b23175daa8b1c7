"""The console broker: the one client of QEMU's console, and a `screen` server for any number of viewers.

It always drains, since a reader that stops stalls the guest. Every byte goes to the ring, the screen keeper, the
pty and each viewer. A new viewer gets the picture as it is and then the live bytes, none lost and none doubled: the
keeper answers in the order in which it is fed, and what comes after the question waits until the answer is sent.
Attaching and detaching send nothing to the guest.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MachineError, MoorageError
from desktop.core.paths import MachineFiles
from desktop.core.signal import Signal
from desktop.terminal.foreign import blank
from desktop.terminal.replies import are_allowed
from desktop.terminal.strip import strip_queries

from .console_log import ConsoleLog
from .guest_line import GuestLine
from .keeper_process import KeeperProcess
from .recorder import Recorder
from .ring import LIMIT_BYTES, Ring
from .tty import Tty
from .viewer import Viewer, size_of
from .viewer_sizes import ViewerSizes

log = logging.getLogger("desktop.supervisor")

ROOM_PAUSE_S = 2.0


class ConsoleBroker:
    """Serves the console of one machine. `resize` is told the size that the viewers leave room for, and `send_break`
    puts a break on the line."""

    def __init__(
        self,
        files: MachineFiles,
        resize: Callable[[int, int], None],
        send_break: Callable[[], Awaitable[None]],
    ) -> None:
        self._files = files
        self._ring = Ring()
        self._log = ConsoleLog(files.console_log, files.console_spare)
        self._recorder = Recorder(self._log)
        self._keeper = KeeperProcess(self._ring.since_safe_start)
        self._tty = Tty(files.tty, self._on_tty_input, self._inform)
        self._line = GuestLine(self._on_output, self._tty.resume_input)
        self._viewers: list[Viewer] = []
        self.sizes = ViewerSizes(self._viewers, self._on_size)
        self._resize, self._send_break = resize, send_break
        self._typed_last: Viewer | Tty | None = None
        self._power_ons = 0
        self._jobs: set[asyncio.Task[None]] = set()
        self.used: Signal[None] = Signal()  # somebody typed, or no longer looks

    @property
    def is_in_view(self) -> bool:
        """Whether somebody looks at it, as far as can be known."""
        return self._tty.in_use or any(viewer.is_looked_at for viewer in self._viewers)

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    @property
    def keeper_pid(self) -> int | None:
        return self._keeper.pid

    async def open(self) -> None:
        await self._keeper.open()
        try:
            self._tty.open()
        except MachineError as error:
            log.warning("%s", error)

    async def close(self) -> None:
        """Ends every viewer's connection; the VM is not touched."""
        self._line.close()
        self.sizes.close()
        for viewer in tuple(self._viewers):
            viewer.drop("The supervisor ends. Attach again", last_word_s=0)
        self._tty.close()
        await self._recorder.flush()
        for job in self._jobs:
            job.cancel()
        if self._jobs:
            await asyncio.wait(self._jobs)
        await self._keeper.close()

    # -- the machine

    async def reset(self) -> None:
        """A new power-on follows: screen and scrollback begin anew, the log goes on behind a line with the date."""
        self._line.close()
        self._ring.clear()
        self._keeper.reset()
        self._typed_last = None
        self._power_ons += 1
        for viewer in self._viewers:
            if not viewer.is_waiting:
                self._start_job(self._show_picture(viewer))
        await self._recorder.flush()
        try:
            await asyncio.to_thread(self._log.mark_power_on)
        except OSError as error:
            log.warning("the console's log cannot be written: %s", error)

    async def recall(self) -> None:
        """Takes what a VM that runs has printed since its power-on, from its log."""
        past = await asyncio.to_thread(self._log.since_power_on, LIMIT_BYTES)
        self._ring.add(past)
        self._keeper.feed(past)

    async def connect(self) -> None:
        """Becomes the only client of QEMU's console socket and drains it from now on."""
        await self._take_unread()
        await self._line.connect(self._files.console_socket)

    async def disconnected(self) -> None:
        """The VM is gone. Its last words are taken; viewers stay for the next one."""
        self._line.close()
        await self._take_unread()

    async def _take_unread(self) -> None:
        """What was printed and came by no socket: before we were connected, or just before the end."""
        if not await self._recorder.flush():
            return  # what was read and what was not can no longer be told apart
        try:
            self._spread(await asyncio.to_thread(self._log.take_unread))
        except OSError as error:
            log.warning("the console's log cannot be written: %s", error)

    def _on_output(self, data: bytes) -> None:
        self._recorder.add(data)
        self._spread(data)

    def _spread(self, data: bytes) -> None:
        if not data:
            return
        self._ring.add(data)
        self._keeper.feed(data)
        self._tty.write(data)
        if self._viewers:
            self._show(data)

    def _show(self, data: bytes) -> None:
        frame = frames.encode(frames.OUTPUT, data)
        for viewer in tuple(self._viewers):
            if not viewer.output(data, frame):
                self._viewers.remove(viewer)
                viewer.drop("This terminal reads too slowly and was let go. Attach again")

    # -- viewers

    async def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: ConsoleRequest) -> None:
        """Serves one viewer until it leaves or is let go."""
        viewer = Viewer(reader, writer, request)
        self._viewers.append(viewer)
        try:
            if not request.read_only:
                self.sizes.note_active(viewer)
            self.sizes.settle_now()
            await self._show_picture(viewer)
            self._inform()
            async for kind, payload in viewer.frames():
                await self._obey(viewer, kind, payload)
        finally:
            if viewer in self._viewers:
                self._viewers.remove(viewer)
            if self._typed_last is viewer:
                self._typed_last = None
            self.sizes.settle_soon()
            self._inform()
            self.used.emit(None)

    async def _show_picture(self, viewer: Viewer) -> None:
        """The screen as the viewer wants it; where the keeper has none, the raw past, made harmless."""
        kind = viewer.request.replay
        if kind == "none":
            return
        asked_in = -1
        while asked_in != self._power_ons:  # a picture of an earlier power-on is of no use
            asked_in = self._power_ons
            viewer.hold()
            picture = await self._keeper.ask(kind, viewer.size[1])
        if picture is not None:
            viewer.show(frames.REPLAY if kind == "vt" else frames.SNAPSHOT, picture)
        else:
            past = strip_queries(self._ring.since_safe_start())
            begin = blank(viewer.size[1]) if kind == "vt" else b""
            viewer.show(frames.REPLAY, begin + past, with_held=False)

    async def _obey(self, viewer: Viewer, kind: bytes, payload: bytes) -> None:
        if kind == frames.WINDOW:
            viewer.size = size_of(payload) or viewer.size
            self.sizes.settle_soon()
        elif kind == frames.LOOKED_AT:
            viewer.is_looked_at = payload != b"0"
            self.used.emit(None)
        elif viewer.request.read_only:
            return
        elif kind == frames.TYPED:
            if viewer is not self._typed_last and _may_be_answers(viewer, payload):
                return
            self._typed_last = viewer
            self.sizes.note_active(viewer)
            self.used.emit(None)
            self._line.type(payload)
            await self._wait_for_room(viewer)
        elif kind == frames.BREAK:
            self.used.emit(None)
            self._start_job(self._break(viewer))
        elif kind == frames.REPLY and viewer is self._typed_last and not viewer.is_waiting:
            self._line.type(payload)

    async def _wait_for_room(self, viewer: Viewer) -> None:
        """A guest that does not take its input makes who types wait; whether they are still there shows in telling."""
        has_told = False
        while not self._line.has_room and not viewer.is_gone:
            try:
                async with asyncio.timeout(ROOM_PAUSE_S):
                    await self._line.wait_for_room()
            except TimeoutError:
                if not has_told:
                    viewer.tell("The guest does not take what is typed; it waits")
                has_told = True
                self._inform()

    def _on_tty_input(self, data: bytes) -> None:
        """A terminal behind the pty answers every query too."""
        if self._typed_last is not self._tty:
            if are_allowed(data):
                return
            self._typed_last = self._tty
        self.used.emit(None)
        self._line.type(data)
        if not self._line.has_room:
            self._tty.pause_input()

    # -- size

    def _on_size(self, cols: int, rows: int) -> None:
        self._keeper.resize(cols, rows)
        self._inform()
        self._resize(cols, rows)

    def _inform(self) -> None:
        viewers = len(self._viewers) + self._tty.in_use  # GNU screen, or another terminal on the pty
        for viewer in self._viewers:
            viewer.inform(viewers, self.sizes.current or viewer.size)

    async def _break(self, viewer: Viewer) -> None:
        try:
            await self._send_break()
        except MoorageError as error:
            viewer.tell(str(error))

    # -- work beside

    def _start_job(self, work: Coroutine[Any, Any, None]) -> None:
        job = asyncio.create_task(work, name="console")
        self._jobs.add(job)
        job.add_done_callback(self._on_job_done)

    def _on_job_done(self, job: asyncio.Task[None]) -> None:
        self._jobs.discard(job)
        if not job.cancelled() and (error := job.exception()) is not None:
            log.error("the console stumbled", exc_info=error)


def _may_be_answers(viewer: Viewer, typed: bytes) -> bool:
    """A foreign terminal answers every query, and its answers come as keys: they count only where it typed last."""
    return viewer.request.replay != "snapshot" and are_allowed(typed)
