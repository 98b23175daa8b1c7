"""What a start needs: finds runtime and guest, chooses the accelerator, makes the disk, and describes the VM."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from desktop.core.errors import ImageError, MachineError, SettingsError
from desktop.core.paths import Home, MachineFiles
from desktop.core.settings import Accelerator, MachineSettings, RuntimeSource, taken_at_start
from desktop.host import internet
from desktop.host.capacity import check_capacity
from desktop.machine import accelerator, disk, runtime
from desktop.machine.accelerator import Choice, Probe
from desktop.machine.builds import guest_of, runtime_of
from desktop.machine.certificates import hand_over
from desktop.machine.command import Description, Host, Kept, key_of, to_keep
from desktop.machine.image import manifest, versions
from desktop.machine.image.manifest import Manifest
from desktop.machine.record import VmRecord, write_atomically
from desktop.machine.runtime import Runtime

NOT_NOW = "Resume it again once it can; `moorage kill` drops what its containers hold in memory, and it boots again"


@dataclass(frozen=True)
class Plan:
    """A start, thought through: nothing runs yet."""

    description: Description
    runtime: Runtime
    facts: VmRecord
    built: tuple[Path, ...]  # folders whose files must be as their manifests say
    local_proxies: str = ""  # those that the guest does not reach

    def sharing(self, shares: tuple[str, ...], exported: tuple[Path, ...] = ()) -> Plan:
        """The same start with these folders of the host; `exported` is where they lead, if QEMU is to serve them."""
        description = replace(self.description, shares=shares, exported=exported)
        return self._with(description, shares=shares, exported=tuple(map(str, exported)))

    def through_passt(
        self, line: int, pid: int, started_s: float, is_closed: bool, name_servers: tuple[str, ...]
    ) -> Plan:
        """The same start with a passt, which has the other end of the line, as the way out."""
        description = replace(self.description, passt=line, is_closed=is_closed)
        return self._with(
            description, passt_pid=pid, passt_started_s=started_s, is_closed=is_closed, name_servers=name_servers
        )

    def _with(self, description: Description, **facts: Any) -> Plan:
        key, arguments = _resume_key(self.runtime, description), to_keep(description)
        facts_then = msgspec.structs.replace(self.facts, resume_key=key, arguments=arguments, **facts)
        return replace(self, description=description, facts=facts_then)

    def fits(self, was: VmRecord) -> bool:
        """Whether a machine that was saved can be resumed so."""
        if self.description.kept is None:
            return self.facts.resume_key == was.resume_key
        mine = self.facts
        return (mine.qemu_version, Path(mine.guest).name, mine.shares, mine.exported) == (
            was.qemu_version, Path(was.guest).name, was.shares, was.exported,
        )  # fmt: skip

    async def verify(self) -> None:
        """Checks runtime and guest, in threads; ImageError names what is damaged."""
        await verify_builds(self.built)


async def verify_builds(folders: Iterable[Path]) -> None:
    for folder in folders:
        await manifest.verify(folder)


async def make_plan(
    files: MachineFiles, settings: MachineSettings, memory: int | None = None, was: VmRecord | None = None
) -> Plan:
    """Prepares everything up to the start of QEMU. Each failure is an error in words.

    `memory` is the descriptor of the guest's memory. `was` is a machine that is to be resumed: it goes on with the
    builds and the accelerator that it had, whatever came since, and its disk stays as it is.
    """
    is_resumed = was is not None
    if was is not None:
        settings = msgspec.structs.replace(settings, cpus=was.cpus, memory_mib=was.memory_mib)
    check_capacity(settings)
    host = this_host()
    hypervisor, runtime_folder = await find_runtime(files.home, _source(settings, was), host, was)
    folder, guest = await asyncio.to_thread(find_guest, files.home, was)
    choice = await _choose(settings, _probe(files.home, hypervisor, folder, host), was)
    is_disk_new = not is_resumed and await asyncio.to_thread(_new_disk, files, settings)
    proxies, local = _proxies(settings.host_ports)
    engine = {"proxies": proxies, **settings.engine} if proxies else settings.engine
    write_atomically(files.engine_config, msgspec.json.encode(engine))
    certificates = None if is_resumed else await asyncio.to_thread(_certificates, files, folder)
    kernel = manifest.kernel(folder, emulated=choice.accelerator is Accelerator.TCG)
    description = Description(
        files=files, program=hypervisor.argv, uuid=str(uuid.uuid4()), cpus=settings.cpus,
        memory_mib=settings.memory_mib, accelerator=choice.accelerator, kernel=kernel,
        initrd=folder / "initrd", root=folder / "root.erofs", kernel_words=guest.facts["command_line"], host=host,
        memory=memory, is_disk_new=is_disk_new, certificates=certificates, is_resumed=is_resumed, kept=_kept(was),
    )  # fmt: skip
    built = (folder,) if runtime_folder is None else (folder, runtime_folder)
    local = "" if "proxies" in settings.engine else local
    facts = _facts(description, hypervisor, choice, folder, guest, settings)
    return Plan(description, hypervisor, facts, built, local)


def _new_disk(files: MachineFiles, settings: MachineSettings) -> bool:
    return disk.prepare(files.disk, files.disk_new, settings.disk_mib)


async def probe_again(home: Home, settings: MachineSettings) -> Choice:
    """The accelerator that the next start gets, found out by a test boot even where a verdict is remembered."""
    host = this_host()
    hypervisor, _ = await find_runtime(home, settings.runtime, host)
    folder, _ = await asyncio.to_thread(find_guest, home)
    return await accelerator.choose(settings.accelerator, _probe(home, hypervisor, folder, host), force=True)


def _kept(was: VmRecord | None) -> Kept | None:
    return Kept(arguments=was.arguments, home=was.home, sockets=was.sockets) if was and was.arguments else None


def _source(settings: MachineSettings, was: VmRecord | None) -> RuntimeSource:
    return settings.runtime if was is None else RuntimeSource(was.settings.get("runtime", settings.runtime))


async def _choose(settings: MachineSettings, probe: Probe, was: VmRecord | None) -> Choice:
    if was is None or not was.accelerator:
        return await accelerator.choose(settings.accelerator, probe)
    try:
        choice = await accelerator.choose(Accelerator(was.accelerator), probe)
    except SettingsError as error:
        what = f"The machine was suspended on {was.accelerator.upper()}, which cannot be used now"
        raise MachineError(what, error.why, NOT_NOW) from error
    return Choice(choice.accelerator, was.accelerator_reason)


def _certificates(files: MachineFiles, guest: Path) -> Path | None:
    return hand_over(internet.certificates(), guest, files.certificates)


def _proxies(host_ports: tuple[int, ...]) -> tuple[dict[str, str], str]:
    """This host's as the engine's configuration names them, and those of them that the guest does not reach."""
    found = internet.proxies(os.environ)
    local = []
    for key in (internet.HTTP, internet.HTTPS):
        proxy = found.get(key, "")
        if seen := internet.seen_from_guest(proxy, host_ports):
            found[key] = seen
        elif internet.is_of_this_host(proxy):
            local.append(internet.without_password(found.pop(key)))
    return (found if found.keys() != {internet.EXCEPT} else {}), ", ".join(local)


def _probe(home: Home, hypervisor: Runtime, guest: Path, host: Host) -> Probe:
    return Probe(hypervisor, guest / "kernel", host, home.host_facts)


def this_host() -> Host:
    arch = platform.machine()
    return Host(system=sys.platform, arch={"arm64": "aarch64", "AMD64": "x86_64"}.get(arch, arch))


async def find_runtime(
    home: Home, source: RuntimeSource, host: Host, was: VmRecord | None = None
) -> tuple[Runtime, Path | None]:
    """The hypervisor to use, and its folder where it is Moorage's own; that of a machine that was, if it is there."""
    if source is RuntimeSource.SYSTEM or host.system != "linux":
        return await runtime.system(f"qemu-system-{host.arch}"), None
    wished = None if was is None else runtime_of(home, was)
    folder = await asyncio.to_thread(versions.newest, home.runtime, wished=wished)
    if folder is None:
        raise ImageError("QEMU is missing", f"nothing is built in {home.runtime}", "Run `moorage guest build`")
    return await asyncio.to_thread(runtime.own, folder), folder


def find_guest(home: Home, was: VmRecord | None = None) -> tuple[Path, Manifest]:
    folder = versions.newest(home.guest, wished=None if was is None else guest_of(home, was))
    if folder is None:
        raise ImageError("There is no guest image", f"nothing is built in {home.guest}", "Run `moorage guest build`")
    return folder, manifest.read(folder)


def _facts(
    description: Description, hypervisor: Runtime, choice: Choice, folder: Path, guest: Manifest,
    settings: MachineSettings,
) -> VmRecord:
    return VmRecord(
        uuid=description.uuid,
        executable=str(hypervisor.executable),
        qemu_version=hypervisor.version,
        accelerator=choice.accelerator,
        accelerator_reason=choice.reason,
        guest=str(folder),
        kernel=guest.facts["kernel_release"],
        console=guest.facts["console"],
        cpus=description.cpus,
        memory_mib=description.memory_mib,
        arguments=to_keep(description),
        home=str(description.files.home.base),
        sockets=str(description.files.sockets),
        resume_key=_resume_key(hypervisor, description),
        settings=taken_at_start(settings),
    )


def _resume_key(hypervisor: Runtime, description: Description) -> str:
    return f"{hypervisor.version} {key_of(description)}"
