"""The `moorage` command as a user types it, in a base folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.paths import Home
from desktop.machine.process import is_locked

COMMAND = (sys.executable, "-m", "desktop")


class Moorage:
    """Runs `moorage` words for one base folder."""

    def __init__(self, home: Home, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.files = home.machine()
        self.environment = {**(os.environ if environment is None else environment), "MOORAGE_HOME": str(home.base)}

    def run(self, *words: str, timeout_s: float = 600, check: bool = True) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            [*COMMAND, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )
        if check and result.returncode:
            raise AssertionError(f"moorage {' '.join(words)}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("status", "--json", check=False).stdout)
        return found

    def open(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts the command and leaves it running."""
        return subprocess.Popen([*COMMAND, *words], env=self.environment, stdin=subprocess.DEVNULL)


async def end_supervisor(client: SupervisorClient) -> None:
    """Ends machine and supervisor; returns when nobody writes in the machine's folder any more."""
    while True:
        with contextlib.suppress(SupervisorGone):  # or not there yet: it has its lock before it listens
            await client.kill(confirmed=True)
            await client.quit()
        if not is_locked(client.files.supervisor_lock):
            return
        await asyncio.sleep(0.02)
