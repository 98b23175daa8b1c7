"""A question to an engine in HTTP/1.0, with nothing but the standard library: one connection, one answer.

The SDK would do it too, at 25 MB of memory in a process that is there all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from desktop.core.errors import DeadlineExceeded, EngineError

BODY_LIMIT = 16 << 20

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


class NotThere(EngineError):
    """What was asked for does not exist, or not in this engine."""


async def ask(connect: Connect, path: str, deadline_s: float) -> bytes:
    """The body of the answer. The engine closes after it, and sends it in one piece."""
    try:
        async with asyncio.timeout(deadline_s):
            reader, writer = await begin(connect, path)
            try:
                body = bytearray()
                while len(body) < BODY_LIMIT and (block := await reader.read(65536)):
                    body += block
                return bytes(body)
            finally:
                writer.close()
    except TimeoutError as error:
        raise DeadlineExceeded("The engine does not answer", f"{_shown(path)}: {deadline_s:.0f} s passed") from error
    except OSError as error:
        raise EngineError("The engine cannot be reached", f"{_shown(path)}: {error}") from error


async def begin(connect: Connect, path: str) -> Streams:
    """The connection, with the answer's head read and good."""
    reader, writer = await connect()
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        writer.close()
        raise EngineError("The engine cannot be reached", f"{_shown(path)}: {error}") from error
    except BaseException:
        writer.close()
        raise
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        writer.close()
        words = head.partition(b"\r\n")[0].decode(errors="replace")
        if status in ([b"404"], [b"503"]):
            raise NotThere("The engine answers with an error", f"{_shown(path)}: {words}")
        raise EngineError("The engine answers with an error", f"{_shown(path)}: {words}")
    return reader, writer


def _shown(path: str) -> str:
    return path.partition("?")[0]
