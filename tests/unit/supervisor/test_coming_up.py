"""The wait for an engine, with its deadline and its reasons to give up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from desktop.core.errors import DeadlineExceeded, ImageError, MachineError
from desktop.core.machine import BootStep
from desktop.core.paths import Home, MachineFiles, private_folder
from desktop.supervisor.coming_up import ComingUp


@pytest.fixture
def files(home: Home) -> MachineFiles:
    found = home.machine()
    private_folder(found.logs)
    return found


@contextlib.asynccontextmanager
async def engine(files: MachineFiles, *answers: bytes) -> AsyncIterator[list[bytes]]:
    """Gives one answer after the other, and then none."""
    calls: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):  # who is given up leaves without a word
            calls.append(await reader.readuntil(b"\r\n\r\n"))
            if len(calls) <= len(answers):
                writer.write(answers[len(calls) - 1])
            else:
                await reader.read()
        writer.close()

    async with await asyncio.start_unix_server(serve, files.channel_socket):
        yield calls


GOOD = b"HTTP/1.0 200 OK\r\n\r\nOK"


async def test_only_the_engines_own_answer_ends_the_wait(files: MachineFiles) -> None:
    async with engine(files, b"", b"HTTP/1.0 503 Not yet\r\n\r\n", GOOD) as calls:
        coming_up = ComingUp(files, 10)
        coming_up.on_step(BootStep("network", 1.0))
        await coming_up.wait()
    assert len(calls) == 3
    assert calls[0].startswith(b"GET /_ping HTTP/1.0\r\n")


async def test_deadline_brings_the_guests_own_last_lines(files: MachineFiles) -> None:
    files.engine_log.write_text("dockerd: cannot open the sky\n")
    async with engine(files):
        coming_up = ComingUp(files, 0.2)
        coming_up.on_step(BootStep("network", 1.0))
        with pytest.raises(DeadlineExceeded, match="cannot open the sky"):
            await coming_up.wait()


async def test_console_speaks_where_the_engine_said_nothing(files: MachineFiles) -> None:
    files.engine_log.write_text("dockerd: of an earlier boot\n")
    files.console_log.write_text("moorage: something else\n")
    with pytest.raises(DeadlineExceeded, match="something else") as caught:
        await ComingUp(files, 0.1, files.engine_log.stat().st_size).wait()
    assert "earlier boot" not in str(caught.value)


async def test_guest_that_says_it_failed_is_not_waited_for(files: MachineFiles) -> None:
    coming_up = ComingUp(files, 10)
    coming_up.on_step(BootStep("failed the data disk /dev/vdb cannot be mounted", 1.0))
    with pytest.raises(MachineError, match="cannot be mounted") as caught:
        await coming_up.wait()
    assert str(files.disk) in caught.value.next_step


async def test_engine_that_ends_again_and_again_is_not_waited_for(files: MachineFiles) -> None:
    coming_up = ComingUp(files, 10)
    for _ in range(3):
        coming_up.on_step(BootStep("restarted dockerd, which ended with status 1", 1.0))
    with pytest.raises(MachineError, match="3 times") as caught:
        await coming_up.wait()
    assert "machine.toml" in caught.value.next_step


async def test_a_fault_of_ours_is_no_answer(files: MachineFiles) -> None:
    async def stumbles() -> None:
        raise ValueError("of ours")

    with pytest.raises(ValueError, match="of ours"):
        await ComingUp(files, 5)._refused_or(stumbles())


async def test_damage_ends_the_wait_even_where_the_engine_answers(files: MachineFiles) -> None:
    async def damaged() -> None:
        raise ImageError("The guest image is damaged")

    async with engine(files):
        coming_up = ComingUp(files, 10)
        coming_up.on_step(BootStep("network", 1.0))
        with pytest.raises(ImageError, match="damaged"):
            await coming_up.wait(damaged)


async def test_the_deadline_stands_still_while_the_guest_checks_its_disk(files: MachineFiles) -> None:
    """A large one may take longer than a start has, and a check that is broken off begins again with the next start."""
    async with engine(files):
        coming_up = ComingUp(files, 0.2)
        coming_up.on_step(BootStep("check", 1.0))
        waiting = asyncio.create_task(coming_up.wait())
        coming_up.pause(True)
        coming_up.pause(False)  # the host has room again, and that alone
        await asyncio.sleep(0.4)
        assert not waiting.done()
        coming_up.on_step(BootStep("disk", 9.0))
        with pytest.raises(DeadlineExceeded):
            await waiting


async def test_the_deadline_stands_still_with_the_guest(files: MachineFiles) -> None:
    async with engine(files):
        coming_up = ComingUp(files, 0.2)
        coming_up.on_step(BootStep("network", 1.0))
        coming_up.pause(True)  # before the wait begins, too
        waiting = asyncio.create_task(coming_up.wait())
        await asyncio.sleep(0.4)
        assert not waiting.done()
        coming_up.pause(False)
        with pytest.raises(DeadlineExceeded):
            await waiting
        coming_up.pause(True)  # nobody waits any more
