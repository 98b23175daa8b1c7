"""`moorage reset`: two acts that delete, each of which says what is lost before it does it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from desktop.core.errors import MachineError, NeedsConfirmation
from desktop.core.paths import Home
from desktop.machine.process import is_locked
from desktop.services.everything import delete_everything

from .machine import Machine, client_of, files_of
from .output import Progress, confirm, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@commands.command()
def engine(machine: Machine = "default", yes: Yes = False) -> None:
    """Delete all containers, images, volumes and build caches. Settings and guest image stay."""
    client = client_of(machine)
    _once_confirmed(lambda sure: client.reset(confirmed=sure), yes)


@commands.command()
def everything(machine: Machine = "default", yes: Yes = False) -> None:
    """Delete the machine with all its data. Guest image, runtime, settings and the docker context go too."""
    home = files_of(machine).home
    _once_confirmed(lambda sure: _everything(home, confirmed=sure), yes)


async def _everything(home: Home, confirmed: bool) -> None:
    if not confirmed:
        raise NeedsConfirmation(
            "All containers, images and volumes, the guest image, the runtime and every setting will be deleted",
            f"Moorage then is as on its first day; its files are in {home.base}",
            "This cannot be undone",
        )
    if is_locked(home.app_lock):
        raise MachineError("The window is open", "it would write its files again", "Quit it in its tray menu first")
    await delete_everything(home)


def _once_confirmed(act: Callable[[bool], Coroutine[Any, Any, object]], yes: bool) -> None:
    try:
        run(act(False))
    except NeedsConfirmation as question:
        confirm(f"{question} Go on?", yes)
    with Progress():
        run(act(True))
