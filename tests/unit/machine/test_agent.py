"""The guest agent's client, against a listener that answers as qemu-ga does."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from desktop.core.errors import DeadlineExceeded, MachineError
from desktop.machine.agent import Agent

Reply = Callable[[dict[str, Any]], bytes]


def line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


@asynccontextmanager
async def guest(path: Path, reply: Reply) -> AsyncIterator[list[str]]:
    """A guest whose line still holds the end of an answer to somebody before us."""
    calls: list[str] = []
    served: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        writer.write(b'99}}\n{"return": {}}\n')
        while got := await reader.readline():
            call = json.loads(got.lstrip(b"\xff"))
            calls.append(call["execute"])
            if call["execute"] == "guest-sync-delimited":
                writer.write(b"\xff" + line({"return": call["arguments"]["id"]}))
            else:
                writer.write(reply(call))
        writer.close()

    async with await asyncio.start_unix_server(serve, path):
        yield calls
        async with asyncio.timeout(60):
            await asyncio.gather(*served)


async def test_old_answers_are_thrown_away(tmp_path: Path) -> None:
    async with guest(tmp_path / "a", lambda call: line({"return": {"version": "10"}})) as calls:
        agent = Agent(tmp_path / "a")
        assert await agent.call("guest-info") == {"version": "10"}
        assert await agent.call("guest-info") == {"version": "10"}
        agent.close()
    assert calls == ["guest-sync-delimited", "guest-info", "guest-info"]


async def test_silence_ends_at_the_deadline_and_the_next_call_begins_anew(tmp_path: Path) -> None:
    def reply(call: dict[str, Any]) -> bytes:
        return b"" if call["execute"] == "guest-ping" else line({"return": "second"})

    async with guest(tmp_path / "a", reply) as calls:
        agent = Agent(tmp_path / "a")
        with pytest.raises(DeadlineExceeded, match="guest-ping"):
            await agent.ping(0.5)
        assert await agent.call("guest-info") == "second"
        agent.close()
    assert calls.count("guest-sync-delimited") == 2


async def test_the_wait_for_another_call_ends_at_the_deadline_too(tmp_path: Path) -> None:
    async with guest(tmp_path / "a", lambda call: b"") as calls:
        agent = Agent(tmp_path / "a")
        long = asyncio.create_task(agent.call("guest-fstrim", 2))
        while "guest-fstrim" not in calls:
            await asyncio.sleep(0.01)
        with pytest.raises(DeadlineExceeded, match="guest-ping"):
            await agent.ping(0.1)
        assert not long.done()  # nor is it disturbed
        with pytest.raises(DeadlineExceeded, match="guest-fstrim"):
            await long
    assert "guest-ping" not in calls


async def test_refusal_has_the_agents_words(tmp_path: Path) -> None:
    refusal = {"error": {"class": "GenericError", "desc": "no such command"}}
    async with guest(tmp_path / "a", lambda call: line(refusal)):
        agent = Agent(tmp_path / "a")
        with pytest.raises(MachineError, match="no such command"):
            await agent.call("guest-nonsense")
        agent.close()


async def test_program_in_the_guest_returns_what_it_printed(tmp_path: Path) -> None:
    statuses = iter([{"exited": False}, {"exited": True, "exitcode": 3, "out-data": "b3V0", "err-data": "ZXJy"}])

    def reply(call: dict[str, Any]) -> bytes:
        if call["execute"] == "guest-exec":
            assert call["arguments"] == {"path": "/bin/ls", "arg": ["-l", "/"], "capture-output": True}
            return line({"return": {"pid": 7}})
        return line({"return": next(statuses)})

    async with guest(tmp_path / "a", reply):
        agent = Agent(tmp_path / "a")
        finished = await agent.execute("/bin/ls", "-l", "/")
        agent.close()
    assert (finished.exit_code, finished.output, finished.errors) == (3, b"out", b"err")


async def test_calls_at_once_take_turns(tmp_path: Path) -> None:
    async with guest(tmp_path / "a", lambda call: line({"return": call["arguments"]["n"]})):
        agent = Agent(tmp_path / "a")
        assert await asyncio.gather(*(agent.call("echo", n=n) for n in range(5))) == [0, 1, 2, 3, 4]
        agent.close()


async def test_agent_without_a_socket_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be reached"):
        await Agent(tmp_path / "none").ping()


async def test_shutdown_does_not_wait_for_an_answer(tmp_path: Path) -> None:
    async with guest(tmp_path / "a", lambda call: b"") as calls:
        agent = Agent(tmp_path / "a")
        await agent.shutdown()
        async with asyncio.timeout(60):
            while calls[-1:] != ["guest-shutdown"]:
                await asyncio.sleep(0.01)
        agent.close()


@pytest.mark.parametrize(
    "answer",
    [b"5\n", b"[]\n", b'{"return": 5}\n', b'{"return": {"pid": "x"}}\n', b'{"error": "no"}\n', b'{"return": {}}\n'],
)
async def test_an_answer_of_a_guest_that_makes_no_sense_is_an_error_in_words(tmp_path: Path, answer: bytes) -> None:
    async with guest(tmp_path / "a", lambda call: answer):
        agent = Agent(tmp_path / "a")
        with pytest.raises(MachineError, match="agent"):
            await agent.execute("/bin/true")
        agent.close()


async def test_what_a_program_in_the_guest_says_is_short_and_harmless_in_words(tmp_path: Path) -> None:
    said = base64.b64encode(b"\x1b[2J" + b"x" * 1_000_000).decode()

    def reply(call: dict[str, Any]) -> bytes:
        return line({"return": {"pid": 7, "exited": True, "exitcode": 1, "err-data": said}})

    async with guest(tmp_path / "a", reply):
        agent = Agent(tmp_path / "a")
        finished = await agent.execute("/bin/false")
        agent.close()
    assert len(finished.errors) > 1_000_000
    assert finished.words.startswith("<U+001B>[2J") and len(finished.words) <= 320


async def test_a_shutdown_that_was_not_heard_leaves_no_half_synchronised_line(tmp_path: Path) -> None:
    """The next call would read what the shutdown waited for."""
    synced: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while got := await reader.readline():
            call = json.loads(got.lstrip(b"\xff"))
            synced.append(writer)
            if len(synced) > 1:
                mark = call.get("arguments", {}).get("id")
                writer.write(b"\xff" + line({"return": mark}) if mark else line({"return": {}}))
        writer.close()

    async with await asyncio.start_unix_server(serve, tmp_path / "a"):
        agent = Agent(tmp_path / "a")
        shutting = asyncio.create_task(agent.shutdown())
        while not synced:
            await asyncio.sleep(0.01)
        shutting.cancel()
        await asyncio.wait({shutting})
        await agent.ping()
        agent.close()
    assert synced[0] is not synced[1]
