"""A small HTTP/1.1 server on unix sockets: just what the Engine API and its clients need."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

BODY_LIMIT = 256 << 20


class ApiError(Exception):
    """An answer of the engine that is no success, in dockerd's own shape."""

    def __init__(self, status: int, message: str, is_plain: bool = False) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.is_plain = is_plain  # as text, for clients from before the API had JSON for it

    def answer(self) -> Answer:
        return Answer(self.status, f"{self.message}\n".encode() if self.is_plain else {"message": self.message})


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    stays: bool = True  # the connection, after the answer
    knows_chunks: bool = True  # since HTTP/1.1

    def flag(self, name: str) -> bool:
        """A boolean as dockerd reads it: absent, empty, 0, no, false and none are false."""
        return self.query.get(name, "").strip().lower() not in ("", "0", "no", "false", "none")

    def moment_ns(self, name: str) -> int | None:
        """Nanoseconds since 1970, as exact as they came: a float of seconds has lost the last of its digits."""
        text = self.query.get(name, "")
        try:
            return int(Decimal(text or 0) * 1_000_000_000) or None
        except (ArithmeticError, ValueError):
            raise ApiError(500, f'strconv.ParseInt: parsing "{text}": invalid syntax') from None

    def json(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body or b"{}")
        except ValueError as error:
            raise ApiError(400, f"invalid JSON: {error}") from error
        return found if isinstance(found, dict) else {}


@dataclass
class Answer:
    """A whole answer. `value` is sent as JSON unless it is bytes already."""

    status: int = 200
    value: Any = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Streamed:
    """An answer in chunks, as they come, until `chunks` ends or the client goes."""

    chunks: AsyncIterator[bytes]
    content_type: str = "application/json"


@dataclass
class Hijacked:
    """The connection leaves HTTP: `talk` has it until it is closed."""

    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


Handler = Callable[[Request], Awaitable[Answer | Streamed | Hijacked]]


class BadRequest(Exception):
    """What came is no HTTP."""


class CutOff(Exception):
    """The connection ends here and now, in the middle of whatever it was."""


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler) -> None:
    """Answers requests until the client goes."""
    try:
        while (request := await _read_request(reader, writer)) is not None:
            if not await _answer(request, reader, writer, handler):
                break
    except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, CutOff):
        pass  # the client went, or is to see a cut
    except BadRequest:
        _write_whole(Request("GET", "", {}, {}), writer, Answer(400, b"400 Bad Request"))
    finally:
        writer.close()


async def _answer(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handler: Handler
) -> bool:
    """Answers one request; False where the connection ends with it."""
    try:
        answer = await handler(request)
    except ApiError as error:
        answer = error.answer()
    if isinstance(answer, Hijacked):
        await _hijack(request, reader, writer, answer)
        return False
    if isinstance(answer, Streamed):
        await _stream(request, reader, writer, answer)
        return False
    _write_whole(request, writer, answer)
    await writer.drain()
    return request.stays


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise
        return None
    first, *lines = head[:-4].decode("latin-1").split("\r\n")
    try:
        method, target, version = first.split(" ")
        url = urlsplit(target)
    except ValueError as error:
        raise BadRequest from error
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    stays = version != "HTTP/1.0" and headers.get("connection", "").lower() != "close"
    body = await _read_body(reader, headers)
    return Request(method, unquote(url.path), query, headers, body, stays, version != "HTTP/1.0")


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(_size(headers.get("content-length") or "0", 10))
    parts: list[bytes] = []
    while size := _size((await reader.readuntil(b"\r\n")).split(b";")[0].decode("latin-1"), 16):
        if size + sum(map(len, parts)) > BODY_LIMIT:
            raise BadRequest
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    while (await reader.readuntil(b"\r\n")) != b"\r\n":
        pass  # trailers
    return b"".join(parts)


def _size(text: str, base: int) -> int:
    try:
        size = int(text, base)
    except ValueError as error:
        raise BadRequest from error
    if not 0 <= size <= BODY_LIMIT:
        raise BadRequest
    return size


def _write_whole(request: Request, writer: asyncio.StreamWriter, answer: Answer) -> None:
    plain = isinstance(answer.value, bytes)
    body = answer.value if plain else msgspec.json.encode(answer.value) + b"\n"
    bodiless = answer.status in (204, 304)
    headers = {"Content-Type": "text/plain; charset=utf-8" if plain else "application/json", **answer.headers}
    if bodiless:
        headers.pop("Content-Type")
    else:
        headers["Content-Length"] = str(len(body))
    writer.write(_head(answer.status, headers) + (b"" if bodiless or request.method == "HEAD" else body))


def _head(status: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Server: Docker/fake (linux)"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _stream(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Streamed
) -> None:
    headers = {"Content-Type": answer.content_type}
    send = _send_plain
    if request.knows_chunks:
        headers["Transfer-Encoding"] = "chunked"
        send = _send_chunks
    writer.write(_head(200, headers))
    await writer.drain()
    sending = asyncio.ensure_future(send(writer, answer.chunks))
    leaving = asyncio.ensure_future(reader.read(1))  # nothing is expected: whatever comes, the client is done
    try:
        await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, leaving):
            task.cancel()
        results = await asyncio.gather(sending, leaving, return_exceptions=True)
    if isinstance(results[0], CutOff):
        writer.transport.abort()


async def _send_chunks(writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        if chunk:
            writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()


async def _send_plain(writer: asyncio.StreamWriter, chunks: AsyncIterator[bytes]) -> None:
    async for chunk in chunks:
        writer.write(chunk)
        await writer.drain()


async def _hijack(
    request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Hijacked
) -> None:
    upgraded = request.headers.get("upgrade", "").lower() == "tcp"
    headers = {"Content-Type": "application/vnd.docker.raw-stream"}
    if upgraded:
        headers |= {"Connection": "Upgrade", "Upgrade": "tcp"}
    writer.write(_head(101 if upgraded else 200, headers))
    await writer.drain()
    await answer.talk(reader, writer)
