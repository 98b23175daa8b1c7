"""An engine call that cannot be let through, answered in HTTP, so that `docker` prints why."""

from __future__ import annotations

import asyncio
import contextlib
import socket

import msgspec

from desktop.core.errors import MoorageError

CALL_DEADLINE_S = 5.0
LEAVE_DEADLINE_S = 1.0
_HEAD_LIMIT = 64 << 10


async def refuse(client: socket.socket, error: MoorageError) -> None:
    """Waits for the call, says 503 with the error's words, and waits a little for the client to take them.

    Nothing in it looks like dockerd's own answer, to a `_ping` neither: no header tells of an engine.
    """
    loop = asyncio.get_running_loop()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(CALL_DEADLINE_S):
            call = await _call(loop, client)
            await loop.sock_sendall(client, answer(error, is_head=call.startswith(b"HEAD ")))
        client.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(LEAVE_DEADLINE_S):  # closing before it has said all would take the answer with it
            while await loop.sock_recv(client, 1 << 16):
                pass


def answer(error: MoorageError, is_head: bool = False) -> bytes:
    body = msgspec.json.encode({"message": str(error)})
    head = (
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (b"" if is_head else body)


async def _call(loop: asyncio.AbstractEventLoop, client: socket.socket) -> bytes:
    """The head of the request, or as much as is sent of one."""
    call = b""
    while b"\r\n\r\n" not in call and len(call) < _HEAD_LIMIT:
        if not (block := await loop.sock_recv(client, 1 << 14)):
            break
        call += block
    return call
