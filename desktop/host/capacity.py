"""What a machine can be given on this host: no more CPUs and memory than there are."""

from __future__ import annotations

import os

from desktop.core.errors import SettingsError
from desktop.core.settings import MachineSettings

NEXT = "Change it in the machine's settings"
_DEFAULT = MachineSettings()


def check_capacity(settings: MachineSettings) -> None:
    """SettingsError where this host has less than a machine is to have. The defaults start on any host."""
    cpus, memory_mib = os.cpu_count() or 1, host_memory_mib()
    if settings.cpus > max(cpus, _DEFAULT.cpus):
        raise SettingsError(f"The machine cannot have {settings.cpus} CPUs", f"this computer has {cpus}", NEXT)
    if settings.memory_mib > max(memory_mib, _DEFAULT.memory_mib):
        what = f"The machine cannot have {settings.memory_mib} MiB of memory"
        raise SettingsError(what, f"this computer has {memory_mib} MiB", NEXT)


def host_memory_mib() -> int:
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20
