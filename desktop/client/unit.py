"""The supervisor as a unit of the user's systemd: told to end with the session, alone, and given time for it.

In the session's own unit, QEMU would be ended beside it, before the machine is saved.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Mapping, Sequence

from desktop.core.paths import MachineFiles
from desktop.core.text import encodable
from desktop.machine.process import kill_child

DEADLINE_S = 10.0
PROPERTIES = (
    "KillMode=process",  # QEMU is the supervisor's to end, and lives on where that was killed
    "TimeoutStopSec=90",
    "OOMPolicy=continue",
    "UMask=0077",
    "WorkingDirectory=/",
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


async def start_unit(files: MachineFiles, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a user's systemd is there and has started the command."""
    if not _has_session(environment):
        return False
    words = [*unit_words(files, environment), "--", *command]
    try:
        process = await asyncio.create_subprocess_exec(
            *words, env=dict(environment), cwd="/",
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return False  # no systemd
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await process.wait() == 0
    except TimeoutError:
        return False  # should it start yet, the supervisor's lock lets one live
    finally:
        if process.returncode is None:
            kill_child(process)
            await process.wait()


def _has_session(environment: Mapping[str, str]) -> bool:
    """Root by `sudo -E` has the session of another, whose systemd would start the supervisor as that one."""
    try:
        return os.stat(environment.get("XDG_RUNTIME_DIR", "")).st_uid == os.getuid()
    except OSError:
        return False


def _can_be_handed_on(name: str, value: str) -> bool:
    """systemd refuses all where one of them is no UTF-8, as that of a current folder may be."""
    return _NAME.fullmatch(name) is not None and encodable(value) == value


def unit_words(files: MachineFiles, environment: Mapping[str, str]) -> list[str]:
    """The name is a new one each time: while a QEMU lives whose supervisor was killed, its unit is still there.

    Variables go by name alone: others can read a command line.
    """
    log = f"append:{files.supervisor_log}"
    return [
        "systemd-run", "--user", "--quiet", "--collect", "--service-type=exec",
        f"--unit=moorage-{files.name}-{os.getpid()}-{time.monotonic_ns()}",
        f"--description=Moorage: the machine {files.name}",
        *(f"--property={words}" for words in (*PROPERTIES, f"StandardOutput={log}", f"StandardError={log}")),
        *(f"--setenv={name}" for name in sorted(environment) if _can_be_handed_on(name, environment[name])),
    ]  # fmt: skip
