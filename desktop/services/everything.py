"""Deletes all that Moorage has on this computer: the machine, its images, the settings."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from desktop.client.connection import SupervisorGone
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError, MoorageError
from desktop.core.paths import Home, MachineFiles, forget_socket_folder
from desktop.core.settings import AtLogin
from desktop.engine.context import DockerContexts
from desktop.machine.process import is_locked

from .autostart import autostart

END_DEADLINE_S = 15.0


async def delete_everything(home: Home) -> None:
    """Ends the machine and deletes it with its settings, guest image, runtime and docker context. No app may run."""
    client = SupervisorClient(home.machine())
    await client.reset(confirmed=True)
    with contextlib.suppress(SupervisorGone):
        await client.quit()
    await _ended(home.machine())
    await asyncio.to_thread(_delete, home)


async def _ended(files: MachineFiles) -> None:
    """A supervisor that has said yes still takes its own files away."""
    try:
        async with asyncio.timeout(END_DEADLINE_S):
            while is_locked(files.supervisor_lock):
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        why = f"{END_DEADLINE_S:.0f} s passed since it was asked"
        raise MachineError("The supervisor does not end", why, "Try again") from error


def _delete(home: Home) -> None:
    """By name: the base folder may be one that holds other things too.

    The machine's data are gone by now: what cannot be deleted holds up nothing else, and is told at the end.
    """
    machine = home.machine()
    folders = (machine.sockets, machine.folder, home.guest, home.runtime)
    files = (home.host_facts, home.window_state, home.crash_log, home.app_lock, home.settings_file)
    asides = [path for name in (f"{home.settings_file.name}.broken-*", "crash.log.*") for path in home.base.glob(name)]
    deletions: tuple[Callable[[], object], ...] = (
        partial(DockerContexts().remove, machine.docker_socket),
        partial(autostart().set, AtLogin.NOTHING),
        *(partial(_delete_path, folder, shutil.rmtree) for folder in folders),
        *(partial(_delete_path, file, Path.unlink) for file in (*files, *asides)),
        partial(forget_socket_folder, home.base),
    )
    failures: list[MoorageError] = []
    for take_away in deletions:
        try:
            take_away()
        except MoorageError as error:
            failures.append(MoorageError(error.what, error.why))  # without "Nothing was changed"
    for folder in (machine.folder.parent, home.base):
        with contextlib.suppress(OSError):  # what is not ours stays, and so do the folders it is in
            folder.rmdir()
    if failures:
        raise MoorageError("Moorage is deleted, but not all of it", " ".join(map(str, failures)))


def _delete_path(path: Path, delete: Callable[[Path], object]) -> None:
    try:
        if os.path.lexists(path):
            delete(path)
    except OSError as error:
        raise MoorageError(f"{path} cannot be deleted", error.strerror or str(error)) from error
