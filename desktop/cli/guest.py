"""`moorage guest`: builds the guest image and the runtime, and carries them to other hosts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from desktop.services.preferences import Preferences
from desktop.services.setup import Progress, Setup

from .machine import Machine, files_of
from .output import run

T = TypeVar("T")

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@commands.command()
def build(
    mirror: Annotated[str, typer.Option("--mirror", help="A Debian mirror; without it the host's own.")] = "",
    refresh: Annotated[bool, typer.Option("--refresh", help="Build again, for newer packages.")] = False,
    machine: Machine = "default",
) -> None:
    """Build what is missing. Quick where nothing is."""
    home = files_of(machine).home
    preferences = Preferences(home, machine)
    setup = Setup(home, preferences.machine.runtime)
    address = mirror or preferences.app.mirror

    # Printed when the bar is gone, which would take the lines to stderr with it.
    built = _with_bar(lambda progress: setup.build(progress, address, refresh))
    for folder in (built.runtime, built.guest):
        if folder is not None:
            print(folder)


@commands.command()
def export(file: Annotated[Path, typer.Argument(help="The tar file to write.")], machine: Machine = "default") -> None:
    """Write runtime and guest image to one file."""
    setup = Setup(files_of(machine).home)
    _with_bar(lambda progress: setup.export(file.absolute(), progress))


@commands.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file that `guest export` wrote.")], machine: Machine = "default"
) -> None:
    """Take in what another host exported; every file is checked."""
    setup = Setup(files_of(machine).home)
    _with_bar(lambda progress: setup.take_in(file, progress))


def _with_bar(work: Callable[[Progress], Coroutine[Any, Any, T]]) -> T:
    """Runs with a progress bar where stderr is a terminal and there is something to do, silently elsewhere."""
    if not sys.stderr.isatty():
        return run(work(lambda step, share: None))
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, highlight=False)
    parts = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Bar(*parts, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0, visible=False)
        return run(work(lambda step, share: bar.update(task, description=step, completed=share, visible=True)))
