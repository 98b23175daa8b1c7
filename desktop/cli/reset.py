"""`moorage reset`: two acts that delete, each of which says what is lost before it does it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from desktop.client.connection import SupervisorGone
from desktop.client.home import default_home
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.paths import Home, MachineFiles
from desktop.core.settings import AtLogin
from desktop.engine.context import DockerContexts
from desktop.machine.process import is_locked
from desktop.services.autostart import autostart

from .output import Progress, confirmed, fail, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

END_DEADLINE_S = 15.0

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@commands.command()
def engine(yes: Yes = False) -> None:
    """Delete all containers, images, volumes and build caches. Settings and guest image stay."""
    client = SupervisorClient(default_home().machine())
    _once_confirmed(lambda sure: client.reset(confirmed=sure), yes)


@commands.command()
def everything(yes: Yes = False) -> None:
    """Delete the machine with all its data, the guest image, the runtime, all settings and the docker context."""
    _once_confirmed(lambda sure: _reset_everything(default_home(), confirmed=sure), yes)


def _once_confirmed(act: Callable[[bool], Coroutine[Any, Any, object]], yes: bool) -> None:
    try:
        run(act(False))
    except NeedsConfirmation as question:
        if not confirmed(f"{question} Go on?", yes, "Give --yes"):
            fail(question)
    with Progress():
        run(act(True))


async def _reset_everything(home: Home, confirmed: bool = False) -> None:
    """Ends the machine and deletes it with its settings, guest image, runtime and docker context."""
    if not confirmed:
        raise NeedsConfirmation(
            "All containers, images and volumes, the guest image, the runtime and every setting will be deleted",
            f"Moorage then is as on its first day; its files are in {home.base}",
            "This cannot be undone",
        )
    if is_locked(home.app_lock):
        raise MachineError("The window is open", "it would write its files again", "Quit it in its tray menu first")
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
    """By name: the base folder may be one that holds other things too."""
    DockerContexts().remove()
    autostart().set(AtLogin.NOTHING)
    machine = home.machine()
    for folder in (machine.sockets, machine.folder, home.guest, home.runtime):
        if folder.exists():
            shutil.rmtree(folder)
    for file in (home.host_facts, home.window_state, home.crash_log, home.app_lock, home.settings_file):
        file.unlink(missing_ok=True)
    for aside in home.base.glob(f"{home.settings_file.name}.broken-*"):
        aside.unlink()
    for folder in (machine.folder.parent, home.base):
        with contextlib.suppress(OSError):  # what is not ours stays, and so do the folders it is in
            folder.rmdir()
