"""What this host is."""

from __future__ import annotations

import contextlib
import platform

import psutil

from desktop.core.host import HostInfo


def host_info() -> HostInfo:
    return HostInfo(
        system=_system(),
        kernel=platform.release(),
        cpus=psutil.cpu_count() or 1,
        memory_mib=psutil.virtual_memory().total >> 20,
    )


def _system() -> str:
    if platform.system() == "Darwin":
        return f"macOS {platform.mac_ver()[0]}"
    with contextlib.suppress(OSError):
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    return platform.system()
