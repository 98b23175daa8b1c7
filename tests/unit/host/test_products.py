"""Other products' VMs, by command lines that were seen, retyped with a made-up user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from desktop.core.host import OtherVm
from desktop.host.products import Process, other_vms, recognise, without_doubles

SEEN = json.loads((Path(__file__).parents[2] / "data" / "host" / "processes.json").read_text())


@pytest.mark.parametrize("seen", SEEN, ids=[seen["why"] for seen in SEEN])
def test_a_process_is_known_for_what_it_is(seen: dict[str, Any]) -> None:
    process = Process(7, seen["name"] or "cut short here"[:15], seen["executable"], seen["command"])
    found = recognise(process, docker_machines=("default",))
    if seen["expect"] is None:
        assert found is None
    else:
        assert found is not None
        assert {"product": found.product, "hypervisor": found.hypervisor, "name": found.name} == seen["expect"]
        assert found.pid == 7
        assert found.command == (seen["executable"] or (seen["command"] or [seen["name"]])[0])


def test_an_agent_beside_its_qemu_is_one_vm() -> None:
    agent = OtherVm(product="Lima", hypervisor="", name="docker", pid=1)
    qemu = OtherVm(product="Lima", hypervisor="QEMU", name="docker", pid=2)
    other = OtherVm(product="Lima", hypervisor="", name="other", pid=3)
    found = without_doubles([agent, other, qemu])
    assert [(vm.name, vm.pid) for vm in found] == [("docker", 2), ("other", 3)]
    assert all(vm.hypervisor for vm in found)


def test_running_processes_are_found(tmp_path: Path) -> None:
    """A real process with a Lima VM's name and words, found among all that run here."""
    folder = tmp_path / ".lima" / "found-me"
    folder.mkdir(parents=True)
    program = tmp_path / "qemu-system-x86_64"
    program.symlink_to(sys.executable)
    words = ["-c", "import time; time.sleep(600)", "-name", "lima-found-me", "-pidfile", f"{folder}/qemu.pid"]
    process = subprocess.Popen([program, *words], env={**os.environ, "PYTHONHOME": sys.base_prefix})
    try:
        deadline = time.monotonic() + 60
        while not (found := [vm for vm in other_vms() if vm.pid == process.pid]) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [(vm.product, vm.hypervisor, vm.name) for vm in found] == [("Lima", "QEMU", "found-me")]
    finally:
        process.kill()
        process.wait()


def test_names_of_docker_machines_come_from_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from desktop.host.products import _docker_machines

    monkeypatch.setenv("MACHINE_STORAGE_PATH", str(tmp_path))
    assert _docker_machines() == []
    (tmp_path / "machines" / "dev").mkdir(parents=True)
    assert _docker_machines() == ["dev"]
