"""The whole supervisor, as its clients meet it, over a QEMU that is played by a process."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator

import pytest

from desktop.client.connection import Connection, SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core import frames
from desktop.core.control import ConsoleRequest
from desktop.core.errors import MachineError, MoorageError
from desktop.core.machine import MachineStatus, State
from desktop.core.paths import Home, MachineFiles
from desktop.engine import ping
from desktop.machine.process import is_locked
from desktop.supervisor import logs
from desktop.supervisor.serve import serve
from tests.helpers.guest import wait_for
from tests.helpers.played_home import make_played_home

DEADLINE_S = 60.0


@pytest.fixture
def files(home: Home) -> MachineFiles:
    return make_played_home(home)


@contextlib.asynccontextmanager
async def supervisor(files: MachineFiles, ended: bool = True) -> AsyncIterator[SupervisorClient]:
    """One that serves; `ended` at the end with its VM, else ended by the test."""
    serving = asyncio.create_task(serve(files, "1.2.3"))
    async with asyncio.timeout(DEADLINE_S):
        while not files.control_socket.exists():
            assert not serving.done(), serving
            await asyncio.sleep(0.01)
        client = SupervisorClient(files)
        yield client
        with contextlib.suppress(SupervisorGone):
            if ended:
                await client.kill()
                await client.quit()
        await serving


async def test_a_file_that_the_system_refuses_has_words_whatever_was_asked(files: MachineFiles) -> None:
    files.vm_lock.mkdir()
    async with supervisor(files, ended=False) as client:
        assert (await client.status()).state is State.FAILED
        for ask in (client.start, client.stop):
            with pytest.raises(MachineError, match=r"vm\.lock: Is a directory.*Correct that"):
                await ask()
        files.vm_lock.rmdir()
        assert (await client.start()).state is State.RUNNING
        await client.kill()
        await client.quit()


def test_the_supervisor_itself_loads_no_terminal_library() -> None:
    """A fault in native code, while it is loaded too, costs the screen keeper and nothing else."""
    look = (
        "import sys, desktop.supervisor.serve, desktop.supervisor.__main__\n"
        "print([name for name in sys.modules if 'ghostty' in name or 'cffi' in name])\n"
        "print('ghostty' in open('/proc/self/maps').read() if sys.platform == 'linux' else False)"
    )
    found = subprocess.run([sys.executable, "-c", look], check=True, capture_output=True, text=True)
    assert found.stdout == "[]\nFalse\n"


async def test_logs_stay_short_also_after_a_disk_that_was_full(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.serve.LOG_LOOK_S", 0.02)
    written = (files.engine_log, files.qemu_log, files.network_log, files.shares_log)
    older = files.engine_log.with_name("engine.log.1")
    async with supervisor(files):
        older.mkdir()  # nothing can be put aside
        for path in written:
            path.touch()
            os.truncate(path, logs.LIMIT_BYTES + 1)
        await wait_for(lambda: all(path.stat().st_size == 0 for path in written[1:]))
        assert written[0].stat().st_size
        older.rmdir()
        await wait_for(lambda: written[0].stat().st_size == 0)


async def test_engine_is_reached_through_both_sockets_and_all_goes_away_with_quit(files: MachineFiles) -> None:
    async with supervisor(files) as client:
        assert (await client.status()).supervisor.version == "1.2.3"
        await client.start()
        for socket in (files.docker_socket, files.engine_socket):
            assert (await ping.version(socket))["Version"] == "28.5.2"
        status = await client.status(samples=True)
        assert (status.engine.reachable, status.engine.containers_running) == (True, 2)
        assert status.host.rss_mib
        assert status.supervisor.rss_mib
        with pytest.raises(MachineError, match="Stop the machine first"):
            await client.quit()
    assert not [path for path in files.folder.iterdir() if path.is_socket() or path.is_symlink()]
    assert not files.vm_record.exists()


async def test_quit_ends_no_supervisor_whose_machine_was_woken_while_it_waited_for_the_disk(
    files: MachineFiles, held_copy: tuple[threading.Event, threading.Event]
) -> None:
    is_copying, may_go = held_copy
    async with supervisor(files) as client:
        await client.start()
        await client.suspend()
        await asyncio.to_thread(is_copying.wait, 60)
        quitting = asyncio.create_task(client.quit())
        await asyncio.sleep(0.2)
        calling = asyncio.create_task(ping.version(files.docker_socket, DEADLINE_S))
        await _until_state(client, State.RESUMING)
        may_go.set()
        with pytest.raises(MachineError, match="Stop the machine first"):
            await quitting
        assert (await calling)["Version"] == "28.5.2"


async def test_engine_call_made_while_starting_is_answered_by_the_engine(files: MachineFiles) -> None:
    async with supervisor(files) as client:
        seen: list[MachineStatus] = []
        watching = asyncio.create_task(_note(client, seen))
        await wait_for(lambda: bool(seen))
        starting = asyncio.create_task(client.start())
        await wait_for(lambda: seen[-1].state is not State.STOPPED)
        assert (await ping.version(files.docker_socket))["Version"] == "28.5.2"
        await starting
        watching.cancel()


async def test_console_shows_what_was_printed_before_and_takes_what_is_typed(files: MachineFiles) -> None:
    async with supervisor(files) as client:
        await client.start()
        console = await client.console(ConsoleRequest(replay="vt"))
        seen = b""
        async for kind, payload in console.frames():
            seen += payload if kind in (frames.REPLAY, frames.OUTPUT) else b""
            if b"booting" in seen:
                break
        console.send(frames.TYPED, b"poweroff\n")
        async for status in client.watch():
            if status.state is State.STOPPED:
                break
        await console.close()


async def test_supervisor_told_to_end_leaves_a_machine_that_is_suspended_on_disk(files: MachineFiles) -> None:
    async with supervisor(files, ended=False) as client:
        await client.start()
        seen: list[MachineStatus] = []
        watching = asyncio.create_task(_note(client, seen))
        await wait_for(lambda: bool(seen))
        os.kill(os.getpid(), signal.SIGTERM)
    await watching
    assert seen[-1].state is State.SUSPENDED  # it was there to be seen
    assert not is_locked(files.vm_lock)
    assert files.suspended.exists() and not files.suspended_new.exists()
    async with supervisor(files) as client:
        assert (await client.status()).state is State.SUSPENDED
        assert (await ping.version(files.docker_socket))["Version"] == "28.5.2"


async def _note(client: SupervisorClient, seen: list[MachineStatus]) -> None:
    with contextlib.suppress(SupervisorGone):
        async for status in client.watch():
            seen.append(status)


async def test_idle_supervisor_ends_but_not_while_a_client_is_there(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.supervisor.serve.IDLE_EXIT_S", {State.STOPPED: 1.0})
    async with supervisor(files, ended=False), Connection(files.control_socket):
        monkeypatch.setattr("desktop.supervisor.serve.IDLE_EXIT_S", {State.STOPPED: 0.2})
        await asyncio.sleep(1.5)
        assert files.control_socket.exists()
    assert not files.control_socket.exists()


async def test_running_machine_keeps_its_supervisor(files: MachineFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    async with supervisor(files) as client:
        async with Connection(files.control_socket):  # somebody who is there while it starts
            monkeypatch.setattr("desktop.supervisor.serve.IDLE_EXIT_S", {State.STOPPED: 0.1})
            await client.start()
        await asyncio.sleep(0.3)
        assert files.control_socket.exists()


async def test_second_supervisor_says_so_and_leaves(files: MachineFiles) -> None:
    words = [sys.executable, "-m", "desktop.supervisor", "--home", str(files.home.base)]
    async with supervisor(files):
        # The lock is taken by the program, not by `serve`.
        first = await asyncio.create_subprocess_exec("flock", "--no-fork", str(files.supervisor_lock), "sleep", "60")
        while not is_locked(files.supervisor_lock):
            await asyncio.sleep(0.01)
        second = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, timeout=60)
        first.kill()
        await first.wait()
    assert second.returncode == 0
    assert "runs already" in second.stderr


async def test_detached_supervisor_is_nobodys_child_and_makes_private_files(files: MachineFiles) -> None:
    words = [sys.executable, "-m", "desktop.supervisor", "--detach", "--home", str(files.home.base)]
    await asyncio.to_thread(subprocess.run, words, check=True, timeout=60)
    client = SupervisorClient(files)
    async with asyncio.timeout(DEADLINE_S):
        while not files.control_socket.exists():
            await asyncio.sleep(0.02)
    pid = (await client.status()).supervisor.pid or 0
    assert os.getsid(pid) == pid
    for path in files.logs.iterdir():
        assert not path.stat().st_mode & 0o077, path
    await client.quit()
    async with asyncio.timeout(DEADLINE_S):
        while is_locked(files.supervisor_lock):
            await asyncio.sleep(0.02)


async def test_neither_a_silent_call_nor_the_apps_own_ones_keep_a_machine_from_sleep(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYED_GUEST", "no-containers")
    monkeypatch.setattr("desktop.supervisor.idle.MINUTE_S", 0.1)
    async with supervisor(files) as client:
        await client.start()
        files.config.write_text(files.config.read_text() + "suspend_after_min = 5\n")
        await client.settings_changed()
        _, silent = await asyncio.open_unix_connection(files.docker_socket)
        while (await client.status()).state is not State.SUSPENDED:
            with contextlib.suppress(MoorageError):  # it is just going to sleep
                await ping.version(files.engine_socket)
            await asyncio.sleep(0.05)
        silent.close()
        assert (await ping.version(files.docker_socket))["Version"] == "28.5.2"
        for _ in range(10):
            await asyncio.sleep(0.1)
            await ping.version(files.docker_socket)
        assert (await client.status()).state is State.RUNNING
        await client.kill()


async def _until_state(client: SupervisorClient, state: State) -> None:
    async with asyncio.timeout(DEADLINE_S):
        async for status in client.watch():
            if status.state is state:
                return
