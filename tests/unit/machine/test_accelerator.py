"""The choice of an accelerator, with programs that do in a test boot what QEMU does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.errors import SettingsError
from desktop.core.settings import Accelerator
from desktop.machine.accelerator import Probe, build_probe, choose
from desktop.machine.command import Host
from desktop.machine.runtime import Runtime
from tests.helpers.log_watch import LogWatch

COMES_UP = 'echo x >>"$0.boots"; echo "[    0.000000] Linux version 6.12"; exec sleep 60'
STAYS_SILENT = 'echo x >>"$0.boots"; exec sleep 60'
REFUSES_MSR = (
    'echo x >>"$0.boots"; echo "qemu-system-x86_64: error: failed to set MSR 0x10a to 0x80000e0d06eb" >&2; exit 1'
)
CLOSED_TO_ALL = Path("/sys/kernel/uevent_seqnum")  # the kernel lets nobody write there, not even root


@pytest.fixture
def probe(tmp_path: Path) -> Probe:
    device = tmp_path / "kvm"
    device.touch()
    program = tmp_path / "qemu"
    runtime = Runtime("own", "11.1.3", program, (str(program),))
    return Probe(runtime, tmp_path / "kernel", Host(), tmp_path / "host.json", device, 60.0)


@pytest.fixture
def impatient(probe: Probe) -> Probe:
    """For what stays silent."""
    return replace(probe, deadline_s=1.0)


def play(probe: Probe, script: str) -> None:
    probe.runtime.executable.write_text(f"#!/bin/sh\n{script}\n")
    probe.runtime.executable.chmod(0o700)


def boots(probe: Probe) -> int:
    found = probe.runtime.executable.with_name("qemu.boots")
    return len(found.read_text().split()) if found.exists() else 0


async def test_kernel_that_speaks_makes_it_kvm(probe: Probe) -> None:
    play(probe, COMES_UP)
    choice = await choose(Accelerator.AUTO, probe)
    assert choice.accelerator is Accelerator.KVM
    assert "a test boot came up" in choice.reason


async def test_silence_makes_it_tcg_in_words(impatient: Probe) -> None:
    play(impatient, STAYS_SILENT)
    choice = await choose(Accelerator.AUTO, impatient)
    assert choice.accelerator is Accelerator.TCG
    assert "silent" in choice.reason


async def test_refused_register_is_named(probe: Probe) -> None:
    play(probe, REFUSES_MSR)
    choice = await choose(Accelerator.AUTO, probe)
    assert choice.accelerator is Accelerator.TCG
    assert "MSR 0x10a" in choice.reason


async def test_verdict_is_remembered_until_forced(probe: Probe, impatient: Probe) -> None:
    play(probe, STAYS_SILENT)
    first = await choose(Accelerator.AUTO, impatient)
    assert await choose(Accelerator.AUTO, probe) == first
    assert boots(probe) == 1
    play(probe, COMES_UP)
    forced = await choose(Accelerator.AUTO, probe, force=True)
    assert forced.accelerator is Accelerator.KVM
    assert await choose(Accelerator.AUTO, probe) == forced
    assert boots(probe) == 2


async def test_verdict_of_another_host_does_not_count(probe: Probe) -> None:
    play(probe, COMES_UP)
    await choose(Accelerator.AUTO, probe)
    probe.memory.write_text(probe.memory.read_text().replace("11.1.3", "10.2.0"))
    await choose(Accelerator.AUTO, probe)
    assert boots(probe) == 2


async def test_broken_memory_is_no_verdict(probe: Probe) -> None:
    play(probe, COMES_UP)
    probe.memory.write_text("{")
    assert (await choose(Accelerator.AUTO, probe)).accelerator is Accelerator.KVM


async def test_missing_device_needs_no_boot_and_is_not_remembered(probe: Probe) -> None:
    play(probe, COMES_UP)
    probe.device.unlink()
    choice = await choose(Accelerator.AUTO, probe)
    assert choice.accelerator is Accelerator.TCG
    assert "has no KVM" in choice.reason
    probe.device.touch()
    assert (await choose(Accelerator.AUTO, probe)).accelerator is Accelerator.KVM


async def test_missing_right_names_the_group(probe: Probe) -> None:
    play(probe, COMES_UP)
    closed = Probe(probe.runtime, probe.kernel, probe.host, probe.memory, CLOSED_TO_ALL)
    choice = await choose(Accelerator.AUTO, closed)
    assert choice.accelerator is Accelerator.TCG
    assert "usermod -aG kvm" in choice.reason
    assert boots(probe) == 0


async def test_accelerator_from_the_settings_is_taken_or_refused(probe: Probe) -> None:
    play(probe, COMES_UP)
    assert (await choose(Accelerator.TCG, probe)).accelerator is Accelerator.TCG
    assert boots(probe) == 0
    for _ in range(2):
        choice = await choose(Accelerator.KVM, probe)
        assert (choice.accelerator, choice.reason) == (Accelerator.KVM, "KVM was chosen in Settings")
    assert boots(probe) == 1
    probe.device.unlink()
    with pytest.raises(SettingsError, match="KVM was chosen"):
        await choose(Accelerator.KVM, probe)
    with pytest.raises(SettingsError, match="HVF"):
        await choose(Accelerator.HVF, probe)


async def test_accelerator_from_the_settings_that_does_nothing_is_refused_until_it_works(
    probe: Probe, impatient: Probe
) -> None:
    play(probe, STAYS_SILENT)
    await choose(Accelerator.AUTO, impatient)
    with pytest.raises(SettingsError, match="stayed silent") as refused:
        await choose(Accelerator.KVM, impatient)
    assert refused.value.next_step == "Set the accelerator to auto"
    play(probe, COMES_UP)
    assert (await choose(Accelerator.KVM, probe)).accelerator is Accelerator.KVM


async def test_accelerator_from_the_settings_is_tried_again_when_asked(probe: Probe, impatient: Probe) -> None:
    play(probe, COMES_UP)
    await choose(Accelerator.KVM, probe)
    play(probe, STAYS_SILENT)
    with pytest.raises(SettingsError, match="stayed silent"):
        await choose(Accelerator.KVM, impatient, force=True)


async def test_verdict_that_cannot_be_written_down_is_taken_all_the_same(probe: Probe, logs: LogWatch) -> None:
    logs.expect("host.json")
    play(probe, COMES_UP)
    probe.memory.mkdir()
    assert (await choose(Accelerator.AUTO, probe)).accelerator is Accelerator.KVM


async def test_emulation_says_how_the_accelerator_is_tried_again(impatient: Probe) -> None:
    play(impatient, STAYS_SILENT)
    for _ in range(2):
        assert (await choose(Accelerator.AUTO, impatient)).reason.endswith(". `moorage doctor` tries again")
    assert "doctor" not in (await choose(Accelerator.AUTO, impatient, force=True)).reason


def test_probe_boots_the_real_kernel_with_the_machines_processor(probe: Probe) -> None:
    arguments = build_probe(Accelerator.KVM, probe)
    assert arguments[arguments.index("-kernel") + 1] == str(probe.kernel)
    assert arguments[arguments.index("-cpu") + 1] == "host,-arch-capabilities"
    assert "quiet" not in arguments[arguments.index("-append") + 1]
