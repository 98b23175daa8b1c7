"""Docker VMs of other products on this host, found by their processes and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import psutil

from desktop.core.host import OtherVm

OWN_NAME = "moorage-"

_BY_PROGRAM = {
    "com.docker.hyperkit": ("Docker Desktop", "HyperKit"),
    "com.docker.virtualization": ("Docker Desktop", "Virtualization.framework"),
    "com.docker.krun": ("Docker Desktop", "Docker VMM (libkrun)"),
    "hyperkit": ("HyperKit", "HyperKit"),
    "OrbStack Helper": ("OrbStack", "Virtualization.framework"),
    "vfkit": ("Podman", "Virtualization.framework"),
    "krunkit": ("Podman", "libkrun"),
}
_VIRTUALBOX = frozenset({"VBoxHeadless", "VirtualBoxVM"})
_LIMA = re.compile(r"^lima-(.+)$")
_PODMAN_PATH = re.compile(r"/containers/podman/machine/")
_RANCHER_PATH = re.compile(r"/rancher-desktop/lima/")
_COLIMA_PATH = re.compile(r"/(?:\.?colima)/_lima/")
_DESKTOP_PATH = re.compile(r"/docker-desktop/|/\.docker/desktop/|com\.docker\.docker")


def other_vms() -> list[OtherVm]:
    """What runs now; processes that may not be looked into are left out. Takes tens of milliseconds."""
    found = []
    for process in psutil.process_iter(["pid", "exe", "cmdline"]):
        vm = recognise(process.info["pid"], process.info["exe"] or "", process.info["cmdline"] or ())
        if vm is not None:
            found.append(vm)
    return sorted(found, key=lambda vm: (vm.product, vm.name, vm.pid))


def recognise(pid: int, executable: str, command: Sequence[str]) -> OtherVm | None:
    """The VM that a process is, by its executable and its words."""
    program = _last(executable) or (_last(command[0]) if command else "")
    if program in _BY_PROGRAM:
        product, hypervisor = _BY_PROGRAM[program]
        return OtherVm(product=product, hypervisor=hypervisor, pid=pid, command=executable or command[0])
    if program in _VIRTUALBOX:
        return _virtualbox(pid, executable, command)
    if any(_last(word).startswith("qemu-system-") for word in (executable, *command[:4])):
        return _qemu(pid, executable, command)
    if program == "limactl" and "hostagent" in command:
        return _lima_agent(pid, executable, command)
    return None


def _qemu(pid: int, executable: str, command: Sequence[str]) -> OtherVm | None:
    name = _value_of(command, "-name").split(",")[0].removeprefix("guest=")
    if name.startswith(OWN_NAME):
        return None
    words = "\0".join(command)
    lima = _LIMA.match(name)
    if _DESKTOP_PATH.search(words):
        product = "Docker Desktop"
    elif _RANCHER_PATH.search(words):
        product = "Rancher Desktop"
    elif _COLIMA_PATH.search(words):
        product = "Colima"
    elif _PODMAN_PATH.search(words) or name.startswith("podman-machine"):
        product = "Podman"
    elif lima is not None:
        product = "Lima"
    else:
        return None
    return OtherVm(
        product=product, hypervisor="QEMU", name=lima[1] if lima else name, pid=pid, command=executable or command[0]
    )


def _lima_agent(pid: int, executable: str, command: Sequence[str]) -> OtherVm | None:
    """A VM that Lima runs inside its host agent (vz). One that it runs in QEMU is found as such."""
    words = "\0".join(command)
    if "qemu.pid" in words:
        return None
    product = "Rancher Desktop" if _RANCHER_PATH.search(words) else "Colima" if _COLIMA_PATH.search(words) else "Lima"
    return OtherVm(product=product, hypervisor="Lima host agent", name=command[-1], pid=pid, command=executable)


def _virtualbox(pid: int, executable: str, command: Sequence[str]) -> OtherVm | None:
    name = _value_of(command, "--comment")
    if name not in ("default", "boot2docker-vm", "docker-machine"):
        return None
    return OtherVm(product="docker-machine", hypervisor="VirtualBox", name=name, pid=pid, command=executable)


def _value_of(command: Sequence[str], option: str) -> str:
    words: Iterable[str] = iter(command)
    for word in words:
        if word == option:
            return next(iter(words), "")
    return ""


def _last(path: str) -> str:
    return path.rpartition("/")[2]
