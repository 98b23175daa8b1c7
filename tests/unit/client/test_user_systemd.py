"""The supervisor as a unit of a real user's systemd, over a QEMU that is played."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles
from desktop.machine.process import is_locked
from tests.helpers.guest import end_process, wait_for
from tests.helpers.played_home import make_played_home
from tests.helpers.user_systemd import can_have_one, user_systemd

pytestmark = pytest.mark.skipif(not can_have_one(), reason="only root has a systemd of its own in namespaces")


@pytest.fixture
def files(home: Home) -> MachineFiles:
    return make_played_home(home)


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    folder = Path(tempfile.mkdtemp(prefix="m-", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with user_systemd(folder) as manager:
        yield manager
    shutil.rmtree(folder)


async def test_qemu_outlives_a_supervisor_that_is_killed_and_is_saved_as_the_session_ends(
    files: MachineFiles, session: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = SupervisorClient(files)
    qemu = (await client.start()).hypervisor.pid
    for _ in range(2):
        status = await client.status()
        assert (status.state, status.hypervisor.pid) == (State.RUNNING, qemu), status.detail
        supervisor = status.supervisor.pid or 0
        assert "/moorage-default-" in Path(f"/proc/{supervisor}/cgroup").read_text()
        await end_process(supervisor, signal.SIGKILL)
    await client.status()  # there is one again
    session.terminate()
    await asyncio.to_thread(session.wait, 120)
    assert files.suspended.exists() and not is_locked(files.vm_lock)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert (await client.status()).state is State.SUSPENDED
    await client.kill(confirmed=True)
    await client.quit()
    await wait_for(lambda: not is_locked(files.supervisor_lock))
