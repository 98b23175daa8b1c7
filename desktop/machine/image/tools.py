"""Runs the host's build tools: their absence has a word, and a cancelled build ends them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import ImageError

from .recipe import HostNeeds

END_GRACE_S = 2.0
_SBIN = "/usr/sbin:/sbin"  # where Debian keeps mkfs.erofs; not on an ordinary user's PATH
_ERRORS = ("E:", "W: GPG error")
_SCAFFOLDING = ("E: mmdebstrap failed", "E: apt-get ", "E: apt download failed", "E: Some index files failed")


@dataclass(frozen=True)
class Tool:
    program: str
    doing: str
    """What it is run for, as in "fetching Debian packages"."""
    next_step: str = ""


def missing_packages(needs: HostNeeds) -> dict[str, str]:
    """Tools and files that a build needs and this host lacks, each with the package that brings it."""
    absent = {tool: package for tool, package in needs.tools.items() if _find(tool) is None}
    absent.update({file: package for file, package in needs.files.items() if not os.path.exists(file)})
    return absent


def require_tools(needs: HostNeeds) -> None:
    absent = missing_packages(needs)
    if absent:
        packages = " ".join(sorted(set(absent.values())))
        raise ImageError(
            "This host cannot build the guest yet",
            f"It lacks {', '.join(sorted(absent))}",
            f"Install {packages}, or bring a build from another host with `moorage guest import FILE`",
        )


def require_room(folder: Path, needed_mib: int) -> None:
    """Refuses before anything is fetched where the disk has no room for it."""
    free_mib = shutil.disk_usage(folder).free >> 20
    if free_mib < needed_mib:
        raise ImageError(
            "There is not enough room to build",
            f"It takes {needed_mib} MiB for a while, and {folder} has {free_mib} MiB",
            "Make room, or set MOORAGE_HOME to a folder on a larger disk",
        )


async def run(tool: Tool, words: list[str]) -> str:
    """Runs `tool` to its end and returns what it said; ends it, and all it started, when cancelled."""
    program = _find(tool.program)
    if program is None:
        raise ImageError(f"The program {tool.program} is missing", f"It is needed for {tool.doing}")
    # A task of its own: a start that is cancelled half-way would leave behind what the tool has started.
    starting = asyncio.ensure_future(_start(program, words))
    try:
        process = await asyncio.shield(starting)
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        await _end(await starting)
        raise
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise ImageError(f"{tool.program} failed while {tool.doing}", _last_words(text), tool.next_step)
    return text


async def _start(program: str, words: list[str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        program,
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PATH": f"{os.environ.get('PATH', '')}:{_SBIN}"},
        start_new_session=True,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    for ask in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, ask)
        except ProcessLookupError:
            return
        try:
            await asyncio.wait_for(process.communicate(), END_GRACE_S)
        except TimeoutError:
            continue


def _last_words(text: str) -> str:
    """What a tool said went wrong; of mmdebstrap's tower of commands only what is not its own scaffolding."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(_ERRORS) and not line.startswith(_SCAFFOLDING)]
    return "\n".join((list(dict.fromkeys(errors)) or lines)[-4:])


def _find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:{_SBIN}")
