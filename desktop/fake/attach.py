"""Output of a container: its log so far, and the connection that `docker run` holds."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable

from .containers import Container
from .http import Answer, ApiError, Hijacked, Request, Streamed
from .output import STDERR, STDOUT, Entry

RAW = "application/vnd.docker.raw-stream"
MULTIPLEXED = "application/vnd.docker.multiplexed-stream"
INF = float("inf")


def logs(container: Container, request: Request) -> Answer | Streamed:
    wanted = {source for source, name in ((STDOUT, "stdout"), (STDERR, "stderr")) if request.flag(name)}
    if not wanted:
        raise ApiError(400, "Bad parameters: you must choose at least one stream")
    kind = RAW if container.config.get("Tty") else MULTIPLEXED
    since, until = request.moment_ns("since") or 0, request.moment_ns("until") or INF
    entries = [entry for entry in container.output.entries() if since <= entry.moment_ns <= until]
    tail = request.query.get("tail", "all")
    if tail.isdigit():
        entries = entries[len(entries) - min(int(tail), len(entries)) :]
    with_stamps = request.flag("timestamps")
    begun = b"".join(_said(container, entry, with_stamps) for entry in entries if entry.source in wanted)
    if request.flag("follow"):
        return Streamed(_following_log(container, begun, container.output.count, wanted, with_stamps), kind)
    return Answer(200, begun, {"Content-Type": kind})


async def _following_log(
    container: Container, begun: bytes, sent: int, wanted: set[int], with_stamps: bool
) -> AsyncIterator[bytes]:
    """Each message in a chunk of its own, as dockerd flushes it."""
    yield begun
    while True:
        over = not container.running
        for entry in container.output.entries(sent):
            if entry.source in wanted:
                yield _said(container, entry, with_stamps)
        sent = container.output.count
        if over:
            return
        await asyncio.sleep(0.02)


def _said(container: Container, entry: Entry, with_stamp: bool) -> bytes:
    text = entry.stamp.encode() + b" " + entry.text if with_stamp else entry.text
    return _framed(container, text, entry.source)


async def _following(container: Container, sent: int) -> AsyncIterator[bytes]:
    while True:
        over = not container.running
        while sent < len(container.output.pieces):
            source, data = container.output.pieces[sent]
            sent += 1
            yield _framed(container, data, source)
        if over:
            return
        await asyncio.sleep(0.05)


def attach(container: Container, request: Request, end_input: Callable[[Container], None]) -> Hijacked:
    """Output until the container ends; with a terminal, what is typed comes back as an echo.

    `end_input` is called where the container has no more input than that of who attaches first, and that is over.
    """
    if container.state in ("paused", "restarting"):
        what = "unpause the container before attach" if container.state == "paused" else "wait until it is running"
        raise ApiError(409, f"container {container.id} is {container.state}, {what}")
    sent = 0 if request.flag("logs") else len(container.output.pieces)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        typing = asyncio.ensure_future(_type(container, reader, request.flag("stdin"), end_input))
        try:
            if request.flag("stream"):
                await _until_started(container)
            async for chunk in _following(container, sent):
                writer.write(chunk)
                await writer.drain()
        finally:
            typing.cancel()

    return Hijacked(talk)


async def _until_started(container: Container) -> None:
    """`docker run` attaches first and starts then."""
    while container.state == "created" and not container.exit_code:
        await asyncio.sleep(0.01)


async def _type(
    container: Container, reader: asyncio.StreamReader, has_input: bool, end_input: Callable[[Container], None]
) -> None:
    has_tty = container.config.get("Tty")
    try:
        while data := await reader.read(4096):
            if has_tty and has_input:
                container.output.write(data.replace(b"\r", b"\r\n"))
    finally:
        if has_input and container.config.get("StdinOnce") and not has_tty:
            end_input(container)


def _framed(container: Container, data: bytes, source: int) -> bytes:
    """As it is for a terminal, else with the header that tells stdout from stderr."""
    if container.config.get("Tty") or not data:
        return data
    return struct.pack(">BxxxL", source, len(data)) + data
