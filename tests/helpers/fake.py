"""The fake that ships, started as a process of its own, as the app starts it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from desktop.client.connection import Connection
from desktop.core.paths import Home, MachineFiles

_ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def fake_machine(home: Home, *words: str) -> Iterator[MachineFiles]:
    """A pretended machine in `home`, listening when this is entered and gone when it is left."""
    command = [sys.executable, "-m", "desktop.fake", "--home", str(home.base), "--until-eof", *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=_ROOT)
    assert process.stdin is not None and process.stdout is not None
    with process.stdout, process.stdin:
        assert process.stdout.readline().startswith(b"ready ")
        try:
            yield home.machine()
        finally:
            process.stdin.close()
            try:
                process.wait(60)
            finally:
                process.kill()
                process.wait()
    assert process.returncode == 0


async def play(files: MachineFiles, scenario: str) -> None:
    """Plays a scene on a fake that runs."""
    async with Connection(files.control_socket) as connection:
        async for _ in connection.replies("fake", scenario=scenario):
            pass
