"""Asks an engine the few things a supervisor must know, over its socket, with nothing but the standard library.

The SDK would do it too, at 25 MB of memory in a process that is there all the time.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from desktop.core.errors import DeadlineExceeded, EngineError

PING_DEADLINE_S = 30.0
REPLY_DEADLINE_S = 5.0
BODY_LIMIT = 4 << 20


async def ping(socket: Path, deadline_s: float = PING_DEADLINE_S) -> None:
    """Returns when the engine itself has answered.

    Before it serves, an engine already takes connections and lets them wait: a long deadline is answered sooner
    than short ones that are tried again.
    """
    await _get(socket, "/_ping", deadline_s)


async def version(socket: Path, deadline_s: float = REPLY_DEADLINE_S) -> dict[str, Any]:
    return _record(await _get(socket, "/version", deadline_s))


async def info(socket: Path, deadline_s: float = REPLY_DEADLINE_S) -> dict[str, Any]:
    return _record(await _get(socket, "/info", deadline_s))


async def _get(socket: Path, path: str, deadline_s: float) -> bytes:
    try:
        async with asyncio.timeout(deadline_s):
            head, body = await _exchange(socket, path)
    except TimeoutError as error:
        raise DeadlineExceeded("The engine does not answer", f"{path}: {deadline_s:.0f} s passed") from error
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise EngineError("The engine cannot be reached", f"{path}: {error}") from error
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        words = head.partition(b"\r\n")[0].decode(errors="replace")
        raise EngineError("The engine answers with an error", f"{path}: {words}")
    return body


async def _exchange(socket: Path, path: str) -> tuple[bytes, bytes]:
    """HTTP/1.0: the engine closes after its answer, and sends it in one piece."""
    reader, writer = await asyncio.open_unix_connection(socket)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        body = bytearray()
        while len(body) < BODY_LIMIT and (block := await reader.read(65536)):
            body += block
        return head, bytes(body)
    finally:
        writer.close()


def _record(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise EngineError("The engine's answer makes no sense", str(error)) from error
    return found if isinstance(found, dict) else {}
