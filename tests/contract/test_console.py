"""The console: everyone who attaches sees the same tty, from the power-on on."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from desktop.client.console import ConsoleConnection
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.paths import MachineFiles

DEADLINE_S = 120.0


class Viewer:
    """One that is attached, with all it was sent so far."""

    def __init__(self, connection: ConsoleConnection) -> None:
        self.connection = connection
        self.kinds: list[bytes] = []
        self.text = ""
        self.picture = b""
        self.info: dict[str, Any] = {}
        self.ended = False

    async def read(self) -> None:
        async for kind, payload in self.connection.frames():
            self.kinds.append(kind)
            if kind == frames.INFO:
                self.info = msgspec.json.decode(payload)
            elif kind in (frames.REPLAY, frames.SNAPSHOT):
                self.picture = payload
                self.text += payload.decode(errors="replace") if kind == frames.REPLAY else ""
            elif kind == frames.OUTPUT:
                self.text += payload.decode(errors="replace")
        self.ended = True

    def type(self, text: str) -> None:
        assert self.connection.send(frames.TYPED, text.encode())

    async def until(self, met: Callable[[Viewer], bool], deadline_s: float = DEADLINE_S) -> None:
        end = time.monotonic() + deadline_s
        while not met(self):
            assert time.monotonic() < end, f"not met; seen: {self.kinds} {self.info} {self.text[-500:]!r}"
            await asyncio.sleep(0.01)

    async def until_text(self, text: str) -> None:
        await self.until(lambda viewer: text in viewer.text)


@asynccontextmanager
async def attached(machine: MachineFiles, **wish: Any) -> AsyncIterator[Viewer]:
    request = ConsoleRequest(**{"replay": "vt", "cols": 100, "rows": 30, **wish})
    viewer = Viewer(await ConsoleConnection.attach(machine.control_socket, request))
    reading = asyncio.create_task(viewer.read())
    try:
        await viewer.until(lambda viewer: bool(viewer.info))
        yield viewer
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await viewer.connection.close()


async def test_what_is_typed_comes_back_and_is_answered(machine: MachineFiles) -> None:
    async with attached(machine) as viewer:
        viewer.type("echo con''tract-one\r")
        await viewer.until_text("con''tract-one")
        await viewer.until_text("\ncontract-one")


async def test_late_viewer_sees_what_was_before_and_then_the_rest(machine: MachineFiles) -> None:
    async with attached(machine) as early:
        early.type("echo be''fore\r")
        await early.until_text("\nbefore")
        async with attached(machine) as late:
            assert "before" in late.picture.decode(errors="replace")
            early.type("echo af''ter\r")
            await late.until_text("\nafter")


async def test_picture_asks_the_terminal_nothing(machine: MachineFiles) -> None:
    async with attached(machine) as viewer:
        viewer.type("echo as''ked\r")
        await viewer.until_text("\nasked")
    async with attached(machine) as viewer:
        assert viewer.picture
        assert b"\x1b[6n" not in viewer.picture


async def test_picture_comes_first_for_libghostty_too(machine: MachineFiles) -> None:
    async with attached(machine, replay="snapshot") as viewer:
        assert viewer.kinds[0] in (frames.SNAPSHOT, frames.REPLAY)
        assert viewer.picture


async def test_no_picture_for_one_who_wants_none(machine: MachineFiles) -> None:
    async with attached(machine, replay="none") as viewer:
        assert not viewer.picture
        viewer.type("echo li''ve\r")
        await viewer.until_text("\nlive")


async def test_all_see_what_one_types(machine: MachineFiles) -> None:
    async with attached(machine) as one, attached(machine) as other:
        one.type("echo sha''red\r")
        await asyncio.gather(one.until_text("\nshared"), other.until_text("\nshared"))
        other.type("echo ba''ck\r")
        await asyncio.gather(one.until_text("\nback"), other.until_text("\nback"))


async def test_viewers_are_counted(machine: MachineFiles) -> None:
    async with attached(machine) as stays:
        async with attached(machine):
            await stays.until(lambda viewer: viewer.info["viewers"] == 2)
        await stays.until(lambda viewer: viewer.info["viewers"] == 1)


async def test_read_only_viewer_types_nothing(machine: MachineFiles) -> None:
    async with attached(machine, read_only=True) as looks, attached(machine) as types:
        assert looks.info["read_only"] is True
        looks.type("echo never\r")
        types.type("echo the''end\r")
        await looks.until_text("\ntheend")
        assert "never" not in looks.text


async def test_smallest_viewer_rules_the_size(machine: MachineFiles) -> None:
    async with attached(machine, cols=132, rows=50) as large:
        await large.until(lambda viewer: (viewer.info["cols"], viewer.info["rows"]) == (132, 50))
        async with attached(machine, cols=90, rows=40) as small:
            await large.until(lambda viewer: (viewer.info["cols"], viewer.info["rows"]) == (90, 40))
            small.connection.send(frames.WINDOW, msgspec.json.encode({"cols": 70, "rows": 20}))
            await large.until(lambda viewer: (viewer.info["cols"], viewer.info["rows"]) == (70, 20))
        await large.until(lambda viewer: (viewer.info["cols"], viewer.info["rows"]) == (132, 50))


async def test_size_reaches_the_guest(machine: MachineFiles) -> None:
    async with attached(machine, cols=97, rows=31) as viewer:
        for _ in range(40):
            viewer.type("stty size\r")
            with contextlib.suppress(AssertionError):
                await viewer.until(lambda viewer: "31 97" in viewer.text, 0.5)
                return
    pytest.fail("the guest never heard of 31 rows, 97 columns")


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"cols": "wide"}', b'{"cols": 0, "rows": -5}', b'{"rows": 5}'])
async def test_senseless_size_harms_nobody(machine: MachineFiles, payload: bytes) -> None:
    async with attached(machine) as viewer:
        viewer.connection.send(frames.WINDOW, payload)
        viewer.type("echo st''ill\r")
        await viewer.until_text("\nstill")
        assert viewer.info["cols"] >= 2
        assert viewer.info["rows"] >= 1


async def test_unknown_frames_are_passed_over(machine: MachineFiles) -> None:
    async with attached(machine) as viewer:
        viewer.connection.send(b"?", b"what")
        viewer.type("echo go''on\r")
        await viewer.until_text("\ngoon")


async def test_bytes_that_are_no_frame_end_the_viewer_alone(machine: MachineFiles) -> None:
    async with attached(machine) as stays, attached(machine) as goes:
        goes.connection._connection.writer.write(b"D\xff\xff\xff\xff" + b"x" * 100)
        await goes.until(lambda viewer: viewer.ended)
        stays.type("echo ali''ve\r")
        await stays.until_text("\nalive")


async def test_much_output_reaches_everyone_whole(machine: MachineFiles) -> None:
    async with attached(machine) as one, attached(machine) as other:
        one.type("seq 20000; echo don''e\r")
        await asyncio.gather(one.until_text("\ndone"), other.until_text("\ndone"))
        wanted = "\r\n".join(map(str, range(1, 20001)))
        assert wanted in one.text
        assert wanted in other.text
