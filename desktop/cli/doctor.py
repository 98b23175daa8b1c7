"""`moorage doctor`: looks at everything a machine needs, and has the accelerator probed again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable

from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MoorageError
from desktop.core.paths import MachineFiles
from desktop.core.text import visible, visible_lines
from desktop.engine.context import docker_command, docker_package
from desktop.host.capacity import check_capacity, host_memory_mib
from desktop.machine import ram
from desktop.machine.runtime import exports_folders
from desktop.services.preferences import Preferences
from desktop.services.setup import Setup
from desktop.supervisor.boot import find_runtime, probe_again, this_host
from desktop.supervisor.memory_watch import open_trigger

from .failure import said

LEAST_FREE_MIB = 4096

Check = Callable[[MachineFiles], Awaitable[str]]


async def examine(files: MachineFiles) -> bool:
    """Prints a line for each check; whether all went well comes back."""
    well = True
    for name, check in CHECKS.items():
        try:
            print(f"ok    {name}: {visible(await check(files))}", flush=True)
        except MoorageError as error:
            well = False
            print(f"FAIL  {name}: {visible_lines(said(error))}", flush=True)
    return well


async def _settings(files: MachineFiles) -> str:
    problems = Preferences(files.home).problems
    if problems:
        raise problems[0]
    return "read"


async def _images(files: MachineFiles) -> str:
    setup = Setup(files.home, Preferences(files.home).machine.runtime)
    if problem := await setup.problem():
        raise MoorageError(problem, "", "Run `moorage guest build`")
    return ", ".join(await setup.check())


async def _disk(files: MachineFiles) -> str:
    base = files.home.base
    there = next(folder for folder in (base, *base.parents) if folder.exists())  # nothing was made yet, maybe
    free_mib = await asyncio.to_thread(lambda: shutil.disk_usage(there).free >> 20)
    if free_mib < LEAST_FREE_MIB:
        raise MoorageError(f"Only {free_mib} MiB are free in {base}", "", "Make room")
    return f"{free_mib} MiB free"


async def _memory(files: MachineFiles) -> str:
    settings = Preferences(files.home).machine
    check_capacity(settings)
    of = f"{settings.memory_mib} of {host_memory_mib()} MiB"
    try:
        open_trigger().close()
    except OSError as error:
        return f"{of}. This system does not tell when it is short of more ({error}): the guest keeps its caches then"
    return f"{of}. When this system is short of memory, the guest gives its caches back"


async def _shares(files: MachineFiles) -> str:
    found, _ = await find_runtime(files.home, Preferences(files.home).machine.runtime, this_host())
    if ram.IS_POSSIBLE and "virtiofsd" in found.helpers:
        return "by virtiofsd"
    if await exports_folders(found):
        return "by QEMU itself (9p), which can hide nothing in them: share folders in your home one by one"
    raise MoorageError("No folder can be shared", "this system has no virtiofsd, and its QEMU no 9p")


async def _docker(files: MachineFiles) -> str:
    found = docker_command()
    if found is None:
        raise MoorageError("The docker command is missing", "", docker_package())
    return str(found)


async def _accelerator(files: MachineFiles) -> str:
    choice = await probe_again(files.home, Preferences(files.home).machine)
    return f"{choice.accelerator.value}. {choice.reason}"


async def _machine(files: MachineFiles) -> str:
    status = await SupervisorClient(files).status()
    return f"{status.state}, {status.paths.docker_socket}"


CHECKS: dict[str, Check] = {
    "settings": _settings,
    "runtime and guest image": _images,
    "disk": _disk,
    "memory": _memory,
    "shared folders": _shares,
    "docker command": _docker,
    "accelerator": _accelerator,
    "machine": _machine,
}
