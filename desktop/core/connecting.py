"""A connection to a unix socket whose queue may be full: QEMU's holds one at a time."""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
import sys
from pathlib import Path

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.001, 0.05


async def connect(path: Path, deadline_s: float) -> socket.socket:
    """A non-blocking socket that is connected; OSError where it cannot be, TimeoutError where there is no room.

    Nothing tells when there is room again, so it is tried again and again. asyncio's own sock_connect takes a full
    queue for success.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + deadline_s
    pause_s = _FIRST_PAUSE_S
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        while True:
            try:
                connection.connect(str(path))
                return connection
            except BlockingIOError:
                if loop.time() > deadline:
                    raise TimeoutError(errno.ETIMEDOUT, "the VM takes no connection", str(path)) from None
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
    except BaseException:
        connection.close()
        raise


async def open_streams(
    path: Path, deadline_s: float, limit: int = 1 << 16
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """The same as a reader and a writer; lines of the one may be as long as `limit`."""
    return await asyncio.open_unix_connection(sock=await connect(path, deadline_s), limit=limit)


def peer_pid(connection: socket.socket) -> int:
    """The process that listens at the other end; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", found)[0])
