"""The child that keeps the console's screen, as the broker uses it; see desktop/terminal/keeper.py."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from desktop.core import frames
from desktop.terminal import keeper

log = logging.getLogger("desktop.supervisor")

BACKLOG_BYTES = 16 << 20
ANSWER_DEADLINE_S = 5.0
RESTART_PAUSE_S = 1.0
VT_LINES = 1000


class KeeperProcess:
    """Feeds the keeper and asks it for pictures. A dead one is started again, from what `past` gives."""

    def __init__(self, past: Callable[[], bytes]) -> None:
        self._past = past
        self._size = (80, 24)
        self._waiting: deque[asyncio.Future[bytes | None]] = deque()
        self._process: asyncio.subprocess.Process | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def open(self) -> None:
        self._process = await self._started()
        self._running = asyncio.create_task(self._keep_running(), name="screen keeper")

    async def close(self) -> None:
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None

    def feed(self, data: bytes) -> None:
        self._send(keeper.FEED, data)

    def resize(self, cols: int, rows: int) -> None:
        self._size = (cols, rows)
        self._send(keeper.RESIZE, msgspec.json.encode({"cols": cols, "rows": rows}))

    async def picture(self, kind: str, rows: int) -> bytes | None:
        """A snapshot or vt replay of all that was fed before this call; None where there is none to be had."""
        wish: dict[str, Any] = {"kind": kind}
        if kind == "vt":
            wish |= {"lines": VT_LINES, "rows": rows}
        if not self._send(keeper.REQUEST, msgspec.json.encode(wish)):
            return None
        answer: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        try:
            async with asyncio.timeout(ANSWER_DEADLINE_S):
                return await asyncio.shield(answer)
        except TimeoutError:
            log.warning("the screen keeper does not answer; starting it again")
            self._kill()
            return None

    def _send(self, kind: bytes, payload: bytes) -> bool:
        process = self._process
        if process is None or process.stdin is None or process.stdin.is_closing():
            return False
        if process.stdin.transport.get_write_buffer_size() > BACKLOG_BYTES:
            log.warning("the screen keeper does not keep up; starting it again")
            self._kill()
            return False
        process.stdin.write(frames.encode(kind, payload))
        return True

    async def _keep_running(self) -> None:
        try:
            while True:
                if self._process is None:
                    await asyncio.sleep(RESTART_PAUSE_S)
                    self._process = await self._started()
                    self.resize(*self._size)
                    self.feed(self._past())
                await self._read_answers(self._process)
                await self._ended()
        finally:
            self._kill()
            await self._ended()

    async def _started(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "desktop.terminal.keeper",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=dict(os.environ),
        )  # fmt: skip

    async def _read_answers(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        decoder = frames.Decoder()
        while data := await process.stdout.read(1 << 16):
            for kind, payload in decoder.feed(data):
                if kind == keeper.FAILED:
                    log.warning("the screen keeper: %s", payload.decode(errors="replace"))
                self._settle(None if kind == keeper.FAILED else payload)

    def _settle(self, payload: bytes | None) -> None:
        if self._waiting and not (answer := self._waiting.popleft()).done():
            answer.set_result(payload)

    async def _ended(self) -> None:
        process, self._process = self._process, None
        while self._waiting:
            self._settle(None)
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            code = await process.wait()
            log.info("the screen keeper ended with code %d", code)

    def _kill(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
