"""The engine proxy between real sockets: every byte, every end of a connection, every refusal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from desktop.core.errors import MachineError
from desktop.core.paths import Home
from desktop.supervisor.proxy import EngineProxy
from tests.helpers.log_watch import LogWatch

DEADLINE_S = 60.0
Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def go() -> bool:
    return True


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends back what it is sent; once the peer has said all, one word more."""
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.write(b"<end>")


@asynccontextmanager
async def engine(path: Path, served: Served = echo) -> AsyncIterator[None]:
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await served(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            writer.transport.abort()
        writer.close()
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    server = await asyncio.start_unix_server(serve, path, backlog=1024)
    yield
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks)


@asynccontextmanager
async def proxy(home: Home, admit: Callable[[], Awaitable[bool]] = go) -> AsyncIterator[EngineProxy]:
    opened = EngineProxy(home.base / "docker.sock", home.base / "channel.sock", admit)
    await opened.open()
    yield opened
    await opened.close()


async def connect(home: Home) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_unix_connection(home.base / "docker.sock")


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not condition():
            await asyncio.sleep(0.005)


async def test_bytes_pass_unchanged_both_ways(home: Home) -> None:
    payload = os.urandom(3 << 20)
    async with engine(home.base / "channel.sock"), proxy(home):
        reader, writer = await connect(home)
        writer.write(payload)
        assert await reader.readexactly(len(payload)) == payload
        writer.close()


async def test_a_client_that_has_said_all_still_hears_the_answer(home: Home) -> None:
    async with engine(home.base / "channel.sock"), proxy(home) as opened:
        reader, writer = await connect(home)
        writer.write(b"all of it")
        writer.write_eof()
        assert await reader.read() == b"all of it<end>"
        writer.close()
        await until(lambda: opened.connections == 0)


async def test_a_client_may_talk_on_after_the_engine_has_said_all(home: Home) -> None:
    heard = bytearray()

    async def says_little(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        writer.write_eof()
        heard.extend(await reader.read())

    async with engine(home.base / "channel.sock", says_little), proxy(home) as opened:
        reader, writer = await connect(home)
        assert await reader.read() == b"hello"
        writer.write(b"much more")
        writer.close()
        await until(lambda: opened.connections == 0 and bool(heard))
    assert heard == b"much more"


async def test_a_client_that_is_gone_is_gone_for_the_engine_too(home: Home) -> None:
    """Also where it had half-closed before, as `docker run` does: end of file alone would not tell."""
    ended = asyncio.Event()

    async def waits(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.read() == b"attach"
        while not writer.is_closing():  # asyncio closes a writer whose peer is gone
            await asyncio.sleep(0.01)
            writer.write(b".")
        ended.set()

    async with engine(home.base / "channel.sock", waits), proxy(home) as opened:
        reader, writer = await connect(home)
        writer.write(b"attach")
        writer.write_eof()
        await reader.readexactly(3)
        writer.transport.abort()
        await asyncio.wait_for(ended.wait(), DEADLINE_S)
        await until(lambda: opened.connections == 0)


async def test_a_silent_client_that_half_closed_and_left_leaves_nothing_behind(home: Home) -> None:
    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        await asyncio.sleep(3 * DEADLINE_S)

    async with engine(home.base / "channel.sock", says_nothing), proxy(home) as opened:
        _, writer = await connect(home)
        writer.write_eof()
        await until(lambda: opened.connections == 1)
        await asyncio.sleep(0.05)
        assert opened.connections == 1
        writer.transport.abort()
        await until(lambda: opened.connections == 0)


async def test_an_engine_that_breaks_off_breaks_the_client_off(home: Home) -> None:
    async def breaks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.transport.abort()

    async with engine(home.base / "channel.sock", breaks), proxy(home) as opened:
        reader, writer = await connect(home)
        writer.write(b"x")
        assert await reader.read() == b""
        await until(lambda: opened.connections == 0)
        with pytest.raises(ConnectionError):
            for _ in range(100):
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.001)
        writer.close()


async def test_what_was_sent_before_the_end_arrives_at_a_slow_reader(home: Home) -> None:
    payload = os.urandom(2 << 20)

    async def pours(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(payload)

    async with engine(home.base / "channel.sock", pours), proxy(home) as opened:
        with closing(socket.socket(socket.AF_UNIX)) as client:
            client.setblocking(False)
            client.connect(str(home.base / "docker.sock"))
            await asyncio.sleep(0.05)
            got = bytearray()
            while data := await asyncio.get_running_loop().sock_recv(client, 40_000):
                got += data
                await asyncio.sleep(0)
            assert got == payload
        await until(lambda: opened.connections == 0)


async def test_a_client_that_does_not_read_stops_the_engine_instead_of_filling_memory(home: Home) -> None:
    sent = 0

    async def pours(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.transport.set_write_buffer_limits(0)
        while True:
            writer.write(bytes(1 << 16))
            await writer.drain()
            sent += 1 << 16

    async with engine(home.base / "channel.sock", pours), proxy(home):
        _, writer = await connect(home)
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        await until(lambda: sent > 0)
        await asyncio.sleep(0.2)
        stopped_at = sent
        await asyncio.sleep(0.2)
        assert sent == stopped_at < 2 << 20
        other_reader, other = await connect(home)
        assert await other_reader.readexactly(1 << 20) == bytes(1 << 20)
        for each in (writer, other):
            each.close()


async def test_a_thousand_at_once(home: Home) -> None:
    async def call(number: int) -> None:
        reader, writer = await connect(home)
        await everyone.wait()
        writer.write(str(number).encode() * 500)
        writer.write_eof()
        assert await reader.read() == str(number).encode() * 500 + b"<end>"
        writer.close()

    everyone = asyncio.Event()
    async with engine(home.base / "channel.sock"), proxy(home) as opened:
        calls = [asyncio.create_task(call(number)) for number in range(1000)]
        await until(lambda: opened.connections == 1000)
        everyone.set()
        await asyncio.gather(*calls)
        await until(lambda: opened.connections == 0)


async def test_a_channel_with_room_for_one_serves_many(home: Home) -> None:
    """QEMU listens with a queue of one; who finds it full waits for a place."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(home.base / "channel.sock"))
    listener.listen(1)
    listener.setblocking(False)
    async with proxy(home):
        clients = [await connect(home) for _ in range(20)]
        await asyncio.sleep(0.05)
        loop = asyncio.get_running_loop()
        for _ in clients:
            accepted, _ = await asyncio.wait_for(loop.sock_accept(listener), DEADLINE_S)
            await loop.sock_sendall(accepted, b"yes")
            accepted.close()
        assert [await reader.read() for reader, _ in clients] == [b"yes"] * 20
        for _, writer in clients:
            writer.close()
    listener.close()


async def test_without_a_channel_the_client_is_closed(home: Home) -> None:
    async with proxy(home) as opened:
        reader, writer = await connect(home)
        assert await reader.read() == b""
        writer.close()
        assert opened.connections == 0


async def test_who_is_not_admitted_is_closed(home: Home) -> None:
    async def refuse() -> bool:
        return False

    async with engine(home.base / "channel.sock"), proxy(home, refuse):
        reader, writer = await connect(home)
        assert await reader.read() == b""
        writer.close()


async def test_a_call_waits_until_it_is_admitted(home: Home) -> None:
    ready = asyncio.Event()

    async def held() -> bool:
        await ready.wait()
        return True

    async with engine(home.base / "channel.sock"), proxy(home, held) as opened:
        reader, writer = await connect(home)
        writer.write(b"patient")
        writer.write_eof()
        await asyncio.sleep(0.05)
        assert opened.connections == 1
        ready.set()
        assert await reader.read() == b"patient<end>"
        writer.close()


async def test_a_client_that_leaves_while_it_waits_is_forgotten(home: Home) -> None:
    left = asyncio.Event()

    async def held() -> bool:
        try:
            await asyncio.sleep(DEADLINE_S)
        finally:
            left.set()
        return True

    async with engine(home.base / "channel.sock"), proxy(home, held) as opened:
        _, writer = await connect(home)
        writer.write(b"GET /_ping HTTP/1.1\r\n\r\n")  # unread bytes must not hide that it left
        await until(lambda: opened.connections == 1)
        writer.close()
        await asyncio.wait_for(left.wait(), DEADLINE_S)
        await until(lambda: opened.connections == 0)


async def test_a_fault_in_admitting_closes_that_call_only(home: Home, logs: LogWatch) -> None:
    faults = iter((True,))

    async def stumbles() -> bool:
        if next(faults, False):
            raise RuntimeError("stumbled")
        return True

    logs.expect("A call on .* failed")
    async with engine(home.base / "channel.sock"), proxy(home, stumbles):
        reader, writer = await connect(home)
        assert await reader.read() == b""
        writer.close()
        reader, writer = await connect(home)
        writer.write_eof()
        assert await reader.read() == b"<end>"
        writer.close()


async def test_closing_ends_calls_in_every_stage(home: Home) -> None:
    gates = iter((True, False))

    async def first_only() -> bool:
        if not next(gates):
            await asyncio.sleep(DEADLINE_S)
        return True

    async with engine(home.base / "channel.sock"), proxy(home, first_only) as opened:
        running, held = await connect(home), await connect(home)
        running[1].write(b"x")
        assert await running[0].readexactly(1) == b"x"
        await until(lambda: opened.connections == 2)
        await opened.close()
        for reader, writer in (running, held):
            assert await reader.read() == b""
            writer.close()
        assert opened.connections == 0
        assert not (home.base / "docker.sock").exists()


async def test_the_socket_is_its_owners_alone(home: Home) -> None:
    umask = os.umask(0)
    try:
        async with proxy(home):
            assert stat.S_IMODE((home.base / "docker.sock").stat().st_mode) & 0o077 == 0
            assert stat.S_IMODE(home.base.stat().st_mode) == 0o700
    finally:
        os.umask(umask)


async def test_another_users_process_is_turned_away(
    home: Home, logs: LogWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer's uid is the kernel's word; here the word of a socket that says another."""
    logs.expect("another user")
    async with engine(home.base / "channel.sock"), proxy(home):
        real = socket.socket.getsockopt
        foreign = struct.pack("3i", 1, os.getuid() + 4711, 1)
        monkeypatch.setattr(
            socket.socket, "getsockopt",
            lambda self, *what: foreign if what[1] == socket.SO_PEERCRED else real(self, *what), raising=False,
        )  # fmt: skip
        reader, writer = await connect(home)
        assert await reader.read() == b""
        writer.close()


async def test_a_socket_that_nobody_answers_is_replaced(home: Home) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as stale:
        stale.bind(str(home.base / "docker.sock"))
    async with engine(home.base / "channel.sock"), proxy(home):
        reader, writer = await connect(home)
        writer.write_eof()
        assert await reader.read() == b"<end>"
        writer.close()


async def test_a_socket_in_use_a_file_and_a_link_are_left_alone(home: Home, tmp_path: Path) -> None:
    place = home.base / "docker.sock"
    async with proxy(home):
        with pytest.raises(MachineError, match="in use"):
            await EngineProxy(place, home.base / "channel.sock", go).open()
    place.write_text("precious")
    with pytest.raises(MachineError, match="not a socket"):
        await EngineProxy(place, home.base / "channel.sock", go).open()
    assert place.read_text() == "precious"
    place.unlink()
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MachineError, match="not a socket"):
        await EngineProxy(place, home.base / "channel.sock", go).open()


async def test_a_path_too_long_is_said_in_words(home: Home) -> None:
    with pytest.raises(MachineError, match="too long"):
        await EngineProxy(home.base / ("x" * 100) / "docker.sock", home.base / "channel.sock", go).open()


async def test_closing_leaves_a_successors_socket_alone(home: Home) -> None:
    place = home.base / "docker.sock"
    async with proxy(home):
        place.unlink()
        successor = EngineProxy(place, home.base / "channel.sock", go)
        await successor.open()
    assert place.exists()
    await successor.close()
    assert not place.exists()


@asynccontextmanager
async def watched_proxy(home: Home, seen: list[bool]) -> AsyncIterator[EngineProxy]:
    opened = EngineProxy(home.base / "docker.sock", home.base / "channel.sock", go, lambda: seen.append(True))
    await opened.open()
    yield opened
    await opened.close()


async def test_bytes_of_either_direction_are_activity_and_a_silent_stream_is_none(home: Home) -> None:
    seen: list[bool] = []
    speak = asyncio.Event()

    async def events(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await speak.wait()
        writer.write(b"container start")
        await reader.read()

    async with engine(home.base / "channel.sock", events), watched_proxy(home, seen) as opened:
        reader, writer = await connect(home)
        writer.write(b"GET /v1.51/events?until=never HTTP/1.1\r\n\r\n")
        await until(lambda: bool(seen))
        await asyncio.sleep(0.1)
        assert len(seen) == 1 and opened.is_asked
        speak.set()
        assert await reader.readexactly(15) == b"container start"
        assert len(seen) == 2 and not opened.is_asked
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("kind", ["101 UPGRADED", "200 OK"])
async def test_a_stream_in_which_the_client_spoke_last_is_not_asked(home: Home, kind: str) -> None:
    """As a shell that was typed in, and an upload that goes on behind the first words of the answer."""
    seen: list[bool] = []
    heard = bytearray()

    async def attach(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {kind}\r\n\r\n".encode())
        while data := await reader.read(1 << 16):
            heard.extend(data)

    async with engine(home.base / "channel.sock", attach), watched_proxy(home, seen) as opened:
        reader, writer = await connect(home)
        writer.write(b"POST /v1.51/containers/a/attach HTTP/1.1\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        typed = b"cat\n" if kind[0] == "2" else b"GET / HTTP/1.1\r\n\r\n"
        writer.write(typed)
        await until(lambda: heard == typed)
        assert len(seen) == 3 and not opened.is_asked
        writer.close()


async def test_the_next_call_of_a_connection_that_is_kept_asks_again(home: Home) -> None:
    async def one_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await reader.read()

    async with engine(home.base / "channel.sock", one_answer), watched_proxy(home, []) as opened:
        reader, writer = await connect(home)
        for is_answered in (True, False):
            writer.write(b"POST /v1.51/images/prune HTTP/1.1\r\n\r\n")
            if is_answered:
                await reader.readuntil(b"\r\n\r\n")
                assert not opened.is_asked
        await until(lambda: opened.is_asked)
        writer.close()


@pytest.mark.parametrize("call", [b"GET /_ping HTTP/1.1\r\n\r\n", b"HEAD /_ping HTTP/1.1\r\n\r\n", b"nonsense"])
async def test_why_a_machine_is_not_woken_is_told_in_http(home: Home, call: bytes) -> None:
    async def fails() -> bool:
        await asyncio.sleep(0.05)
        raise MachineError("The disk is full", "3 MiB are free", "Make room")

    async with engine(home.base / "channel.sock"), proxy(home, fails) as opened:
        reader, writer = await connect(home)
        await asyncio.sleep(0.2)
        assert opened.connections == 1  # nothing is said before the call: clients would not take it for the answer
        writer.write(call)
        if call == b"nonsense":
            writer.write_eof()
        said = await reader.read()
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ") and b"Api-Version" not in head
        told = {"message": "The disk is full. 3 MiB are free. Make room."}
        assert body == b"" if call.startswith(b"HEAD") else json.loads(body) == told
        writer.close()
        await until(lambda: opened.connections == 0)


async def test_an_upload_that_is_refused_is_told_why_all_the_same(home: Home) -> None:
    async def fails() -> bool:
        raise MachineError("The disk is full")

    async with engine(home.base / "channel.sock"), proxy(home, fails):
        reader, writer = await connect(home)
        writer.write(b"POST /images/load HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + bytes(4 << 20))
        assert b"The disk is full" in await reader.read()
        writer.close()
