"""Describes the QEMU process of a machine: settings and paths in, the exact argument list out. Starts nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from desktop.core.paths import MachineFiles
from desktop.core.settings import Accelerator

# The guest's init knows these by name; see resources/guest.
AGENT_PORT = "org.qemu.guest_agent.0"
BOOT_PORT = "moorage.boot"
LOG_PORT = "moorage.log"
ENGINE_CONFIG = "opt/org.moorage/daemon.json"
SHARE = "opt/org.moorage/"  # and the tag: the path of a host folder
NEW_DISK = "moorage.disk=new"
CERTIFICATES = "opt/org.moorage/certificates.pem"

CONTAINER_MAC = "52:54:00:6d:00:01"
ENGINE_MAC = "52:54:00:6d:00:02"
ENGINE_ADDRESS = "10.0.3.15"
ENGINE_PORT = 2375
INWARD_PORT = 2376  # where the guest joins to its own ports on IPv6
CONTAINER_ADDRESS = "10.0.2.15"  # the guest's, on the containers' network
CONTAINER_NETWORK = "containers"
NETWORK_WORDS = f"moorage.ip={CONTAINER_ADDRESS}/24 moorage.gw=10.0.2.2 moorage.dns=10.0.2.3"

# passt's network, where that is the way out: published ports and the host's stay on the other one.
PASST_MAC = "52:54:00:6d:00:03"
PASST_ADDRESS, PASST_GATEWAY, PASST_DNS = "10.0.4.15", "10.0.4.2", "10.0.4.3"
PASST_WORDS = (
    f"moorage.ip={CONTAINER_ADDRESS}/24 moorage.out={PASST_ADDRESS}/24"
    f" moorage.gw={PASST_GATEWAY} moorage.dns={PASST_DNS}"
)

# All that QEMU can emulate, but what makes the guest slower: memory is moved and cleared byte by byte where a
# processor says that it is quick at that, a fifth level of page tables is walked too, and registers that hardly any
# program uses (MPX, protection keys) are saved at each switch between programs.
EMULATED_X86 = "max,erms=off,fsrm=off,fzrm=off,fsrs=off,fsrc=off,la57=off,mpx=off,pku=off"

# A device keeps its place when another is added: a saved machine is only resumed on the same ones.
PCI_ADDRESS = {"root": 2, "data": 3, "containers": 4, "engine": 5, "ports": 6, "rng": 7, "balloon": 8, "passt": 0x11}
FIRST_SHARE_ADDRESS = 9  # eight of them
NO_DESCRIPTOR = -1  # in arguments that are kept


@dataclass(frozen=True, kw_only=True)
class Host:
    """What the arguments depend on besides the machine; in Python's words (sys.platform, platform.machine())."""

    system: str = "linux"
    arch: str = "x86_64"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The arguments that a saved state was made with, and which it needs, whatever this module would describe today."""

    arguments: tuple[str, ...]
    home: str  # the base folder and the sockets' that are named there
    sockets: str


@dataclass(frozen=True, kw_only=True)
class Description:
    """Everything that decides how QEMU is started."""

    files: MachineFiles
    program: tuple[str, ...]  # QEMU with what must stand before its options, e.g. a loader
    uuid: str
    cpus: int
    memory_mib: int
    accelerator: Accelerator
    kernel: Path
    initrd: Path
    root: Path
    kernel_words: str  # the guest's own part of the kernel's command line, from its manifest
    host: Host = Host()
    memory: int | None = None  # descriptor of the guest's memory; None: QEMU's own, which cannot be suspended
    shares: tuple[str, ...] = ()  # host folders, each with a virtiofsd that waits at its socket; need a shared memory
    exported: tuple[Path, ...] = ()  # where the shares lead, if QEMU itself serves them, by 9p
    is_closed: bool = False  # beside passt: nothing but published ports is led to the host by QEMU
    passt: int | None = None  # descriptor of the line to it; None: QEMU's own slirp is the way out
    is_disk_new: bool = False  # nothing was ever written to it: the guest makes its file system
    certificates: Path | None = None  # which the engine trusts besides those that the guest brings
    kept: Kept | None = None  # of a saved machine: how it was started
    is_resumed: bool = False  # waits for a saved state instead of booting


def build_arguments(machine: Description) -> list[str]:
    """The whole command line, program included."""
    if machine.kept is not None:
        return [*machine.program, *_as_kept(machine, machine.kept), *_incoming(machine)]
    return [
        *machine.program,
        *_identity(machine),
        *_sandbox(machine),
        *_board(machine),
        *_boot(machine),
        *_disks(machine),
        *_networks(machine),
        *_ports(machine),
        *_shares(machine),
        *_console(machine),
        *_extras(machine),
        *_monitor(machine),
        *_incoming(machine),
    ]


def to_keep(machine: Description) -> tuple[str, ...]:
    """Its arguments for `Kept`: less the program and what only a boot is given, with NO_DESCRIPTOR for descriptors."""
    is_kept = machine.kept is not None  # with a place for each that it needs
    memory, passt = (NO_DESCRIPTOR if is_kept or held is not None else None for held in (machine.memory, machine.passt))
    only = replace(machine, program=(), certificates=None, is_disk_new=False, is_resumed=False)
    return tuple(build_arguments(replace(only, memory=memory, passt=passt)))


def _as_kept(machine: Description, kept: Kept) -> Iterator[str]:
    """With descriptors and a uuid of its own, and with paths as they are now."""
    given = {_memory_path(NO_DESCRIPTOR): _memory_path(machine.memory), _line(NO_DESCRIPTOR): _line(machine.passt)}
    before = ""
    for word in kept.arguments:
        quoted = str if before in ("-kernel", "-initrd") else option
        for placeholder, value in given.items():
            word = word.replace(placeholder, value)
        yield machine.uuid if before == "-uuid" else _moved(word, kept, machine.files, quoted)
        before = word


def _moved(word: str, kept: Kept, files: MachineFiles, quoted: Callable[[str], str]) -> str:
    """A path in it that leads to where the base folder was, or its sockets, leads to where that is now."""
    sockets, home = re.escape(quoted(kept.sockets)), re.escape(quoted(kept.home))
    now = {"sockets": quoted(str(files.sockets)), "home": quoted(str(files.home.base))}
    was = rf"(?<![^=:])(?:(?P<sockets>{sockets})(?=/\w+\.sock)|(?P<home>{home})(?=/))"
    return re.sub(was, lambda found: now[found.lastgroup or ""], word)


def key_of(machine: Description) -> str:
    """The same for two descriptions where one's saved state can be resumed by the other, on the same QEMU."""
    line = None if machine.passt is None else 0
    same = replace(machine, memory=0, passt=line, certificates=None, is_disk_new=False, is_resumed=False, uuid="")
    return hashlib.sha256("\0".join(build_arguments(same)).encode()).hexdigest()


def option(path: Path | str) -> str:
    """A value inside a comma-separated QEMU option: commas are doubled."""
    return str(path).replace(",", ",,")


def _identity(machine: Description) -> list[str]:
    name = f"{option(f'moorage-{machine.files.name}')},process=moorage-vm"
    return ["-name", name, "-uuid", machine.uuid, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]


def _sandbox(machine: Description) -> list[str]:
    if machine.host.system != "linux":
        return []  # seccomp
    return ["-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"]


def _board(machine: Description) -> list[str]:
    x86, own = machine.host.arch == "x86_64", machine.memory is None
    return [
        "-machine", ("q35,vmport=off" if x86 else "virt,gic-version=max") + ("" if own else ",memory-backend=memory"),
        *_accelerator(machine),
        "-smp", str(machine.cpus),
        "-m", f"{machine.memory_mib}M",
        *([] if own else _memory(machine)),
        "-rtc", "base=utc,clock=host",
    ]  # fmt: skip


def _memory(machine: Description) -> list[str]:
    """Shared with who holds the descriptor, so that it is there when QEMU has gone."""
    path = _memory_path(machine.memory)
    return ["-object", f"memory-backend-file,id=memory,size={machine.memory_mib}M,{path},share=on"]


def _memory_path(descriptor: int | None) -> str:
    return f"mem-path=/proc/self/fd/{descriptor}"


def _accelerator(machine: Description) -> list[str]:
    return accelerator_options(machine.accelerator, machine.host)


def accelerator_options(accelerator: Accelerator, host: Host) -> list[str]:
    """Accelerator and CPU go together; the probe boots with the same ones."""
    if accelerator is Accelerator.TCG:
        cpu = EMULATED_X86 if host.arch == "x86_64" else "max"
        return ["-accel", "tcg,thread=multi,tb-size=512", "-cpu", cpu]
    if accelerator is Accelerator.KVM and host.arch == "x86_64":
        # Some hosts hide MSR 0x10a from KVM, and QEMU then ends as soon as it sets it.
        return ["-accel", "kvm", "-cpu", "host,-arch-capabilities"]
    return ["-accel", accelerator.value, "-cpu", "host"]


def _boot(machine: Description) -> list[str]:
    return [
        "-kernel", str(machine.kernel),
        "-initrd", str(machine.initrd),
        "-append", " ".join(_kernel_words(machine)),
        *_handed(ENGINE_CONFIG, machine.files.engine_config),
        *([] if machine.certificates is None else _handed(CERTIFICATES, machine.certificates)),
    ]  # fmt: skip


def _kernel_words(machine: Description) -> list[str]:
    network = NETWORK_WORDS if machine.passt is None else PASST_WORDS
    return [machine.kernel_words, network, *([NEW_DISK] if machine.is_disk_new else [])]


def _handed(name: str, file: Path) -> list[str]:
    """A file that the guest reads as it boots."""
    return ["-fw_cfg", f"name={name},file={option(file)}"]


def _disks(machine: Description) -> list[str]:
    data = "if=none,id=data,format=raw,cache=writeback,discard=unmap,detect-zeroes=unmap,werror=stop,rerror=stop"
    return [
        "-drive", f"if=none,id=root,format=raw,readonly=on,file={option(machine.root)}",
        "-device", _at("virtio-blk-pci,drive=root,serial=root", "root"),
        "-drive", f"{data},file={option(machine.files.disk)}",
        "-device", _at("virtio-blk-pci,drive=data,serial=data", "data"),
    ]  # fmt: skip


def _networks(machine: Description) -> list[str]:
    """One network for containers; one that leads nowhere but from our sockets to the engine's relay and its like."""
    forwards = "".join(
        f",hostfwd={option(f'unix:{path}-{ENGINE_ADDRESS}:{port}')}"
        for path, port in ((machine.files.channel_socket, ENGINE_PORT), (machine.files.inward_socket, INWARD_PORT))
    )
    closed = ",restrict=on" if machine.is_closed else ""
    return [
        "-netdev", f"user,id={CONTAINER_NETWORK},net=10.0.2.0/24,ipv6=off{closed}",
        "-device", _at(f"virtio-net-pci,netdev={CONTAINER_NETWORK},mac={CONTAINER_MAC},romfile=", "containers"),
        "-netdev", f"user,id=engine,restrict=on,net=10.0.3.0/24,ipv6=off{forwards}",
        "-device", _at(f"virtio-net-pci,netdev=engine,mac={ENGINE_MAC},romfile=", "engine"),
        *_passt(machine),
    ]  # fmt: skip


def _passt(machine: Description) -> list[str]:
    if machine.passt is None:
        return []
    return [
        "-netdev", f"stream,id=passt,server=off,addr.type=fd,{_line(machine.passt)}",
        "-device", _at(f"virtio-net-pci,netdev=passt,mac={PASST_MAC},romfile=", "passt"),
    ]  # fmt: skip


def _line(descriptor: int | None) -> str:
    return f"addr.str={descriptor}"


def _ports(machine: Description) -> list[str]:
    files = machine.files
    return [
        "-device", _at("virtio-serial-pci,id=ports", "ports"),
        "-chardev", _socket("agent", files.agent_socket),
        "-device", f"virtserialport,bus=ports.0,nr=1,chardev=agent,name={AGENT_PORT}",
        "-chardev", _socket("boot", files.boot_socket),
        "-device", f"virtserialport,bus=ports.0,nr=2,chardev=boot,name={BOOT_PORT}",
        "-chardev", f"file,id=log,append=on,path={option(files.engine_log)}",
        "-device", f"virtserialport,bus=ports.0,nr=3,chardev=log,name={LOG_PORT}",
    ]  # fmt: skip


def _shares(machine: Description) -> list[str]:
    words: list[str] = []
    for number, path in enumerate(machine.shares):
        if machine.exported:
            tag, served = f"9p{number}", _exported(number, machine.exported[number])
        else:
            tag, served = f"share{number}", _served(number, machine.files.share_socket(number))
        words += ["-fw_cfg", f"name={SHARE}{tag},string={option(path)}", *served]
    return words


def _served(number: int, socket: Path) -> list[str]:
    """By a virtiofsd."""
    tag = f"share{number}"
    device = f"vhost-user-fs-pci,queue-size=1024,chardev={tag},tag={tag}"
    return ["-chardev", f"socket,id={tag},path={option(socket)}", "-device", _at_share(device, number)]


def _exported(number: int, source: Path) -> list[str]:
    """By QEMU itself.

    With `none`, what the guest makes has on the host the type and mode that it has in the guest, and is the user's.
    `mapped-xattr` and `mapped-file` keep an owner for each file and so let a `chown` succeed, but there a link of the
    guest is a plain file to the host, one of the host cannot be read in the guest, and a script of the guest cannot be
    run on the host; `passthrough` is for root alone. With `none` a `chown` that the host refuses fails, and it is the
    guest that takes it for done.
    """
    export = f"local,id=share{number},path={option(source)},security_model=none,multidevs=remap"
    device = f"virtio-9p-pci,fsdev=share{number},mount_tag=9p{number}"
    return ["-fsdev", export, "-device", _at_share(device, number)]


def _at_share(device: str, number: int) -> str:
    return f"{device},bus=pcie.0,addr=0x{FIRST_SHARE_ADDRESS + number:x}"


def _console(machine: Description) -> list[str]:
    """The spare copy keeps what the guest prints while no supervisor reads."""
    log = f"logfile={option(machine.files.console_spare)},logappend=on"
    return ["-chardev", f"{_socket('console', machine.files.console_socket)},{log}", "-serial", "chardev:console"]


def _extras(machine: Description) -> list[str]:
    generation = ["-device", "vmgenid,guid=auto"] if machine.host.arch == "x86_64" else []
    return [
        "-object", "rng-builtin,id=rng",
        "-device", _at("virtio-rng-pci,rng=rng", "rng"),
        "-device", _at("virtio-balloon-pci,id=balloon,free-page-reporting=on,deflate-on-oom=on", "balloon"),
        *generation,
    ]  # fmt: skip


def _monitor(machine: Description) -> list[str]:
    return ["-chardev", _socket("qmp", machine.files.qmp_socket), "-qmp", "chardev:qmp"]


def _incoming(machine: Description) -> list[str]:
    return ["-incoming", "defer", "-S"] if machine.is_resumed else []


def _at(device: str, place: str) -> str:
    return f"{device},bus=pcie.0,addr=0x{PCI_ADDRESS[place]:x}"


def _socket(id: str, path: Path) -> str:
    return f"socket,id={id},path={option(path)},server=on,wait=off"
