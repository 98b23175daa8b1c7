"""A machine: its states, the legal moves between them, and the status that is published.

The JSON of `MachineStatus` is a promise to scripts (`moorage status --json`): keys are added,
never renamed. `running` means that dockerd itself has answered `_ping` since boot or resume.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from .errors import MachineError
from .paths import MachineFiles


class State(StrEnum):
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    SUSPENDING = "suspending"
    SUSPENDED = "suspended"
    RESUMING = "resuming"
    FAILED = "failed"


LEGAL_MOVES: dict[State, frozenset[State]] = {
    State.STOPPED: frozenset({State.STARTING, State.SUSPENDED, State.RESUMING, State.FAILED}),
    State.STARTING: frozenset({State.RUNNING, State.STOPPING, State.STOPPED, State.FAILED}),
    State.RUNNING: frozenset({State.STOPPING, State.SUSPENDING, State.STOPPED, State.FAILED}),
    State.STOPPING: frozenset({State.STOPPED, State.FAILED}),
    State.SUSPENDING: frozenset({State.SUSPENDED, State.RUNNING, State.STOPPED, State.FAILED}),
    State.SUSPENDED: frozenset({State.RESUMING, State.STOPPED, State.FAILED}),
    State.RESUMING: frozenset(
        {State.RUNNING, State.SUSPENDED, State.STARTING, State.STOPPING, State.STOPPED, State.FAILED}
    ),
    State.FAILED: frozenset({State.STARTING, State.STOPPED}),
}

LIVE = frozenset({State.STARTING, State.RUNNING, State.STOPPING, State.SUSPENDING, State.RESUMING})
"""States in which a hypervisor process exists."""


class Hypervisor(msgspec.Struct, frozen=True, kw_only=True):
    name: str = "qemu"
    version: str = ""
    accelerator: str = ""  # kvm, hvf or tcg; empty until one has been chosen
    accelerator_reason: str = ""  # in words: why this one
    pid: int | None = None
    executable: str = ""  # QEMU's own path, also where the runtime's loader runs it


class Supervisor(msgspec.Struct, frozen=True, kw_only=True):
    pid: int | None = None
    version: str = ""
    rss_mib: float | None = None


class Vm(msgspec.Struct, frozen=True, kw_only=True):
    cpus: int = 0
    memory_mib: int = 0
    disk_mib: int = 0  # the limit
    disk_used_mib: int = 0  # what the host has given to the sparse file
    kernel: str = ""  # the guest's `uname -r`
    uptime_s: float | None = None
    shares: tuple[str, ...] = ()  # host folders that it has
    restart_for: tuple[str, ...] = ()  # keys of machine.toml that were changed, and which it takes at its next start


class Engine(msgspec.Struct, frozen=True, kw_only=True):
    reachable: bool = False
    version: str = ""
    api_version: str = ""
    containers_running: int | None = None


class HostUse(msgspec.Struct, frozen=True, kw_only=True):
    """What the hypervisor process uses on the host; percent of one core, MiB resident."""

    cpu_percent: float | None = None
    rss_mib: float | None = None


class MachinePaths(msgspec.Struct, frozen=True, kw_only=True):
    docker_socket: str = ""
    control_socket: str = ""
    engine_socket: str = ""
    tty: str = ""
    console_log: str = ""
    disk: str = ""
    logs: str = ""


def paths_of(files: MachineFiles) -> MachinePaths:
    return MachinePaths(
        docker_socket=str(files.docker_socket),
        control_socket=str(files.control_socket),
        engine_socket=str(files.engine_socket),
        tty=str(files.tty),
        console_log=str(files.console_log),
        disk=str(files.disk),
        logs=str(files.logs),
    )


ANSWER = "answer"
"""The step with which a boot ends: dockerd answers."""


class BootStep(msgspec.Struct, frozen=True):
    name: str
    at_s: float  # when it was done: seconds since the hypervisor was started


def boot_times(steps: Iterable[BootStep]) -> Iterator[tuple[BootStep, float]]:
    """Each step of a boot with the seconds that it took itself; what comes after its end is left out."""
    before_s = 0.0
    for step in steps:
        yield step, step.at_s - before_s
        if step.name == ANSWER:
            return
        before_s = step.at_s


class MachineStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one machine at one moment."""

    machine: str = "default"
    state: State = State.STOPPED
    since: str = ""  # ISO 8601, UTC, seconds
    detail: str = ""  # failed: why, and the last lines of the log that explains it; else what goes on
    next_step: str = ""  # failed: what to do
    action: str = ""  # failed, or late to stop or to resume: the one act that helps: start, kill, build or settings
    deadline_s: float | None = None  # while something is waited for: seconds it may still take
    hypervisor: Hypervisor = Hypervisor()
    supervisor: Supervisor = Supervisor()
    vm: Vm = Vm()
    engine: Engine = Engine()
    host: HostUse = HostUse()
    paths: MachinePaths = MachinePaths()
    boot_steps: tuple[BootStep, ...] = ()
    warnings: tuple[str, ...] = ()  # lasting facts a user should know: root, emulation, …


LATE_ENGINE = "The engine has not answered since the machine was resumed"
WAITS_FOR_ENGINE = "It is waited for, since its containers are as they were; `moorage kill` ends the machine by force"


def is_late_to_resume(status: MachineStatus) -> bool:
    """Whether it was resumed and its engine does not answer: it may yet, or the user decides."""
    return status.state is State.RESUMING and status.action == "kill"


def not_running(status: MachineStatus) -> MachineError:
    """Why an engine call is refused, for who called `docker`."""
    start = "Start it with `moorage start`"
    if status.state is State.FAILED:
        return MachineError(status.detail.partition("\n")[0], "", status.next_step or start)
    if is_late_to_resume(status):
        return MachineError(LATE_ENGINE, "", WAITS_FOR_ENGINE)
    if status.state in (State.STOPPED, State.STOPPING):
        return MachineError(f"The machine is {status.state}", "", start)
    return MachineError(f"The machine is {status.state}", "", "Try again")  # its supervisor ends, or it just moved on
