"""Output of a container: its log so far, and the connection that `docker run` holds."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator

from .containers import Container
from .http import Answer, ApiError, Hijacked, Request, Streamed

RAW = "application/vnd.docker.raw-stream"
MULTIPLEXED = "application/vnd.docker.multiplexed-stream"


def logs(container: Container, request: Request) -> Answer | Streamed:
    if not (request.flag("stdout") or request.flag("stderr")):
        raise ApiError(400, "Bad parameters: you must choose at least one stream")
    kind = RAW if container.config.get("Tty") else MULTIPLEXED
    if request.flag("follow"):
        return Streamed(_following(container), kind)
    return Answer(200, _framed(container, bytes(container.output)), {"Content-Type": kind})


async def _following(container: Container) -> AsyncIterator[bytes]:
    sent = 0
    while True:
        over = not container.running
        if len(container.output) > sent:
            yield _framed(container, bytes(container.output[sent:]))
            sent = len(container.output)
        if over:
            return
        await asyncio.sleep(0.05)


def attach(container: Container, request: Request) -> Hijacked:
    """Output until the container ends; with a terminal, what is typed comes back as an echo."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        typing = asyncio.ensure_future(_echo(container, reader))
        try:
            if request.flag("stream"):
                await _until_started(container)
            async for chunk in _following(container):
                writer.write(chunk)
                await writer.drain()
        finally:
            typing.cancel()

    return Hijacked(talk)


async def _until_started(container: Container) -> None:
    """`docker run` attaches first and starts then."""
    while container.state == "created" and not container.exit_code:
        await asyncio.sleep(0.01)


async def _echo(container: Container, reader: asyncio.StreamReader) -> None:
    while data := await reader.read(4096):
        if container.config.get("Tty"):
            container.output += data.replace(b"\r", b"\r\n")


def _framed(container: Container, data: bytes) -> bytes:
    """As it is for a terminal, else with the header that tells stdout from stderr."""
    if container.config.get("Tty") or not data:
        return data
    return struct.pack(">BxxxL", 1, len(data)) + data
