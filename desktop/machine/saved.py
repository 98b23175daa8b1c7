"""A suspended machine on disk: its devices, its memory, and what they belong to. Whole, or not there.

Nothing is resumed twice: who lets a guest go on makes sure first that no saved state is left.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

import msgspec

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles

from . import ram
from .ram import Extent, Unusable
from .record import VmRecord, sync, write_atomically
from .threads import Stop

STATE = "state"
_MEMORY = "ram"
_RECORD = "record.json"
SPARE_MIB = 16  # which settling leaves to others
ASIDE = "suspended.aside-"
ASIDE_DAYS = 7


class SavedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a saved state belongs to, and how to tell that it is whole."""

    vm: VmRecord
    state_sha256: str = ""
    extents: list[Extent] = []


def begin(files: MachineFiles) -> Path:
    """Makes room for a new state; where the devices are to be written."""
    shutil.rmtree(files.suspended_new, ignore_errors=True)
    clear(files)
    files.suspended_new.mkdir(mode=0o700)
    return files.suspended_new / STATE


def state_of(files: MachineFiles) -> Path:
    """The devices of a machine whose memory is at hand, settled or not."""
    return (files.suspended if files.suspended.exists() else files.suspended_new) / STATE


def abandon(files: MachineFiles) -> None:
    """Deletes what `begin` made room for: it will not be a state."""
    shutil.rmtree(files.suspended_new, ignore_errors=True)


def size_mib(files: MachineFiles) -> int:
    """What a settled state takes on the disk."""
    try:
        return (files.suspended / _MEMORY).stat().st_blocks * 512 >> 20
    except FileNotFoundError:
        return 0


def settle(files: MachineFiles, memory: int, vm: VmRecord, stop: Stop) -> None:
    """Writes all that a resume needs to disk, then gives the folder its name.

    MachineError where the disk has no room for it; nothing stays of what fails, but the devices.
    """
    _check_room(files, memory)
    try:
        _settle(files, memory, vm, stop)
    except BaseException:
        (files.suspended_new / _MEMORY).unlink(missing_ok=True)
        raise


def _check_room(files: MachineFiles, memory: int) -> None:
    need_mib = (os.fstat(memory).st_blocks * 512 >> 20) + SPARE_MIB
    have_mib = shutil.disk_usage(files.folder).free >> 20
    if have_mib < need_mib:
        why = f"{files.folder} has {have_mib} MiB free, its memory needs {need_mib} MiB"
        raise MachineError("The disk of this computer is full", why)


def _settle(files: MachineFiles, memory: int, vm: VmRecord, stop: Stop) -> None:
    folder = files.suspended_new
    (folder / _MEMORY).unlink(missing_ok=True)  # of a supervisor that was killed amid this
    extents = ram.copy_out(memory, folder / _MEMORY, stop)
    record = SavedRecord(vm=vm, state_sha256=_digest(folder / STATE), extents=extents)
    write_atomically(folder / _RECORD, msgspec.json.encode(record))
    for path in (folder / STATE, folder / _RECORD, folder):
        sync(path)
    stop.check()
    folder.rename(files.suspended)
    sync(files.folder)


def read(files: MachineFiles) -> SavedRecord:
    """The record of what is settled; Unusable where that is not whole, MachineError where it cannot be read now."""
    try:
        record = msgspec.json.decode((files.suspended / _RECORD).read_bytes(), type=SavedRecord)
        digest = _digest(files.suspended / STATE)
    except (*ram.NOT_THERE, msgspec.MsgspecError) as error:
        raise Unusable("The saved state is damaged", str(error)) from error
    except OSError as error:
        raise MachineError("The saved state cannot be read now", str(error), "It is kept. Start again") from error
    if digest != record.state_sha256:
        raise Unusable("The saved state is damaged", f"{files.suspended / STATE} is not what was written")
    return record


def whose(files: MachineFiles) -> VmRecord | None:
    """The machine that is settled, as its record alone has it; None where that makes no sense."""
    try:
        return msgspec.json.decode((files.suspended / _RECORD).read_bytes(), type=SavedRecord).vm
    except (OSError, msgspec.MsgspecError):
        return None


def fill(files: MachineFiles, memory: int, extents: list[Extent], stop: Stop) -> None:
    """Brings these pieces of the settled memory back into an empty one."""
    ram.copy_in(files.suspended / _MEMORY, memory, extents, stop)


def spend(files: MachineFiles) -> None:
    """Nothing is left to be resumed, not even after a power cut in the middle of this. `clear` is to follow."""
    clear(files)
    if files.suspended.exists():
        files.suspended.rename(files.suspended_spent)
        sync(files.folder)
    if files.suspended_new.exists():
        (files.suspended_new / _RECORD).unlink(missing_ok=True)  # without it the rest is no state
        sync(files.suspended_new)
        shutil.rmtree(files.suspended_new)


def clear(files: MachineFiles) -> None:
    """Deletes what was spent: a large file, which takes its time."""
    shutil.rmtree(files.suspended_spent, ignore_errors=True)


def discard(files: MachineFiles) -> None:
    spend(files)
    clear(files)


def set_aside(files: MachineFiles) -> Path:
    """Keeps a state that cannot be resumed, for whoever wants to look at it; an older one of these goes."""
    delete_aside(files)
    aside = files.folder / _aside_at(time.time())
    files.suspended.rename(aside)
    sync(files.folder)
    return aside


def delete_aside(files: MachineFiles, days: float = 0) -> None:
    """Deletes what was set aside so many days ago: it holds what the containers had in memory."""
    last = _aside_at(time.time() - days * 86400)
    for old in files.folder.glob(f"{ASIDE}*"):
        if old.name <= last:
            shutil.rmtree(old, ignore_errors=True)


def _aside_at(moment_s: float) -> str:
    return ASIDE + time.strftime("%Y%m%d-%H%M%S", time.gmtime(moment_s))


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
