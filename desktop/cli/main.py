"""The moorage command: every verb, its options and its exit codes."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from desktop import __version__
from desktop.client.supervisor import SupervisorClient
from desktop.core.errors import MoorageError, NeedsConfirmation, UsageError
from desktop.core.machine import MachineStatus, State

from . import config, environment, guest, logs, reset
from .failure import NOT_RUNNING
from .machine import Machine, client_of, files_of
from .output import Progress, confirm, fail, is_unread, run, status_text
from .played import played_home
from .window import open_window

commands = typer.Typer(
    add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
commands.add_typer(config.commands, name="config", help="Read and change settings.")
commands.add_typer(guest.commands, name="guest", help="Build, export and import the guest image and the runtime.")
commands.add_typer(reset.commands, name="reset", help="Delete the engine's data, or everything.")

READER_LOOK_S = 0.5

Timeout = Annotated[float | None, typer.Option("--timeout", min=0, help="Give up after so many seconds.", metavar="S")]
Hidden = Annotated[bool, typer.Option("--hidden", help="Start in the tray, no window.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@commands.callback(invoke_without_command=True)
def moorage(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    hidden: Hidden = False,
) -> None:
    """Moorage: a Docker VM of your own. With no words: opens the window."""
    if version:
        print(f"moorage {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        app(hidden=hidden)
    elif hidden:
        fail(UsageError("Only the window starts hidden", "", "`moorage app --hidden`, or `moorage --hidden`"))


@commands.command()
def app(
    machine: Machine = "default",
    hidden: Hidden = False,
    fake: Annotated[bool, typer.Option("--fake", help="Show a machine and an engine that are played.")] = False,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", help="With --fake: a scene to play.", metavar="NAME[=NUMBER]")
    ] = None,
) -> None:
    """The tray app."""
    if not fake:
        raise typer.Exit(open_window(files_of(machine).home, hidden))
    try:
        with played_home(scenario or []) as played:
            code = open_window(played, hidden)
    except MoorageError as error:
        fail(error)
    raise typer.Exit(code)


@commands.command()
def start(
    machine: Machine = "default",
    timeout: Timeout = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print the steps of the boot.")] = False,
) -> None:
    """Boot the machine; done when the engine answers."""
    client = client_of(machine)
    with Progress(verbose) as progress:
        run(client.start(timeout, progress.show))


@commands.command()
def stop(machine: Machine = "default", timeout: Timeout = None, yes: Yes = False) -> None:
    """Shut the machine down; asks before it kills a guest that is late."""
    client = client_of(machine)
    with Progress() as progress:
        late = _unless_asked(lambda: client.stop(timeout, progress.show))
    if late:
        confirm(f"{late} Kill it?", yes)
        run(client.kill())


@commands.command()
def restart(machine: Machine = "default", timeout: Timeout = None, yes: Yes = False) -> None:
    """Stop and start; asks before it kills a guest that is late."""
    client = client_of(machine)
    with Progress() as progress:
        late = _unless_asked(lambda: client.restart(timeout, progress.show))
    if late:
        confirm(f"{late} Kill it?", yes)
        if run(client.latest()).state is State.STOPPING:  # else it was started again before the answer came
            run(client.kill())
        with Progress() as progress:
            run(client.start(timeout, progress.show))


@commands.command()
def kill(machine: Machine = "default", yes: Yes = False) -> None:
    """End the hypervisor at once, in any state. The disk is as after a power cut; a saved state is dropped."""
    client = client_of(machine)
    if suspended := _unless_asked(client.kill):
        confirm(f"{suspended} Kill it?", yes)
        run(client.kill(confirmed=True))


@commands.command()
def suspend(machine: Machine = "default") -> None:
    """Save the machine as it runs and end the hypervisor. Start, resume or a `docker` call brings it back."""
    client = client_of(machine)
    with Progress() as progress:
        run(client.suspend(progress.show))


@commands.command()
def resume(machine: Machine = "default", timeout: Timeout = None) -> None:
    """Bring a suspended machine back; a stopped one boots."""
    start(machine, timeout)


@commands.command()
def status(
    machine: Machine = "default",
    json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Print again at every change.")] = False,
) -> None:
    """What is known of the machine. Exit code 3 where it is not running."""
    client = client_of(machine)
    if watch:
        run(_watch(client, json))
        return
    found = run(client.status(samples=True))
    print_status(found, json)
    if found.state is not State.RUNNING:
        raise typer.Exit(NOT_RUNNING)


@commands.command()
def console(
    machine: Machine = "default",
    read_only: Annotated[bool, typer.Option("--read-only", help="Type nothing")] = False,
    no_status: Annotated[bool, typer.Option("--no-status", help="Leave the last row to the console")] = False,
) -> None:
    """Attach this terminal to the VM's tty. C-a d detaches, C-a ? shows the other keys."""
    from desktop.services.preferences import Preferences

    from .console import attach

    client = client_of(machine)
    run(attach(client, read_only, Preferences(client.files.home).app.console_prefix, not no_status))


@commands.command(name="logs")
def logs_(
    log: Annotated[logs.Log, typer.Argument()] = logs.Log.CONSOLE,
    machine: Machine = "default",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines come.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="So many of the last lines.")] = 200,
) -> None:
    """Show a log: console, engine, supervisor or qemu."""
    try:
        logs.show(logs.path_of(files_of(machine), log), lines, follow)
    except MoorageError as error:
        fail(error)
    except (KeyboardInterrupt, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@commands.command()
def env(
    machine: Machine = "default",
    shell: Annotated[environment.Shell | None, typer.Option("--shell")] = None,
) -> None:
    """Print what to eval so that `docker` talks to the machine."""
    try:
        socket = files_of(machine).docker_socket
    except MoorageError as error:
        fail(error)
    print(environment.lines(shell or environment.users_shell(), str(socket)))


@commands.command()
def doctor(machine: Machine = "default") -> None:
    """Check all that a machine needs, and probe the accelerator again."""
    from .doctor import examine

    if not run(examine(files_of(machine))):
        raise typer.Exit(1)


def print_status(found: MachineStatus, json: bool) -> None:
    if json:
        import msgspec

        print(msgspec.json.encode(found).decode(), flush=True)
    else:
        print(status_text(found), flush=True)


async def _watch(client: SupervisorClient, json: bool) -> None:
    """Until it is interrupted, or nobody reads what is printed."""
    await client.ensure()
    watching = asyncio.create_task(_print_changes(client, json))
    while not is_unread() and not watching.done():
        await asyncio.wait({watching}, timeout=READER_LOOK_S)
    if watching.done():
        watching.result()
    watching.cancel()


async def _print_changes(client: SupervisorClient, json: bool) -> None:
    async for found in client.watch():
        print_status(found, json)


def _unless_asked(verb: Callable[[], Coroutine[Any, Any, MachineStatus]]) -> NeedsConfirmation | None:
    """Runs a verb; the question comes back where that needs a yes."""
    try:
        run(verb())
    except NeedsConfirmation as question:
        return question
    return None
