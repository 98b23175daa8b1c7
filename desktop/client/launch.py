"""Starts the supervisor of a machine: as a unit of the user's systemd, else in a session of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles, make_folders

from .unit import start_unit

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


async def launch(files: MachineFiles) -> None:
    """Returns when the new process has left ours; that it answers is for the caller to see.

    A second one is harmless: the supervisor's lock lets one live.
    """
    make_folders(files)
    what = "The supervisor did not start"
    try:
        code = await _started(files)
    except OSError as error:  # a log that is root's, a full disk
        raise MachineError(what, f"{files.supervisor_log}: {error.strerror or error}") from error
    if code != 0:
        raise MachineError(what, f"it ended with code {code}", f"Its words are in {files.supervisor_log}")


async def _started(files: MachineFiles) -> int:
    """The exit code of what begins it."""
    command = [sys.executable, "-m", "desktop.supervisor", "--home", str(files.home.base), "--machine", files.name]
    descriptor = os.open(files.supervisor_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if await start_unit(files, command, _environment()):
            return 0
        process = await asyncio.create_subprocess_exec(
            *command, "--detach",
            stdin=asyncio.subprocess.DEVNULL, stdout=descriptor, stderr=descriptor,
            cwd="/", env=_environment(),
        )  # fmt: skip
    finally:
        os.close(descriptor)
    return await process.wait()


def _environment() -> dict[str, str]:
    """Ours, and the package findable from a checkout too."""
    known = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(_PACKAGE_ROOT), known)))}
