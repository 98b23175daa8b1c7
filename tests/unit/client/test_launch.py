"""Where a user's systemd answers, the supervisor is a unit of its own; else it is in a session of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from desktop.client.supervisor import SupervisorClient
from desktop.client.unit import start_unit
from desktop.core.errors import MachineError
from desktop.core.machine import State
from desktop.core.paths import Home, MachineFiles
from desktop.machine.process import is_locked, take_lock
from tests.helpers.guest import wait_for
from tests.helpers.played_home import make_played_home

# Notes its words, and starts what follows `--` in the background with nothing but what it was told to hand on.
SYSTEMD_RUN = """#!{python}
import os, subprocess, sys
words = sys.argv[1:]
open({notes!r}, "w").write("\\n".join(words))
if {code}:
    sys.exit({code})
names = [word.partition("=")[2] for word in words if word.startswith("--setenv=")]
log = next(word for word in words if word.startswith("--property=StandardOutput=append:")).partition(":")[2]
command = words[words.index("--") + 1:]
environment = {{name: os.environ[name] for name in names}}
with open(log, "ab") as log:
    subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd="/",
                     start_new_session=True)
"""


@pytest.fixture
def files(home: Home) -> MachineFiles:
    return make_played_home(home)


def play_systemd_run(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> Path:
    notes, program = folder / "words", folder / "systemd-run"
    program.write_text(SYSTEMD_RUN.format(python=sys.executable, notes=str(notes), code=code))
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return notes


async def end(client: SupervisorClient) -> None:
    await client.quit()
    await wait_for(lambda: not is_locked(client.files.supervisor_lock))  # nobody writes in the folder any more


async def test_a_unit_that_is_told_to_end_alone_and_given_time(
    files: MachineFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = play_systemd_run(tmp_path, monkeypatch, code=0)
    monkeypatch.setenv("A_SECRET", "not for others to read")
    monkeypatch.setenv("PWD", "/home/jos\udce9")  # systemd would refuse the whole unit
    client = SupervisorClient(files)
    await client.ensure()
    assert (await client.status()).state is State.STOPPED
    words = notes.read_text().splitlines()
    assert words[:1] == ["--user"]
    log = f"append:{files.supervisor_log}"
    for wanted in ("KillMode=process", "TimeoutStopSec=90", "UMask=0077", f"StandardError={log}"):
        assert f"--property={wanted}" in words
    assert "--setenv=PWD" not in words
    assert "--setenv=A_SECRET" in words and "not for others" not in "".join(words)
    assert any(word.startswith("--unit=moorage-default-") for word in words)
    assert "--detach" not in words
    await end(client)


async def test_where_no_systemd_of_the_users_answers_it_is_started_all_the_same(
    files: MachineFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = play_systemd_run(tmp_path, monkeypatch, code=1)
    client = SupervisorClient(files)
    await client.ensure()
    assert notes.exists()
    pid = (await client.status()).supervisor.pid or 0
    assert os.getsid(pid) == pid
    await end(client)


@pytest.mark.parametrize("session", ["", "/proc/1", "/nowhere"])
async def test_the_session_of_another_user_is_left_alone(
    files: MachineFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, session: str
) -> None:
    notes = play_systemd_run(tmp_path, monkeypatch, code=0)
    monkeypatch.setenv("XDG_RUNTIME_DIR", session)
    if session == "/proc/1":
        monkeypatch.setattr("os.getuid", lambda: 4711)
    assert not await start_unit(files, ["true"], os.environ)
    assert not notes.exists()


async def test_one_that_was_killed_and_still_has_its_lock_is_waited_for(
    files: MachineFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    lock = take_lock(files.supervisor_lock)
    assert lock is not None
    client = SupervisorClient(files)
    try:
        ensuring = asyncio.create_task(client.ensure())
        await wait_for(lambda: files.supervisor_log.exists() and "runs already" in files.supervisor_log.read_text())
        assert not ensuring.done()
    finally:
        os.close(lock)
    await ensuring
    await end(client)


async def test_where_there_is_no_systemd_at_all(
    files: MachineFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    client = SupervisorClient(files)
    await client.ensure()
    await end(client)


async def test_a_log_that_cannot_be_written_is_told_in_words(files: MachineFiles) -> None:
    files.supervisor_log.mkdir(parents=True)
    with pytest.raises(MachineError, match=r"supervisor\.log"):
        await SupervisorClient(files).ensure()
