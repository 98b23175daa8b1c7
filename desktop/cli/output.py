"""What the command prints: lines for people, JSON for scripts, progress on a terminal."""

from __future__ import annotations

import asyncio
import select
import sys
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, NoReturn, Self, TypeVar

import typer

from desktop.core.errors import MoorageError, NeedsConfirmation
from desktop.core.machine import BootStep, MachineStatus, State, boot_times
from desktop.core.text import visible, visible_lines

from .failure import INTERRUPTED, report

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a verb to its end; a failure is one line on stderr and its exit code.

    What needs a yes is left to the caller, who can ask.
    """
    try:
        return asyncio.run(work)
    except NeedsConfirmation:
        raise
    except MoorageError as error:
        fail(error)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def fail(error: MoorageError) -> NoReturn:
    raise typer.Exit(report(error))


def confirm(question: str, yes: bool) -> None:
    """Asks on a terminal, and returns after a yes; without one it is an error, unless `--yes` was given."""
    if yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        fail(MoorageError(question, "There is no terminal to ask on", "Give --yes"))
    if not typer.confirm(question, err=True):
        fail(MoorageError("It was not confirmed"))


def is_unread() -> bool:
    """Whether nobody reads our output any more, as after `| head -1`: it would be found out with the next line only."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)
    return bool(output.poll(0))


class Progress:
    """A status line on stderr while a verb runs; silent where stderr is no terminal."""

    def __init__(self, verbose: bool = False) -> None:
        self._verbose = verbose
        self._told: set[BootStep] = set()
        self._spinner: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console

            self._spinner = Console(stderr=True, highlight=False, markup=False).status("…")
            self._spinner.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._spinner is not None:
            self._spinner.__exit__(kind, error, trace)

    def show(self, status: MachineStatus) -> None:
        if self._verbose:
            self._told.intersection_update(status.boot_steps)  # another boot has steps of its own
            for step, took_s in boot_times(status.boot_steps):
                if step not in self._told:  # one that is heard of late stands before others
                    print(f"{step.at_s:7.2f} s  {took_s:+7.2f} s  {visible(step.name)}", file=sys.stderr)
                    self._told.add(step)
        if self._spinner is not None:
            from rich.text import Text

            self._spinner.update(Text(under_way(status)))


def under_way(status: MachineStatus) -> str:
    """What goes on, for who waits."""
    words = [status.state.value, status.detail]
    if status.state is State.STARTING and status.boot_steps:
        words.append(status.boot_steps[-1].name)
    return " · ".join(visible(each) for each in words if each)


def status_text(status: MachineStatus) -> str:
    """The status for people."""
    rows = [("Machine", status.machine), ("State", _state_words(status))]
    hypervisor, vm, engine = status.hypervisor, status.vm, status.engine
    if hypervisor.pid:
        name = f"{hypervisor.name} {hypervisor.version}, {hypervisor.accelerator}, pid {hypervisor.pid}"
        rows.append(("Hypervisor", name))
        rows.append(("", hypervisor.accelerator_reason))
    cpus = "1 CPU" if vm.cpus == 1 else f"{vm.cpus} CPUs"
    rows.append(("VM", f"{cpus}, {vm.memory_mib} MiB memory, disk {vm.disk_used_mib} of {vm.disk_mib} MiB"))
    if vm.restart_for:
        rows.append(("", f"changed since its start, taken at the next one: {', '.join(vm.restart_for)}"))
    if vm.kernel:
        rows.append(("Guest kernel", vm.kernel))
    if engine.reachable:
        running = _running_words(engine.containers_running)
        rows.append(("Engine", f"{engine.version} (API {engine.api_version}){running}"))
    rows.append(("Socket", status.paths.docker_socket))
    rows += [("Warning", warning) for warning in status.warnings]
    return "\n".join(f"{name:<13} {visible_lines(text)}" for name, text in rows if text)


def _running_words(count: int | None) -> str:
    if count is None:
        return ""
    return ", 1 container running" if count == 1 else f", {count} containers running"


def _state_words(status: MachineStatus) -> str:
    since = f" since {status.since}" if status.since else ""
    detail = f"\n{status.detail}" if status.detail else ""
    step = f"\n{status.next_step}" if status.next_step and status.state is State.FAILED else ""
    return f"{status.state}{since}{detail}{step}"
