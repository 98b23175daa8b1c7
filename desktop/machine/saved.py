"""A suspended machine on disk: its devices, its memory, and what they belong to. Whole, or not there.

`suspended.new/` is being written; `suspended/` is complete and on disk. Nothing is resumed twice: who resumes removes
both before the guest takes its first step.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.errors import MachineError
from desktop.core.paths import MachineFiles

from . import ram
from .ram import Check, Extent
from .record import VmRecord, write_atomically


class SavedRecord(msgspec.Struct, kw_only=True, frozen=True):
    """What a saved state belongs to, and how to tell that it is whole."""

    vm: VmRecord
    key: str  # of everything in QEMU's arguments that the state depends on
    state_sha256: str = ""
    extents: list[Extent] = []


@dataclass(frozen=True)
class SavedFolder:
    path: Path

    @property
    def state(self) -> Path:
        return self.path / "state"

    @property
    def memory(self) -> Path:
        return self.path / "ram"

    @property
    def record(self) -> Path:
        return self.path / "record.json"


def settled(files: MachineFiles) -> SavedFolder:
    return SavedFolder(files.folder / "suspended")


def unsettled(files: MachineFiles) -> SavedFolder:
    return SavedFolder(files.folder / "suspended.new")


def begin(files: MachineFiles) -> SavedFolder:
    """An empty folder to save into."""
    folder = unsettled(files)
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.path.mkdir(mode=0o700)
    return folder


def settle(files: MachineFiles, memory: int, record: SavedRecord, check: Check) -> None:
    """Writes all that a resume needs to disk, then gives the folder its name."""
    folder = unsettled(files)
    extents = ram.copy_out(memory, folder.memory, check)
    digest = hashlib.sha256(folder.state.read_bytes()).hexdigest()
    whole = msgspec.structs.replace(record, extents=extents, state_sha256=digest)
    write_atomically(folder.record, msgspec.json.encode(whole))
    for path in (folder.state, folder.record, folder.path):
        _sync(path)
    check()
    folder.path.rename(settled(files).path)
    _sync(files.folder)


def read(files: MachineFiles) -> SavedRecord | None:
    """The record of what is settled; None where nothing is. MachineError where it is damaged."""
    folder = settled(files)
    try:
        record = msgspec.json.decode(folder.record.read_bytes(), type=SavedRecord)
        digest = hashlib.sha256(folder.state.read_bytes()).hexdigest()
    except FileNotFoundError as error:
        if not folder.path.exists():
            return None
        raise MachineError("The saved state is damaged", f"{error.filename} is missing") from error
    except (OSError, msgspec.MsgspecError) as error:
        raise MachineError("The saved state is damaged", str(error)) from error
    if digest != record.state_sha256:
        raise MachineError("The saved state is damaged", f"{folder.state} is not what was written")
    return record


def discard(files: MachineFiles) -> None:
    """Nothing is left to be resumed. The record goes first: half a removal is no state any more."""
    for folder in (settled(files), unsettled(files)):
        folder.record.unlink(missing_ok=True)
        shutil.rmtree(folder.path, ignore_errors=True)


def set_aside(files: MachineFiles) -> Path:
    """Keeps a state that cannot be resumed, for whoever wants to look at it; an older one of these goes."""
    for old in files.folder.glob("suspended.aside-*"):
        shutil.rmtree(old, ignore_errors=True)
    aside = files.folder / f"suspended.aside-{time.strftime('%Y%m%d-%H%M%S')}"
    settled(files).path.rename(aside)
    return aside


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
