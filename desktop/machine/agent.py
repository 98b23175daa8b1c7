"""The guest agent: lines of JSON to qemu-ga in the guest, synchronised first, each with a deadline."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from desktop.core.errors import DeadlineExceeded, MachineError
from desktop.core.text import visible

SYNC_DEADLINE_S = 3.0
REPLY_DEADLINE_S = 5.0
EXEC_POLL_FIRST_S = 0.02
EXEC_POLL_LAST_S = 0.5
LINE_LIMIT = 32 << 20  # guest-exec returns up to 16 MB, in base64
SYNC_MARK = b"\xff"
_WORDS, _WORDS_BYTES = 300, 4096

T = TypeVar("T")


@dataclass(frozen=True)
class Finished:
    """A command that ran in the guest."""

    exit_code: int
    output: bytes
    errors: bytes

    @property
    def words(self) -> str:
        """What it said went wrong, fit to be shown: a guest may say anything, at any length."""
        return visible((self.errors or self.output)[:_WORDS_BYTES].decode(errors="replace").strip(), _WORDS)


class _Refusal(msgspec.Struct):
    desc: str = ""


class _Reply(msgspec.Struct):
    result: Any = msgspec.field(name="return", default=None)
    error: _Refusal | None = None


class _Started(msgspec.Struct):
    pid: int


class _Status(msgspec.Struct, rename="kebab"):
    exited: bool
    exitcode: int = -1
    out_data: bytes = b""
    err_data: bytes = b""


class Agent:
    """Calls the agent, one call at a time. Connects at the first call and again after any trouble.

    An agent that is not there, or not there yet, is a DeadlineExceeded: its socket is QEMU's and always open.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = asyncio.Lock()
        self._marks = itertools.count(random.randrange(1 << 30))
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ping(self, deadline_s: float = SYNC_DEADLINE_S) -> None:
        await self.call("guest-ping", deadline_s)

    async def shutdown(self) -> None:
        """Asks the guest to unmount and power off. There is no answer but the guest's end."""
        async with self._its_turn("guest-shutdown", REPLY_DEADLINE_S):
            await self._synchronise()
            self._send("guest-shutdown", mode="powerdown")
            await self._stream()[1].drain()

    async def set_time(self) -> None:
        """Sets the guest's clock to the host's, whose time is read when the agent listens."""
        await self.ping()
        await self.call("guest-set-time", time=time.time_ns())

    async def execute(self, *command: str, deadline_s: float = REPLY_DEADLINE_S) -> Finished:
        """Runs a program in the guest, without a shell, and returns what it printed."""
        began = await self.call(
            "guest-exec", deadline_s, path=command[0], arg=list(command[1:]), capture_output=True
        )
        pid = _understood(began, _Started).pid
        end = time.monotonic() + deadline_s
        pause_s = EXEC_POLL_FIRST_S
        while time.monotonic() < end:
            status = _understood(await self.call("guest-exec-status", deadline_s, pid=pid), _Status)
            if status.exited:
                return Finished(status.exitcode, status.out_data, status.err_data)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, EXEC_POLL_LAST_S)
        raise DeadlineExceeded(f"{command[0]} did not end in the guest", f"{deadline_s:.0f} s passed")

    async def call(self, command: str, deadline_s: float = REPLY_DEADLINE_S, **arguments: Any) -> Any:
        """What the agent returns. Dashes in argument names are written as underscores."""
        async with self._its_turn(command, deadline_s):
            if self._reader is None:
                await self._synchronise()
            self._send(command, **arguments)
            reply = msgspec.json.decode(await self._line(), type=_Reply)
        if reply.error is not None:
            raise MachineError(f"The guest agent refused {command}", visible(reply.error.desc, _WORDS))
        return reply.result

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    @contextlib.asynccontextmanager
    async def _its_turn(self, command: str, deadline_s: float) -> AsyncIterator[None]:
        """The wait for the calls before it counts: one of them may take minutes."""
        async with _deadline(command, deadline_s), self._turn:
            try:
                yield
            except BaseException:
                self.close()  # an answer may still be under way, and must not be taken for the next one's
                raise

    async def _synchronise(self) -> None:
        """Throws away what an earlier client left in the agent's parser and in the line."""
        self.close()
        self._reader, self._writer = await asyncio.open_unix_connection(self._path, limit=LINE_LIMIT)
        mark = next(self._marks)
        self._writer.write(SYNC_MARK)
        self._send("guest-sync-delimited", id=mark)
        while True:
            await self._reader.readuntil(SYNC_MARK)
            try:
                if msgspec.json.decode(await self._line(), type=_Reply).result == mark:
                    return
            except msgspec.DecodeError:
                pass  # the rest of an answer to somebody before us

    def _send(self, command: str, **arguments: Any) -> None:
        named = {name.replace("_", "-"): value for name, value in arguments.items()}
        self._stream()[1].write(msgspec.json.encode({"execute": command, "arguments": named}) + b"\n")

    async def _line(self) -> bytes:
        return await self._stream()[0].readuntil(b"\n")

    def _stream(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._reader is None or self._writer is None:
            raise ConnectionResetError("not connected")
        return self._reader, self._writer


def _understood(value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise MachineError("The guest agent cannot be reached", str(error)) from error


@contextlib.asynccontextmanager
async def _deadline(command: str, deadline_s: float) -> AsyncIterator[None]:
    """Turns what can go wrong on the way to the agent into words."""
    try:
        async with asyncio.timeout(deadline_s):
            yield
    except TimeoutError as error:
        raise DeadlineExceeded(
            "The guest agent does not answer", f"{command}: {deadline_s:.0f} s passed"
        ) from error
    except (OSError, EOFError, asyncio.LimitOverrunError, msgspec.DecodeError) as error:
        raise MachineError("The guest agent cannot be reached", f"{command}: {error}") from error
