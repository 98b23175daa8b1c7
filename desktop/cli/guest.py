"""`moorage guest`: builds the guest image and the runtime, and carries them to other hosts."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer

from desktop.client.home import default_home
from desktop.services.preferences import Preferences
from desktop.services.setup import Progress, Setup

from .output import run

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@commands.command()
def build(
    mirror: Annotated[str, typer.Option("--mirror", help="A Debian mirror; without it the host's own.")] = "",
    refresh: Annotated[bool, typer.Option("--refresh", help="Build again, for newer packages.")] = False,
) -> None:
    """Build what is missing. Quick where nothing is."""
    preferences = Preferences(default_home())
    setup = Setup(default_home(), preferences.machine.runtime)
    address = mirror or preferences.app.mirror

    async def work(progress: Progress) -> None:
        built = await setup.build(progress, address, refresh)
        for folder in (built.runtime, built.guest):
            if folder is not None:
                print(folder)

    _with_bar(work)


@commands.command()
def export(file: Annotated[Path, typer.Argument(help="The tar file to write.")]) -> None:
    """Write runtime and guest image to one file."""
    setup = Setup(default_home())
    _with_bar(lambda progress: setup.export(file.absolute(), progress))


@commands.command(name="import")
def import_(file: Annotated[Path, typer.Argument(help="A file that `guest export` wrote.")]) -> None:
    """Take in what another host exported; every file is checked."""
    setup = Setup(default_home())

    async def work(progress: Progress) -> None:
        await setup.take_in(file, progress)

    _with_bar(work)


def _with_bar(work: Callable[[Progress], Awaitable[None]]) -> None:
    """Runs with a progress bar where stderr is a terminal, silently elsewhere."""

    async def quiet() -> None:
        await work(lambda step, share: None)

    if not sys.stderr.isatty():
        run(quiet())
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, highlight=False)
    parts = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bar(*parts, console=console, transient=True) as bar:
        task = bar.add_task("looking", total=1.0)

        async def shown() -> None:
            await work(lambda step, share: bar.update(task, description=step, completed=share))

        run(shown())
