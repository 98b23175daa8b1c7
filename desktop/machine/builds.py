"""Which builds of the runtime and the guest image machines have need of."""

from __future__ import annotations

from pathlib import Path

from desktop.core.paths import Home

from . import record as records
from . import saved
from .process import is_locked
from .record import VmRecord


def builds_of(home: Home, record: VmRecord) -> tuple[Path, ...]:
    """The folders that a VM was started from, as far as they are Moorage's and have not been replaced since."""
    found = (guest_of(home, record) if record.guest else None, runtime_of(home, record))
    return tuple(folder for folder in found if folder is not None and folder.exists())


def guest_of(home: Home, record: VmRecord) -> Path:
    """The folder of a VM's guest image, also where the base folder was moved since."""
    return home.guest / Path(record.guest).name


def runtime_of(home: Home, record: VmRecord) -> Path | None:
    """The folder of a VM's hypervisor, where that is Moorage's own."""
    executable, runtime = Path(record.executable), Home(Path(record.home)).runtime if record.home else home.runtime
    if not executable.is_relative_to(runtime):
        return None
    return home.runtime / executable.relative_to(runtime).parts[0]


def needed(home: Home) -> set[Path] | None:
    """Those of the machine that runs or is suspended; None where it is about to, or nobody can tell."""
    files = home.machine()
    if files.suspended_new.exists():
        return None
    found: set[Path] = set()
    if is_locked(files.vm_lock):
        if (record := records.read(files.vm_record)) is None:
            return None
        found |= set(builds_of(home, record))
    if files.suspended.exists():
        if (record := saved.whose(files)) is None:
            return None
        found |= set(builds_of(home, record))
    return found
