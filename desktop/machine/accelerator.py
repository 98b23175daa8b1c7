"""Which accelerator a machine gets: found out by booting a kernel with it, not by looking at a device file."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import logging
import os
import platform
from dataclasses import dataclass
from pathlib import Path

import msgspec

from desktop.core.errors import MachineError, SettingsError
from desktop.core.settings import Accelerator

from .command import Host, accelerator_options
from .process import kill_child
from .record import write_atomically
from .runtime import Runtime

log = logging.getLogger("desktop.machine")

PROBE_DEADLINE_S = 6.0  # where KVM works, the kernel's first line comes within half a second
KVM_DEVICE = Path("/dev/kvm")
SIGN_OF_LIFE = b"Linux version"


class Choice(msgspec.Struct, frozen=True):
    accelerator: Accelerator
    reason: str  # in words, for a user


class Verdict(msgspec.Struct, frozen=True):
    """What a probe boot found, and on which host: valid as long as that stays the same."""

    host: str
    works: bool
    words: str


@dataclass(frozen=True)
class Probe:
    """What a probe boots, and where its verdict is kept."""

    runtime: Runtime
    kernel: Path
    host: Host
    memory: Path  # host.json
    device: Path = KVM_DEVICE
    deadline_s: float = PROBE_DEADLINE_S


async def choose(wanted: Accelerator, probe: Probe, force: bool = False) -> Choice:
    """The accelerator to start with. `force` boots again although a verdict is remembered."""
    fast = _fast_one(probe.host)
    if wanted is Accelerator.TCG:
        return Choice(wanted, "Software emulation was chosen in Settings")
    if wanted is not Accelerator.AUTO:
        return await _as_asked(wanted, fast, probe, force)
    if problem := _obstacle(fast, probe):
        return Choice(Accelerator.TCG, problem)
    verdict = None if force else _remembered(probe)
    if verdict is None:
        verdict = await _find_out(fast, probe)
    if verdict.works:
        return Choice(fast, verdict.words)
    return Choice(Accelerator.TCG, verdict.words if force else f"{verdict.words}. `moorage doctor` tries again")


def _fast_one(host: Host) -> Accelerator:
    return Accelerator.HVF if host.system == "darwin" else Accelerator.KVM


async def _as_asked(wanted: Accelerator, fast: Accelerator, probe: Probe, force: bool) -> Choice:
    """A machine on an accelerator that stays silent would use up its whole deadline: better a word at once."""
    name = wanted.value.upper()
    problem = _obstacle(wanted, probe) if wanted is fast else f"{name} does not exist on {probe.host.system}"
    verdict = None if force else _remembered(probe)
    if not problem and (verdict is None or not verdict.works):
        verdict = await _find_out(fast, probe)
        problem = "" if verdict.works else verdict.words
    if problem:
        raise SettingsError(f"{name} was chosen in Settings and cannot be used", problem, "Set the accelerator to auto")
    return Choice(wanted, f"{name} was chosen in Settings")


def _obstacle(accelerator: Accelerator, probe: Probe) -> str:
    """What can be said without a boot. Not remembered: a right may be given at any time."""
    if accelerator is not Accelerator.KVM:
        return ""
    try:
        os.close(os.open(probe.device, os.O_RDWR | os.O_CLOEXEC))
    except FileNotFoundError:
        return (
            f"This host has no KVM ({probe.device} is missing): its kernel lacks it or the firmware has"
            " virtualization switched off"
        )
    except PermissionError:
        user = getpass.getuser()
        return (
            f"{user} may not use KVM ({probe.device}: permission denied). Join its group, log out and in again:"
            f" sudo usermod -aG kvm {user}"
        )
    except OSError as error:
        return f"KVM cannot be used ({probe.device}: {error.strerror})"
    return ""


def _remembered(probe: Probe) -> Verdict | None:
    try:
        verdict = msgspec.json.decode(probe.memory.read_bytes(), type=Verdict)
    except (OSError, msgspec.MsgspecError):
        return None
    return verdict if verdict.host == _host_key(probe) else None


def _host_key(probe: Probe) -> str:
    return f"{platform.node()} {platform.release()} {_cpu_model()} qemu {probe.runtime.version}"


def _cpu_model() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


async def _find_out(fast: Accelerator, probe: Probe) -> Verdict:
    verdict = await _boot(fast, probe)
    try:
        write_atomically(probe.memory, msgspec.json.encode(verdict))
    except MachineError as error:
        log.warning("the verdict on %s is not remembered: %s", fast, error)
    return verdict


async def _boot(accelerator: Accelerator, probe: Probe) -> Verdict:
    """Boots the real kernel, with nothing behind it, until its first line."""
    name = accelerator.value.upper()
    process = await asyncio.create_subprocess_exec(
        *build_probe(accelerator, probe),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **probe.runtime.environment}, start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(probe.deadline_s):
            alive, errors = await _watch(process)
        words = f"{name} works here: a test boot came up" if alive else _words_of(name, errors)
    except TimeoutError:
        alive = False
        words = f"{name} opens on this host, but a test boot stayed silent for {probe.deadline_s:.0f} s"
    finally:
        kill_child(process)
        await process.wait()
    return Verdict(_host_key(probe), alive, words)


def build_probe(accelerator: Accelerator, probe: Probe) -> list[str]:
    console = "ttyS0" if probe.host.arch == "x86_64" else "ttyAMA0"
    return [
        *probe.runtime.argv,
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-machine", "q35" if probe.host.arch == "x86_64" else "virt,gic-version=max",
        *accelerator_options(accelerator, probe.host),
        "-m", "256M",
        "-kernel", str(probe.kernel),
        "-append", f"console={console} earlyprintk={console} panic=-1",
        "-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
    ]  # fmt: skip


async def _watch(process: asyncio.subprocess.Process) -> tuple[bool, str]:
    """Whether the kernel spoke, and QEMU's words where it ended instead."""
    assert process.stdout is not None and process.stderr is not None
    heard = b""
    while block := await process.stdout.read(4096):
        heard += block
        if SIGN_OF_LIFE in heard:
            return True, ""
    return False, (await process.stderr.read()).decode(errors="replace")


def _words_of(name: str, errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    cause = next((line for line in lines if "error" in line.lower() or "failed" in line.lower()), "")
    cause = (cause or (lines[-1] if lines else "QEMU ended without a word")).rpartition("qemu-system-")[2][:200]
    if "MSR" in cause:
        return f"{name} opens on this host, but refuses a processor register that QEMU sets: {cause}"
    return f"{name} opens on this host, but QEMU cannot start with it: {cause}"
