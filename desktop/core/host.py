"""What the app knows of the host: records."""

from __future__ import annotations

import msgspec


class HostInfo(msgspec.Struct, frozen=True, kw_only=True):
    system: str = ""  # "Debian GNU/Linux 12 (bookworm)", "macOS 15.1"
    kernel: str = ""  # `uname -r`
    cpus: int = 1
    memory_mib: int = 0


class OtherVm(msgspec.Struct, frozen=True, kw_only=True):
    """A Docker VM of another product, found by its process."""

    product: str
    hypervisor: str
    name: str = ""
    pid: int = 0
    command: str = ""  # the executable's path
    console: str = ""  # its tty or the socket of one, where it has one
