"""What the command says while a verb runs."""

from __future__ import annotations

import pytest

from desktop.cli.failure import report
from desktop.cli.output import Progress, status_text, under_way
from desktop.core.errors import MoorageError
from desktop.core.machine import BootStep, Engine, MachineStatus, State, Vm


def test_each_step_of_a_boot_is_printed_once_with_its_own_time(capfd: pytest.CaptureFixture[str]) -> None:
    steps = (BootStep("init", 0.5), BootStep("network", 3.25), BootStep("answer", 8.0), BootStep("shares", 99.0))
    with Progress(verbose=True) as progress:
        for number in (0, 1, 1, 3, 4):
            progress.show(MachineStatus(boot_steps=steps[:number]))
    assert capfd.readouterr().err.splitlines() == [
        "   0.50 s    +0.50 s  init",
        "   3.25 s    +2.75 s  network",
        "   8.00 s    +4.75 s  answer",
    ]


def test_step_that_is_heard_of_late_is_printed_and_no_other_twice(capfd: pytest.CaptureFixture[str]) -> None:
    init, modules, network = BootStep("init", 0.5), BootStep("modules", 1.0), BootStep("network", 3.25)
    with Progress(verbose=True) as progress:
        for steps in ((init,), (init, network), (init, modules, network), (), (init,)):
            progress.show(MachineStatus(boot_steps=steps))
    assert [line.split()[-1] for line in capfd.readouterr().err.splitlines()] == ["init", "network", "modules", "init"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (("It cannot be", "this computer has 2", "Change it"), "It cannot be: this computer has 2. Change it."),
        (("There is no log", "Nothing has run", "Start it"), "There is no log. Nothing has run. Start it."),
        (("Delete it?", "it is gone then", ""), "Delete it? it is gone then."),
        (("It cannot be", "this\nand that", "Change it"), "It cannot be: this\nand that\nChange it."),
        (("It cannot be", "", "Change it"), "It cannot be. Change it."),
    ],
)
def test_a_reason_that_goes_on_with_the_sentence_stands_behind_a_colon(
    capfd: pytest.CaptureFixture[str], error: tuple[str, str, str], said: str
) -> None:
    report(MoorageError(*error))
    assert capfd.readouterr().err == f"moorage: {said}\n"


@pytest.mark.parametrize(
    ("count", "cpus", "containers"), [(1, "1 CPU,", "1 container running"), (2, "2 CPUs,", "2 containers running")]
)
def test_one_is_told_as_one(count: int, cpus: str, containers: str) -> None:
    engine = Engine(reachable=True, version="28.5.2", api_version="1.51", containers_running=count)
    said_of_it = status_text(MachineStatus(state=State.RUNNING, vm=Vm(cpus=count), engine=engine))
    assert cpus in said_of_it and said_of_it.count(containers) == 1
    assert "None" not in status_text(MachineStatus(engine=Engine(reachable=True)))


def test_a_boot_that_is_waited_for_tells_the_step_it_has_done_last() -> None:
    steps = (BootStep("init", 0.5), BootStep("containerd", 3.0))
    assert under_way(MachineStatus(state=State.STARTING)) == "starting"
    assert under_way(MachineStatus(state=State.STARTING, boot_steps=steps)) == "starting · containerd"
    stopping = MachineStatus(state=State.STOPPING, detail="Waits for its containers to end", boot_steps=steps)
    assert under_way(stopping) == "stopping · Waits for its containers to end"
