"""Why a hypervisor ended, in words: asked for, done by the guest itself, or a failure with its last log lines."""

from __future__ import annotations

from enum import IntEnum

from desktop.core.errors import MachineError, MoorageError
from desktop.core.machine import State
from desktop.core.paths import MachineFiles
from desktop.machine.driver import End
from desktop.machine.record import LogStarts, VmRecord

from .logs import size, tail

PANIC_LINES = 12
UNSEEN = "It ended together with its supervisor, as when this computer loses its power"
_PANIC = "Kernel panic"
_LAST_WORDS = {"reboot: Power down": "guest-shutdown", "reboot: Restarting system": "guest-reset"}
_BY_ITSELF = {
    "guest-shutdown": "The guest shut itself down",
    "guest-reset": "The guest restarted itself; Moorage starts it again when asked",
}


class Ending(IntEnum):
    """How a VM is brought to its end: the strongest that was tried decides."""

    BY_ITSELF = 0
    ASKED = 1
    SAVED = 2
    KILLED = 3


def log_starts(files: MachineFiles) -> LogStarts:
    """To be looked up before a VM is started."""
    return LogStarts(size(files.console_log), size(files.qemu_log), size(files.engine_log))


def judge(end: End, state: State, files: MachineFiles, starts: LogStarts) -> MoorageError | str:
    """The failure, or the words for a machine that is simply off."""
    panic = _panic_lines(tail(files.console_log, 1000, starts.console))
    if end.panicked or (end.reason == "guest-reset" and panic):
        return _panicked(panic)
    if state is State.STOPPING and end.reason:
        return ""
    if end.reason in _BY_ITSELF:
        return _BY_ITSELF[end.reason]
    if end.reason == "host-signal":
        return _unexpected("QEMU was told to end by a signal", "")
    return _unexpected(f"QEMU {end.exit_words}" if end.exit_words else "QEMU is gone", qemu_words(files, starts))


def judge_unseen(record: VmRecord, files: MachineFiles) -> MoorageError | str:
    """The same for one that ended while there was no supervisor: all that is known is what the guest printed."""
    printed = tail(files.console_log, 1000, record.log_starts.console)
    reason = next((reason for words, reason in _LAST_WORDS.items() if words in printed), "")
    if reason:
        return judge(End(reason), State.STOPPING if record.is_stopping else State.RUNNING, files, record.log_starts)
    if panic := _panic_lines(printed):
        return _panicked(panic)
    return _unexpected(UNSEEN, qemu_words(files, record.log_starts))


def qemu_words(files: MachineFiles, starts: LogStarts) -> str:
    """What QEMU itself said, without the line that we wrote above it."""
    lines = tail(files.qemu_log, start=starts.qemu).split("\n")
    return "\n".join(line for line in lines if " starting: [" not in line)


def _panic_lines(console: str) -> str:
    """The kernel's words from its panic on; what follows them is a long trace."""
    _, found, rest = console.rpartition(_PANIC)
    return "\n".join((found + rest).split("\n")[:PANIC_LINES]) if found else ""


def _panicked(panic: str) -> MachineError:
    return MachineError("The guest's kernel panicked", panic, "Start the machine again")


def _unexpected(why: str, last_lines: str) -> MachineError:
    return MachineError(
        "The machine stopped unexpectedly", "\n".join(filter(None, (why, last_lines))), "Start it again"
    )
