"""The client, against a listener on a real control.sock."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from desktop.client import supervisor
from desktop.client.connection import SupervisorGone
from desktop.client.console import ConsoleConnection
from desktop.client.supervisor import SupervisorClient
from desktop.core import control, frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import DeadlineExceeded, MachineError, NeedsConfirmation
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.machine import disk

Answer = Callable[[control.Request], list[bytes]]


@pytest.fixture
def files(tmp_path: Path) -> MachineFiles:
    found = Home(tmp_path).machine()
    found.sockets.mkdir(parents=True, mode=0o700)
    return found


@asynccontextmanager
async def listener(files: MachineFiles, answer: Answer) -> AsyncIterator[None]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if line := await reader.readline():
            for part in answer(control.decode_request(line)):
                writer.write(part)
            with contextlib.suppress(ConnectionError):  # a client may leave in the middle
                await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(serve, files.control_socket):
        yield


async def test_progress_comes_before_the_result(files: MachineFiles) -> None:
    seen: list[State] = []

    def answer(request: control.Request) -> list[bytes]:
        states = (MachineStatus(state=State.STARTING), MachineStatus(state=State.RUNNING))
        events = [control.event_line(request.id, "status", status) for status in states]
        return [*events, control.result_line(request.id, states[1])]

    async with listener(files, answer):
        final = await SupervisorClient(files).start(None, lambda status: seen.append(status.state))
    assert seen == [State.STARTING, State.RUNNING]
    assert final.state is State.RUNNING


async def test_the_latest_status_waits_for_no_engine(files: MachineFiles) -> None:
    asked: list[str] = []

    def answer(request: control.Request) -> list[bytes]:
        asked.append(request.call)
        return [control.event_line(request.id, "status", MachineStatus(state=State.RUNNING))]

    async with listener(files, answer):
        assert (await SupervisorClient(files).latest()).state is State.RUNNING
    assert asked == ["watch"]  # "status" asks the engine first


async def test_the_latest_status_without_a_supervisor_is_stopped(files: MachineFiles) -> None:
    assert (await SupervisorClient(files).latest()).state is State.STOPPED


async def test_error_comes_back_as_its_kind(files: MachineFiles) -> None:
    late = NeedsConfirmation("The guest has not stopped", "30 s passed")
    async with listener(files, lambda request: [control.error_line(request.id, late)]):
        with pytest.raises(NeedsConfirmation, match="30 s passed"):
            await SupervisorClient(files).stop()


async def test_supervisor_that_dies_in_a_call_is_named(files: MachineFiles) -> None:
    async with listener(files, lambda request: [b'{"id": 1, "ev']):
        with pytest.raises(SupervisorGone, match=r"middle of a call\. start\. See `moorage status`"):
            await SupervisorClient(files).start()


@pytest.mark.parametrize("is_heard", [False, True])
async def test_a_call_that_a_dying_supervisor_never_read_goes_to_the_next_one(
    files: MachineFiles, is_heard: bool
) -> None:
    """One that was heard may have done something: it is not made again unasked."""
    calls: list[str] = []

    def answer(request: control.Request) -> list[bytes]:
        calls.append(request.call)
        if len(calls) > 1:
            return [control.result_line(request.id, MachineStatus(state=State.RUNNING))]
        return [control.event_line(request.id, "status", MachineStatus(state=State.STARTING))] if is_heard else []

    async with listener(files, answer):
        with pytest.raises(SupervisorGone) if is_heard else contextlib.nullcontext():
            assert (await SupervisorClient(files).start()).state is State.RUNNING
    assert calls == ["start"] * (1 if is_heard else 2)


async def test_garbage_is_an_error_and_no_traceback(files: MachineFiles) -> None:
    async with listener(files, lambda request: [b"\xff\xfe{]\n"]):
        with pytest.raises(MachineError, match="makes no sense"):
            await SupervisorClient(files).status()


async def test_a_state_that_is_not_known_is_an_error_in_words(files: MachineFiles) -> None:
    """As of a supervisor that is newer than its client."""
    status = {"machine": "default", "state": "dreaming"}

    def answer(request: control.Request) -> list[bytes]:
        return [control.event_line(request.id, "status", status), control.result_line(request.id, status)]

    async with listener(files, answer):
        client = SupervisorClient(files)
        for ask in (client.status, client.latest, client.start):
            with pytest.raises(MachineError, match=r"makes no sense.*dreaming"):
                await ask()


async def test_endless_line_ends_the_call(files: MachineFiles) -> None:
    async with listener(files, lambda request: [b"x" * (3 * control.LINE_LIMIT)]):
        with pytest.raises(MachineError):
            await SupervisorClient(files).status()


async def test_status_of_a_machine_that_never_ran_needs_no_supervisor(files: MachineFiles) -> None:
    status = await SupervisorClient(files).status()
    assert (status.state, status.vm.cpus) == (State.STOPPED, 2)
    assert status.paths.docker_socket == str(files.docker_socket)
    assert not files.control_socket.exists()


async def test_stop_and_kill_of_a_machine_without_supervisor_are_done_at_once(files: MachineFiles) -> None:
    client = SupervisorClient(files)
    assert (await client.stop()).state is State.STOPPED
    assert (await client.kill()).state is State.STOPPED


async def test_watch_yields_until_the_supervisor_ends(files: MachineFiles) -> None:
    seen = []
    async with listener(files, lambda r: [control.event_line(r.id, "status", MachineStatus(state=State.RUNNING))]):
        with pytest.raises(SupervisorGone):
            async for status in SupervisorClient(files).watch():
                seen.append(status.state)
    assert seen == [State.RUNNING]


async def test_console_turns_into_frames_after_the_handshake(files: MachineFiles) -> None:
    def answer(request: control.Request) -> list[bytes]:
        assert request.args["replay"] == "vt"
        replay = frames.encode(frames.REPLAY, b"screen") + frames.encode(frames.OUTPUT, b"live")
        return [control.result_line(request.id) + replay]

    async with listener(files, answer):
        connection = await SupervisorClient(files).console(ConsoleRequest(replay="vt"))
        assert [frame async for frame in connection.frames()] == [(b"V", b"screen"), (b"O", b"live")]
        await connection.close()


async def test_a_supervisor_that_is_stuck_holds_up_nobody_who_leaves(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window with a paste under way could not be quit."""
    monkeypatch.setattr("desktop.client.connection.CLOSE_DEADLINE_S", 0.1)
    may_end, has_ended = asyncio.Event(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = control.decode_request(await reader.readline())
        writer.write(control.result_line(request.id))
        await may_end.wait()
        while await reader.read(1 << 20):
            pass
        writer.close()
        has_ended.set()

    async with await asyncio.start_unix_server(serve, files.control_socket):
        console = await ConsoleConnection.attach(files.control_socket, ConsoleRequest())
        while console.send(frames.TYPED, bytes(1 << 18)):
            pass
        async with asyncio.timeout(60):
            await console.close()
        may_end.set()
        await has_ended.wait()


async def test_a_stopped_machine_has_the_disk_that_it_has(files: MachineFiles) -> None:
    """A lower limit than that holds once its data were deleted; its supervisor would say the same."""
    files.folder.mkdir(parents=True, exist_ok=True)
    disk.prepare(files.disk, files.disk_new, 4096)
    files.config.write_text("disk_mib = 2048\n")
    assert (await SupervisorClient(files).status()).vm.disk_mib == 4096


async def test_a_supervisor_that_hangs_is_told_of(files: MachineFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that was stopped: the system takes calls for it, and the command and the window waited for ever."""
    monkeypatch.setattr(supervisor, "ANSWER_DEADLINE_S", 0.1)
    monkeypatch.setattr(supervisor, "CALL_LOOK_S", 0.1)
    client = SupervisorClient(files)
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(files.control_socket))
        hung.listen()
        asks = (
            client.status, client.latest, lambda: anext(client.watch()), client.start, client.stop, client.restart,
            client.kill, client.suspend, client.reset, client.trim, client.settings_changed, client.quit,
            lambda: client.console(ConsoleRequest()),
        )  # fmt: skip
        for ask in asks:
            with pytest.raises(DeadlineExceeded, match=f"does not answer.*`kill -9 {os.getpid()}`"):
                await ask()


async def test_a_supervisor_that_hangs_in_the_middle_is_told_of_too(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "ANSWER_DEADLINE_S", 0.2)
    monkeypatch.setattr(supervisor, "CALL_LOOK_S", 0.1)
    monkeypatch.setattr(supervisor, "WATCH_LOOK_S", 0.1)
    is_hung = False

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (line := await reader.readline()) and not is_hung:
            id = control.decode_request(line).id
            writer.write(control.event_line(id, "status", MachineStatus(state=State.STARTING)))
        await reader.read()
        writer.close()

    client, heard = SupervisorClient(files), asyncio.Event()
    async with await asyncio.start_unix_server(serve, files.control_socket):
        starting = asyncio.create_task(client.start(on_status=lambda _: heard.set()))
        watch = client.watch()
        assert (await anext(watch)).state is State.STARTING
        await heard.wait()
        watching = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(1)
        assert not starting.done() and not watching.done()  # whoever still tells its status is waited for
        is_hung = True
        for waiting in (starting, watching):
            with pytest.raises(DeadlineExceeded, match="does not answer"):
                await waiting
