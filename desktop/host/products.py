"""Docker VMs of other products on this host, found by their processes and by nothing else.

An executable's path and a command's words are what is looked at. A process' short name is cut at 15 characters by
Linux and macOS alike, so it serves only where the rest may not be read, and only as a beginning.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil

from desktop.core.host import OtherVm

from .console_paths import console_of

_OWN_NAME = "moorage-"
_NAME_CHARS = 15

_HYPERVISORS = {
    "com.docker.hyperkit": "HyperKit",
    "com.docker.virtualization": "Virtualization.framework",
    "com.docker.krun": "libkrun",
    "OrbStack Helper": "Virtualization.framework",
    "hyperkit": "HyperKit",
    "vfkit": "Virtualization.framework",
    "krunkit": "libkrun",
    "VBoxHeadless": "VirtualBox",
    "VirtualBoxVM": "VirtualBox",
}
_SURE_BY_PROGRAM = {
    "com.docker.hyperkit": "Docker Desktop",
    "com.docker.virtualization": "Docker Desktop",
    "com.docker.krun": "Docker Desktop",
    "OrbStack Helper": "OrbStack",
}
_IMAGE = r"/podman/machine/(?:[^/,]+/)*(?:efi-bl-)?(?P<name>[^/,]+?)(?:-(?:arm64|amd64|aarch64|x86_64))?(?:[.,]|$)"
_BY_PATH = (
    ("Docker Desktop", re.compile(r"/docker-desktop/|/\.docker/desktop/|/com\.docker\.docker/|/Docker\.app/")),
    ("Rancher Desktop", re.compile(r"/rancher-desktop/lima/(?P<name>[^/]+)/")),
    ("Colima", re.compile(r"/(?:\.?colima/_lima|\.lima)/(?P<name>colima[^/]*)/")),
    ("Podman", re.compile(_IMAGE, re.MULTILINE)),
    ("minikube", re.compile(r"/\.minikube/machines/(?P<name>[^/]+)/")),
    ("docker-machine", re.compile(r"/\.docker/machine/machines/(?P<name>[^/]+)/")),
    ("Lima", re.compile(r"/\.lima/(?P<name>[^_/][^/]*)/")),
)


class Process(NamedTuple):
    """What may be known of a process; all of it may be empty where it is another user's."""

    pid: int
    name: str
    executable: str
    command: Sequence[str]


def other_vms() -> list[OtherVm]:
    """What runs now. Takes tens of milliseconds: call it in a thread."""
    docker_machines = _docker_machines()
    found = []
    for process in psutil.process_iter(["name", "exe", "cmdline"]):
        facts = process.info
        seen = Process(process.pid, facts["name"] or "", facts["exe"] or "", facts["cmdline"] or ())
        if (vm := recognise(seen, docker_machines)) is not None:
            found.append(vm)
    return without_doubles(found)


def recognise(process: Process, docker_machines: Collection[str]) -> OtherVm | None:
    """The VM that a process is. `docker_machines` are the names of docker-machine's VMs, which VirtualBox runs."""
    program = _program(process)
    if _is_qemu(process):
        return _qemu(process)
    if program == "limactl" and "hostagent" in process.command:
        return _named(process, "", "Lima", process.command[-1])
    if program == "OrbStack Helper" and process.command and "vmgr" not in process.command:
        return None
    if program in _SURE_BY_PROGRAM:
        return _vm(process, _SURE_BY_PROGRAM[program], _HYPERVISORS[program])
    if _HYPERVISORS.get(program) == "VirtualBox":
        name = _value_of(process.command, "--comment")
        return _vm(process, "docker-machine", "VirtualBox", name) if name in docker_machines else None
    if program in _HYPERVISORS:
        return _named(process, _HYPERVISORS[program])
    return None


def without_doubles(found: Iterable[OtherVm]) -> list[OtherVm]:
    """Sorted. Lima's agent is the VM only where no QEMU of the same name runs beside it."""
    found = list(found)
    with_hypervisor = {(vm.product, vm.name) for vm in found if vm.hypervisor}
    kept = []
    for vm in found:
        if vm.hypervisor:
            kept.append(vm)
        elif (vm.product, vm.name) not in with_hypervisor:
            agent_runs_it = "Virtualization.framework" if sys.platform == "darwin" else "QEMU"
            kept.append(msgspec.structs.replace(vm, hypervisor=agent_runs_it))
    return sorted(kept, key=lambda vm: (vm.product, vm.name, vm.pid))


def _qemu(process: Process) -> OtherVm | None:
    name = _value_of(process.command, "-name").split(",")[0].removeprefix("guest=")
    if name.startswith(_OWN_NAME):
        return None
    lima = name.removeprefix("lima-") if name.startswith("lima-") else ""
    return _named(process, "QEMU", "Lima" if lima else "", lima or name)


def _named(process: Process, hypervisor: str, product: str = "", name: str = "") -> OtherVm | None:
    """The product by the paths among a command's words; what is given serves where no path tells."""
    words = "\n".join((process.executable, *process.command))
    for known, pattern in _BY_PATH:
        if match := pattern.search(words):
            return _vm(process, known, hypervisor, _shown(known, match.groupdict().get("name", "")))
    return _vm(process, product, hypervisor, name) if product else None


def _shown(product: str, name: str) -> str:
    """As the product's own list calls it."""
    if product == "Colima":
        return name.removeprefix("colima").removeprefix("-") or "default"
    return name


def _vm(process: Process, product: str, hypervisor: str, name: str = "") -> OtherVm:
    command = process.executable or (process.command[0] if process.command else process.name)
    return OtherVm(
        product=product, hypervisor=hypervisor, name=name, pid=process.pid, command=command,
        console=console_of(process.command, process.pid),
    )  # fmt: skip


def _program(process: Process) -> str:
    path = process.executable or (process.command[0] if process.command else "")
    if path:
        return path.rpartition("/")[2]
    whole = [program for program in _SURE_BY_PROGRAM if program[:_NAME_CHARS] == process.name[:_NAME_CHARS]]
    return whole[0] if whole else process.name


def _is_qemu(process: Process) -> bool:
    """Also where a loader runs it: then it is one of the first words."""
    words = (process.executable, *process.command[:6])
    return any(word.rpartition("/")[2].startswith("qemu-system-") for word in words)


def _value_of(command: Sequence[str], option: str) -> str:
    words = iter(command)
    for word in words:
        if word == option:
            return next(words, "")
    return ""


def _docker_machines() -> list[str]:
    store = Path(os.environ.get("MACHINE_STORAGE_PATH") or Path.home() / ".docker" / "machine")
    with contextlib.suppress(OSError):
        return [entry.name for entry in (store / "machines").iterdir()]
    return []
