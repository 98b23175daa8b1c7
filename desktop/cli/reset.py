"""`moorage reset`: two acts that delete, each of which says what is lost before it does it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from desktop.client.home import default_home
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import NeedsConfirmation
from desktop.services.reset import reset_everything

from .output import Progress, confirmed, fail, run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@commands.command()
def engine(yes: Yes = False) -> None:
    """Delete all containers, images, volumes and build caches. Settings and guest image stay."""
    client = SupervisorClient(default_home().machine())
    _once_confirmed(lambda sure: client.reset(confirmed=sure), yes)


@commands.command()
def everything(yes: Yes = False) -> None:
    """Delete the machine with all its data, the guest image, the runtime, all settings and the docker context."""
    _once_confirmed(lambda sure: reset_everything(default_home(), confirmed=sure), yes)


def _once_confirmed(act: Callable[[bool], Coroutine[Any, Any, object]], yes: bool) -> None:
    try:
        run(act(False))
    except NeedsConfirmation as question:
        if not confirmed(f"{question} Go on?", yes, "Give --yes"):
            fail(question)
    with Progress():
        run(act(True))
