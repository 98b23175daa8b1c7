"""The `moorage` command as a user types it, in a base folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from desktop.core.paths import Home

COMMAND = (sys.executable, "-m", "desktop")


class Moorage:
    """Runs `moorage` words for one base folder."""

    def __init__(self, home: Home, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.files = home.machine()
        self.environment = {**(os.environ if environment is None else environment), "MOORAGE_HOME": str(home.base)}

    def run(self, *words: str, timeout_s: float = 240, check: bool = True) -> subprocess.CompletedProcess[str]:
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
