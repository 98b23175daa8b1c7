"""The child that keeps the console's screen, as the broker uses it; see desktop/terminal/keeper.py.

One that dies is started again, and one that does not keep up is left out for a while; both then get the past: a
picture that was kept, and what came after it. Of a program that set up its screen long ago no raw past tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from desktop.core import frames
from desktop.terminal import keeper_frames

log = logging.getLogger("desktop.supervisor")

BACKLOG_BYTES = 4 << 20
STUCK_S = 10.0
ANSWER_DEADLINE_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 30.0  # before a dead one is started again; longer each time it dies at once
STEADY_S = 60.0
VT_LINES = 1000
KEEP_BYTES = 256 << 10
KEEP_S = 1.0
"""After so much more that was printed, and so long, a newer picture is kept. A cut ring holds more than that."""

KEPT_BYTES = 4 << 20
"""A picture is of use as long as no more than this came after it."""

_RESET = b"\x18\x1bc\x1b[3J"  # ends a sequence under way, resets, forgets the scrollback
_READ_BYTES = 1 << 16

Picture = asyncio.Future[bytes | None]


class KeeperProcess:
    """Feeds the keeper and asks it for pictures. `past` gives what the console printed until now."""

    def __init__(self, past: Callable[[], bytes]) -> None:
        self._past = past
        self._size = (80, 24)
        self._asked: deque[Picture] = deque()
        self._for_next: Picture | None = None  # the one that no viewer waits for
        self._deadline: asyncio.TimerHandle | None = None
        self._sent_bytes = 0
        self._process: asyncio.subprocess.Process | None = None
        self._behind_since_s: float | None = None
        self._kept = Kept()
        self._running: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def open(self) -> None:
        """Starts the child, and keeps one running."""
        await self._start()
        self._running = asyncio.create_task(self._keep_running(), name="screen keeper")
        self._running.add_done_callback(_on_over)

    async def close(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.wait({running})

    def feed(self, data: bytes) -> None:
        """What the console printed, and what `past` has as its end by now."""
        self._kept.add(data)
        if self._behind_since_s is not None:
            self._catch_up()
        elif self._backlog_bytes > BACKLOG_BYTES:
            log.info("the screen keeper does not keep up and is left out for a while")
            self._behind_since_s = time.monotonic()
        else:
            self._send(keeper_frames.FEED, data)
            if self._kept.is_due:
                self._keep()

    def _keep(self) -> None:
        kept, place = self._kept, self._kept.ask()
        self._for_next = picture = self._ask({"kind": "kept"})
        picture.add_done_callback(lambda done: kept.take(None if done.cancelled() else done.result(), place))

    def reset(self) -> None:
        """An empty screen without scrollback."""
        self._kept = Kept()
        self._send(keeper_frames.FEED, _RESET)

    def resize(self, cols: int, rows: int) -> None:
        self._size = (cols, rows)
        self._send(keeper_frames.RESIZE, msgspec.json.encode({"cols": cols, "rows": rows}))

    def ask(self, kind: str, rows: int) -> Picture:
        """A `snapshot`, or a `vt` replay for a terminal of `rows`, of all that was fed before this call.

        None where there is none to be had.
        """
        self._catch_up()
        return self._ask({"kind": "vt", "lines": VT_LINES, "rows": rows} if kind == "vt" else {"kind": "snapshot"})

    def _ask(self, wish: dict[str, Any]) -> Picture:
        picture: Picture = asyncio.get_running_loop().create_future()
        if self._behind_since_s is None and self._send(keeper_frames.REQUEST, msgspec.json.encode(wish)):
            self._asked.append(picture)
            self._expect_answer()
        else:
            picture.set_result(None)
        return picture

    def _expect_answer(self) -> None:
        if self._deadline is None and self._asked:
            call_later = asyncio.get_running_loop().call_later
            self._deadline = call_later(ANSWER_DEADLINE_S, self._on_deadline, self._asked[0], self._taken_bytes)

    def _on_deadline(self, picture: Picture, taken_bytes: int) -> None:
        """Viewers wait no longer. One that takes what it is sent has much to do: the next one would have more."""
        self._deadline = None
        if picture in self._asked:
            for each in self._asked:
                if each is not self._for_next:
                    _settle(each, None)
            if self._taken_bytes <= taken_bytes:
                log.warning("the screen keeper does not answer")
                self._kill()
                return
        self._expect_answer()

    @property
    def _taken_bytes(self) -> int:
        return self._sent_bytes - self._backlog_bytes

    @property
    def _backlog_bytes(self) -> int:
        process = self._process
        return process.stdin.transport.get_write_buffer_size() if process and process.stdin else 0

    def _catch_up(self) -> None:
        """Once it has worked off what it was sent it gets the past anew, in place of what was left out."""
        if self._behind_since_s is None:
            return
        if not self._backlog_bytes:
            self._behind_since_s = None
            self._send_past()
        elif time.monotonic() - self._behind_since_s > STUCK_S:
            log.warning("the screen keeper is stuck")
            self._kill()

    def _send(self, kind: bytes, payload: bytes) -> bool:
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        frame = frames.encode(kind, payload)
        self._sent_bytes += len(frame)
        process.stdin.write(frame)
        return True

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        try:
            while True:
                started_s = loop.time()
                await self._read_answers()
                log.warning("the screen keeper ended with code %s; another is started", await self._bury())
                pause_s = FIRST_PAUSE_S if loop.time() - started_s > STEADY_S else min(pause_s * 2, LONGEST_PAUSE_S)
                await asyncio.sleep(pause_s)
                await self._start()
        finally:
            await self._bury()

    async def _start(self) -> None:
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "desktop.terminal.keeper",
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            log.warning("the screen keeper cannot be started: %s", error)
            return
        self._behind_since_s = None
        self.resize(*self._size)
        self._send_past()

    def _send_past(self) -> None:
        """A picture that a keeper dies of is not given to the next one."""
        if (picture := self._kept.spend()) is None:
            self._send(keeper_frames.FEED, _RESET + self._past())
            return
        self._send(keeper_frames.RESTORE, picture)
        self.resize(*self._size)
        self._send(keeper_frames.FEED, self._kept.later)
        self._keep()

    async def _read_answers(self) -> None:
        """Until it dies, or says something from which nothing sound can follow."""
        if self._process is None or self._process.stdout is None:
            return
        decoder = frames.Decoder()
        while data := await self._process.stdout.read(_READ_BYTES):
            try:
                answers = decoder.feed(data)
            except frames.FrameError as error:
                log.warning("the screen keeper: %s", error)
                return
            for kind, payload in answers:
                if kind == keeper_frames.FAILED:
                    log.warning("the screen keeper: %s", payload.decode(errors="replace"))
                    return
                if kind == keeper_frames.REFUSED:
                    log.warning("the screen keeper gives no picture: %s", payload.decode(errors="replace"))
                if self._asked:
                    _settle(self._asked.popleft(), None if kind == keeper_frames.REFUSED else payload)

    async def _bury(self) -> int | None:
        process, self._process = self._process, None
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        while self._asked:
            _settle(self._asked.popleft(), None)
        if process is None:
            return None
        _kill(process)
        code = await process.wait()
        if process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(ConnectionError):
                await process.stdin.wait_closed()
        return code

    def _kill(self) -> None:
        if self._process is not None:
            _kill(self._process)


class Kept:
    """A picture of this power-on, and what was printed after it. Places are how much was printed until there."""

    def __init__(self) -> None:
        self._picture: bytes | None = None
        self._later = bytearray()
        self._begin = 0  # of what is kept as later
        self._asked_at, self._asked_s = 0, 0.0
        self._is_asked = False

    @property
    def is_due(self) -> bool:
        if self._is_asked or self._end - self._asked_at <= KEEP_BYTES:
            return False
        return time.monotonic() - self._asked_s > KEEP_S

    @property
    def later(self) -> bytes:
        return bytes(self._later)

    def add(self, data: bytes) -> None:
        self._later += data
        if len(self._later) > KEPT_BYTES:
            self._picture = None
            self._forget_until(self._end)

    def ask(self) -> int:
        """The place of a picture that is asked for now."""
        self._is_asked, self._asked_at, self._asked_s = True, self._end, time.monotonic()
        return self._asked_at

    def take(self, picture: bytes | None, place: int) -> None:
        """None where there is none to be had. After one that comes late too much was printed that is not kept."""
        self._is_asked = False
        if picture is not None and place >= self._begin:
            self._picture = picture
            self._forget_until(place)

    def spend(self) -> bytes | None:
        """The picture, once: then there is none until a newer one comes."""
        picture, self._picture = self._picture, None
        return picture

    @property
    def _end(self) -> int:
        return self._begin + len(self._later)

    def _forget_until(self, place: int) -> None:
        del self._later[: place - self._begin]
        self._begin = place


def _on_over(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and (error := running.exception()) is not None:
        log.error("the screen keeper is given up", exc_info=error)


def _kill(process: asyncio.subprocess.Process) -> None:
    """WORKAROUND for asyncio before 3.12, whose own kill() may take the exit code away from who waits for it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


def _settle(picture: Picture, answer: bytes | None) -> None:
    if not picture.done():
        picture.set_result(answer)
