"""Which QEMU runs the machine, and how it is called: Moorage's own runtime, or the system's."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.errors import ImageError, MachineError, SettingsError

from .image import manifest
from .image.manifest import Manifest
from .process import kill_child

OLDEST_SYSTEM_QEMU = (10, 2)
ANSWER_TIMEOUT_S = 10.0
HELPERS = "/usr/libexec:/usr/lib/qemu:/usr/lib"  # not on the PATH
_HOMEBREW = "/opt/homebrew/bin:/usr/local/bin"  # not on the PATH of an app that the Finder started


@dataclass(frozen=True)
class Runtime:
    """A hypervisor that is there. Words that follow `argv` are QEMU's own."""

    name: str
    """own or system."""
    version: str
    executable: Path
    """QEMU itself, also where `argv` begins with its loader."""
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """What must be added to the environment of QEMU and its helpers."""
    helpers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How qemu-img, virtiofsd and passt are called, for those that are there."""


def own(folder: Path) -> Runtime:
    """The runtime in `folder`, run through its own loader, with its own libraries and none of the host's."""
    record = manifest.read(folder)
    loader, program = record.facts["loader"], record.facts["qemu_program"]
    prefix = (str(folder / "lib" / loader), "--library-path", str(folder / "lib"))
    executable = folder / "bin" / program
    if not executable.is_file():
        raise ImageError(f"QEMU is missing from {folder}", "", "Build it again with `moorage guest build`")
    return Runtime(
        name="own",
        version=record.facts["qemu_version"],
        executable=executable,
        argv=(*prefix, str(executable), "-L", str(folder / "share/qemu")),
        environment={"QEMU_MODULE_DIR": str(folder / "lib/qemu")},
        helpers={
            helper: (*prefix, str(folder / "bin" / file))
            for helper, file in _helpers(record).items()
        },
    )  # fmt: skip


async def system(program: str, platform: str = sys.platform) -> Runtime:
    """The system's QEMU (`program`, as in qemu-system-x86_64), if it is new enough. macOS has no other one."""
    found = shutil.which(program) or shutil.which(program, path=_HOMEBREW)
    if found is None:
        what = f"This system has no {program}"
        if platform == "darwin":
            raise MachineError(what, "", "Install it: `brew install qemu`")
        raise SettingsError(what, "", "Install QEMU 10.2 or newer, or choose Moorage's own runtime in Settings")
    version = await _version(found)
    if tuple(map(int, version.split(".")[:2])) < OLDEST_SYSTEM_QEMU:
        what = f"QEMU {version} is too old"
        why = f"{found}; Moorage needs {'.'.join(map(str, OLDEST_SYSTEM_QEMU))} or newer"
        if platform == "darwin":
            raise MachineError(what, why, "Install a newer one: `brew upgrade qemu`")
        raise SettingsError(what, why, "Choose Moorage's own runtime in Settings, or install a newer QEMU")
    helpers = {name: (path,) for name in ("qemu-img", "virtiofsd", "passt") if (path := _system_helper(name))}
    return Runtime("system", version, Path(found), (found,), {}, helpers)


def parse_version(text: str) -> str:
    """The version in what `qemu-system-… --version` prints; empty if there is none."""
    match = re.search(r"version (\d+\.\d+(?:\.\d+)?)", text)
    return match[1] if match else ""


async def exports_folders(runtime: Runtime) -> bool:
    """Whether this QEMU can share host folders by itself: a build may leave that out."""
    try:
        told = await _told(*runtime.argv, "-device", "virtio-9p-pci,help", environment=runtime.environment)
    except (TimeoutError, OSError):
        return False
    return "mount_tag" in told  # its exit code is the same where it has no such device


async def _version(program: str) -> str:
    try:
        text = await _told(program, "--version")
    except TimeoutError:
        why = f"No answer in {ANSWER_TIMEOUT_S:.0f} s"
        raise MachineError(f"{program} does not say its version", why) from None
    version = parse_version(text)
    if not version:
        raise MachineError(f"{program} does not say its version", text.strip()[:200])
    return version


async def _told(*words: str, environment: Mapping[str, str] | None = None) -> str:
    """What QEMU prints, to questions that it answers without a machine."""
    process = await asyncio.create_subprocess_exec(
        *words, env={**os.environ, **(environment or {})},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(), ANSWER_TIMEOUT_S)
    finally:
        if process.returncode is None:
            kill_child(process)
            await process.wait()
    return output.decode(errors="replace")


def _helpers(record: Manifest) -> dict[str, str]:
    """The bundle's helpers by name. passt picks its faster twin through /proc, which the loader hides."""
    passt = "passt.avx2" if "bin/passt.avx2" in record.files and _cpu_has("avx2") else "passt"
    return {"qemu-img": "qemu-img", "virtiofsd": "virtiofsd", "passt": passt}


def _cpu_has(flag: str) -> bool:
    try:
        return f" {flag} " in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def _system_helper(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=HELPERS)
