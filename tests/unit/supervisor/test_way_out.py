"""The containers' way out through a passt that is played, and the ports of the host that they may reach."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.core.machine import State
from desktop.core.paths import MachineFiles
from desktop.machine.record import VmRecord, read
from desktop.supervisor import way_out
from tests.helpers.guest import is_alive, wait_for
from tests.helpers.machine_rig import Play, Rig


@pytest.fixture
def through_passt(files: MachineFiles) -> None:
    files.config.write_text(files.config.read_text() + 'network = "passt"\n')


def record(rig: Rig) -> VmRecord:
    found = read(rig.files.vm_record)
    assert found is not None
    return found


def warned(rig: Rig, words: str) -> Callable[[], bool]:
    return lambda: any(words in warning for warning in rig.publisher.status.warnings)


@pytest.mark.usefixtures("through_passt")
async def test_passt_is_there_until_qemu_ends_and_a_new_supervisor_says_when_it_died(rig: Rig) -> None:
    await rig.machine.start()
    first = record(rig).passt_pid
    assert is_alive(first) and record(rig).is_closed
    await rig.machine.kill(confirmed=True)
    await wait_for(lambda: not is_alive(first))
    await rig.machine.start()
    heir = await rig.die()
    await heir.machine.take_over()
    assert heir.machine.state is State.RUNNING and not warned(heir, "passt")()
    os.kill(record(heir).passt_pid, signal.SIGKILL)
    await wait_for(warned(heir, "passt ended"))


@pytest.mark.usefixtures("through_passt")
async def test_beside_passt_no_port_is_open_that_would_not_answer(rig: Rig) -> None:
    rig.files.config.write_text(rig.files.config.read_text() + 'publish_on = "0.0.0.0"\n')
    await rig.machine.start()
    rig.console.type("publish 8080")
    await wait_for(warned(rig, "which passt keeps shut"))
    rig.files.config.write_text(rig.files.config.read_text() + "host_ports = [5432]\n")
    rig.machine.settings_changed()
    await wait_for(warned(rig, "passt keeps them shut until then"))


@pytest.mark.usefixtures("through_passt")
async def test_where_passt_does_not_start_slirp_is_the_way_out_in_words(rig: Rig, play: Play) -> None:
    play("no-passt")
    await rig.machine.start()
    assert warned(rig, "Containers go out through slirp, since passt cannot be started: no namespace for you")()
    assert record(rig).passt_pid == 0


@pytest.mark.usefixtures("through_passt")
async def test_other_name_servers_than_passt_has_are_told(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.1\n")
    monkeypatch.setattr(way_out, "RESOLVER", resolver)
    monkeypatch.setattr(way_out, "NAMES_LOOK_S", 0.02)
    await rig.machine.start()
    resolver.write_text("# the same\nnameserver 192.0.2.1\n")
    await asyncio.sleep(0.1)
    assert not warned(rig, "name servers")()
    resolver.write_text("nameserver 192.0.2.2\n")
    await wait_for(warned(rig, "This computer's name servers changed"))
    resolver.unlink()
    await wait_for(lambda: not warned(rig, "name servers")())
    resolver.write_text("nameserver 192.0.2.2\n")
    await wait_for(warned(rig, "This computer's name servers changed"))
    await rig.machine.kill(confirmed=True)
    assert not warned(rig, "name servers")()


@pytest.mark.usefixtures("through_passt")
async def test_name_servers_that_changed_while_no_supervisor_was_there_are_told(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolver = tmp_path / "resolv.conf"
    resolver.write_text("nameserver 192.0.2.1\n")
    monkeypatch.setattr(way_out, "RESOLVER", resolver)
    monkeypatch.setattr(way_out, "NAMES_LOOK_S", 0.02)
    await rig.machine.start()
    heir = await rig.die()
    resolver.write_text("nameserver 192.0.2.2\n")
    await heir.machine.take_over()
    await wait_for(warned(heir, "This computer's name servers changed"))
    resolver.write_text("nameserver 192.0.2.1\n")
    await wait_for(lambda: not warned(heir, "name servers")())


async def test_the_guest_is_told_of_allowed_ports_at_once(rig: Rig) -> None:
    settings = rig.files.config.read_text()
    rig.files.config.write_text(settings + "host_ports = [5432, 80]\n")
    await rig.machine.start()
    await wait_for(lambda: record(rig).host_ports == (5432, 80))
    await wait_for(lambda: b"<5432 80>" in rig.console.seen)
    rig.files.config.write_text(settings)
    rig.machine.settings_changed()
    await wait_for(lambda: record(rig).host_ports == ())
