"""The record of a running hypervisor: what a supervisor must know to take it over from one that died."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.errors import MachineError
from desktop.core.machine import BootStep

from .forwarding import Forward, Forward6


class LogStarts(msgspec.Struct, frozen=True):
    """Where in the logs this VM's own lines begin, in bytes."""

    console: int = 0
    qemu: int = 0
    engine: int = 0


class Sharing(msgspec.Struct, frozen=True):
    """A host folder that the VM has, and its virtiofsd."""

    path: str
    pid: int
    started_s: float  # start time of the process, as the system tells it


class VmRecord(msgspec.Struct, kw_only=True, frozen=True):
    """Who the hypervisor process is and how it was started. Its lock says whether it lives."""

    uuid: str
    pid: int = 0  # 0: about to be started
    started_s: float = 0.0  # start time of the process, as the system tells it
    booted_at_s: float = 0.0  # on the host's clock that nobody sets (time.monotonic); 0: not known
    is_resumed: bool = False  # from a saved state that is spent: all that its containers hold in memory is in it alone
    is_stopping: bool = False  # it was asked to power off
    running_since: str = ""  # when the engine first answered; empty before
    executable: str = ""
    qemu_version: str = ""
    accelerator: str = ""
    accelerator_reason: str = ""
    guest: str = ""  # the folder of the guest image
    kernel: str = ""  # the guest's `uname -r`
    console: str = "ttyS0"
    cpus: int = 0
    memory_mib: int = 0
    arguments: tuple[str, ...] = ()  # QEMU's, as command.py has them kept: a saved state is resumed with them
    home: str = ""  # the base folder and the sockets' that they name
    sockets: str = ""
    disk: str = ""  # of a saved machine: the mark of its disk
    resume_key: str = ""  # where it differs, a state without arguments cannot be resumed
    settings: dict[str, Any] = {}  # what it took of machine.toml when it was started
    log_starts: LogStarts = LogStarts()
    boot_steps: tuple[BootStep, ...] = ()
    shares: tuple[str, ...] = ()  # host folders that it has
    exported: tuple[str, ...] = ()  # where those lead, if QEMU itself serves them
    sharing: tuple[Sharing, ...] = ()
    passt_pid: int = 0  # 0: its way out is slirp
    passt_started_s: float = 0.0
    name_servers: tuple[str, ...] = ()  # that this host had when passt was started
    is_closed: bool = False  # beside passt, QEMU leads nothing to the host
    host_ports: tuple[int, ...] = ()  # that the guest lets containers reach
    forwards: tuple[Forward, ...] = ()  # of a saved machine: the ports that it had
    forwards6: tuple[Forward6, ...] = ()


def read(path: Path) -> VmRecord | None:
    """The record, or None where there is none that can be understood."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=VmRecord)
    except (OSError, msgspec.MsgspecError):
        return None


def write(path: Path, record: VmRecord) -> None:
    """Puts the record in place whole or not at all."""
    write_atomically(path, msgspec.json.encode(record))


def sync(path: Path) -> None:
    """Sees a file, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes) -> None:
    """For a reader at any moment, not for a power cut: what is kept so is of no use after one.

    MachineError where that cannot be, on a full disk for instance.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.replace(aside, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()  # half of it takes room too
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        next_step = "Make room and start again" if is_full else "Correct that and start again"
        raise MachineError(f"{path} cannot be written", error.strerror or str(error), next_step) from error
