"""What the status says of the engine, asked over QEMU's channel."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from pathlib import Path

from desktop.core.machine import Engine
from desktop.supervisor.engine_facts import ask_engine


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError):
        request = await reader.readuntil(b"\r\n\r\n")
        facts = {"Version": "28.5.2"} if b"/version" in request else {"ContainersRunning": 2}
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(facts).encode())
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def test_an_engine_whose_queue_is_full_for_a_moment_is_reachable(tmp_path: Path) -> None:
    """As QEMU's is, which holds one, while others call too."""
    path = tmp_path / "channel"
    with contextlib.ExitStack() as stack:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen(0)
        waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
        waiting.connect(str(path))
        asking = asyncio.create_task(ask_engine(path, Engine()))
        await asyncio.sleep(0.1)
        listener.setblocking(False)
        async with await asyncio.start_unix_server(serve, sock=listener):
            engine, _ = await asking
            stack.close()
            await asyncio.sleep(0.05)
    assert engine == Engine(reachable=True, version="28.5.2", containers_running=2)
