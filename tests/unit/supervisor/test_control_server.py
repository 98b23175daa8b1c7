"""control.sock as a client meets it."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from desktop.core.control import LINE_LIMIT, ConsoleRequest
from desktop.core.errors import NeedsConfirmation
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.supervisor.control_server import ControlServer, Service
from desktop.supervisor.publisher import Publisher
from tests.helpers.log_watch import LogWatch


class Client:
    """Writes requests and reads answers, as bare JSON."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def ask(self, id: int, call: str, **args: Any) -> None:
        self.writer.write(json.dumps({"id": id, "call": call, "args": args}).encode() + b"\n")

    async def answer(self) -> Any:
        async with asyncio.timeout(60):
            line = await self.reader.readline()
        return json.loads(line) if line else None


class Served:
    def __init__(self, files: MachineFiles) -> None:
        self.files = files
        self.publisher = Publisher(MachineStatus())
        self.attached: list[ConsoleRequest] = []
        self.hold = asyncio.Event()
        calls = {"start": self.start, "stop": self.stop, "hang": self.hang, "stumble": self.stumble}
        service = Service(calls, frozenset({"start"}), self.publisher, self.attach)
        self.server = ControlServer(files.control_socket, service)
        self.clients: list[Client] = []

    async def connect(self) -> Client:
        client = Client(*await asyncio.open_unix_connection(self.files.control_socket))
        self.clients.append(client)
        return client

    async def start(self, args: dict[str, Any]) -> MachineStatus:
        self.publisher.move(State.STARTING)
        self.publisher.move(State.RUNNING)
        return self.publisher.status

    async def stop(self, args: dict[str, Any]) -> None:
        raise NeedsConfirmation("The machine does not stop", "30 s passed", "Kill it")

    async def hang(self, args: dict[str, Any]) -> None:
        await self.hold.wait()

    async def stumble(self, args: dict[str, Any]) -> None:
        raise KeyError("fault")

    async def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wish: ConsoleRequest) -> None:
        self.attached.append(wish)
        writer.write(b"frames")


@pytest_asyncio.fixture
async def served(home: Home) -> AsyncIterator[Served]:
    served = Served(home.machine())
    await served.server.open()
    yield served
    await served.server.close()
    for client in served.clients:
        client.writer.close()
        await client.writer.wait_closed()


async def test_verb_is_followed_by_its_statuses_and_ends_with_its_result(served: Served) -> None:
    client = await served.connect()
    client.ask(7, "start")
    first, second, last = [await client.answer() for _ in range(3)]
    assert (first["id"], first["event"], first["data"]["state"]) == (7, "status", "starting")
    assert second["data"]["state"] == "running"
    assert last["result"]["state"] == "running"


async def test_error_crosses_with_its_kind_and_all_its_words(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "stop")
    error = (await client.answer())["error"]
    assert error == {
        "code": "needs_confirmation", "what": "The machine does not stop", "why": "30 s passed", "next_step": "Kill it",
    }  # fmt: skip


async def test_several_calls_at_once_on_one_connection(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "hang")
    client.ask(2, "stop")
    assert (await client.answer())["id"] == 2
    served.hold.set()
    assert (await client.answer())["id"] == 1


async def test_watch_tells_the_state_now_and_each_change(served: Served) -> None:
    client = await served.connect()
    client.ask(3, "watch")
    assert (await client.answer())["data"]["state"] == "stopped"
    served.publisher.move(State.STARTING)
    assert (await client.answer())["data"]["state"] == "starting"


async def test_fault_of_ours_is_answered_and_logged(served: Served, logs: LogWatch) -> None:
    logs.expect("call stumble failed")
    client = await served.connect()
    client.ask(1, "stumble")
    assert "stumbled" in (await client.answer())["error"]["what"]


async def test_unknown_call_is_a_usage_error(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "nonsense")
    assert (await client.answer())["error"]["code"] == "usage"


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"id": "one", "call": "status"}\n', b"x" * (LINE_LIMIT + 2) + b"\n"])
async def test_what_is_no_request_ends_the_connection_with_a_word(served: Served, line: bytes) -> None:
    client = await served.connect()
    client.writer.write(line)
    assert (await client.answer())["error"]["code"] == "usage"
    assert await client.answer() is None


async def test_console_hands_the_stream_over(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "console", replay="vt", cols=100, rows=30)
    assert "error" not in await client.answer()
    assert await client.reader.read() == b"frames"
    assert served.attached == [ConsoleRequest(replay="vt", cols=100, rows=30)]


async def test_console_wish_that_makes_no_sense_is_refused(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "console", cols="wide")
    assert (await client.answer())["error"]["code"] == "usage"


async def test_client_that_leaves_takes_its_calls_along(served: Served) -> None:
    left: list[int] = []
    served.server.left.connect(left.append)
    client = await served.connect()
    client.ask(1, "hang")
    client.ask(2, "watch")
    await client.answer()
    client.writer.close()
    async with asyncio.timeout(60):
        while not left:
            await asyncio.sleep(0.01)
    assert left == [0]
    served.publisher.move(State.STARTING)


async def test_client_that_does_not_read_is_dropped(served: Served) -> None:
    client = await served.connect()
    client.ask(1, "watch")
    await client.answer()
    for number in range(200):
        served.publisher.update(detail=str(number) * 30000)
        await asyncio.sleep(0)
    async with asyncio.timeout(60):
        while served.server.connections:
            await asyncio.sleep(0.01)


async def test_socket_is_private(served: Served) -> None:
    assert stat.S_IMODE(served.files.control_socket.lstat().st_mode) == 0o600
    assert stat.S_IMODE(served.files.control_socket.parent.stat().st_mode) == 0o700
