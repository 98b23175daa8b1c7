"""The overview shows what the status says, and nothing it does not know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QPushButton

from desktop.core.engine import SystemSocket
from desktop.core.machine import (
    BootStep,
    Engine,
    HostUse,
    Hypervisor,
    MachinePaths,
    MachineStatus,
    State,
    Supervisor,
    Vm,
)
from desktop.views.card import Facts
from desktop.views.images_card import ImagesState
from desktop.views.overview import Overview
from desktop.views.plain import PlainLabel
from tests.helpers.hostile import HOSTILE
from tests.helpers.shell_pty import until

RUNNING = MachineStatus(
    state=State.RUNNING,
    since="2026-01-02T03:04:05Z",
    hypervisor=Hypervisor(version="11.1.3", accelerator="tcg", accelerator_reason="KVM stays silent", pid=4242),
    supervisor=Supervisor(pid=4230, rss_mib=35.2),
    vm=Vm(cpus=2, memory_mib=2048, disk_mib=61440, disk_used_mib=310, kernel="6.12.48"),
    engine=Engine(reachable=True, version="28.5.2", api_version="1.51", containers_running=2),
    paths=MachinePaths(docker_socket="/home/a b/docker.sock"),
    warnings=("Emulation is slow.",),
)


@pytest.fixture
def overview() -> Iterator[Overview]:
    made = Overview()
    made.resize(900, 700)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def value(overview: Overview, group: str, key: str) -> str:
    facts = overview.findChild(Facts, group)
    assert facts is not None
    return facts.value(key)


def test_hypervisor_vm_and_engine_are_shown(overview: Overview) -> None:
    overview.show_status(replace(RUNNING, host=HostUse(cpu_percent=3.25, rss_mib=410.0)))
    overview.show_host("Linux 6.18.5", "Debian")
    overview.show_counts(2, 7, 12)
    assert value(overview, "hypervisor", "name") == "QEMU 11.1.3"
    assert value(overview, "hypervisor", "accelerator") == "TCG (software emulation)"
    assert value(overview, "hypervisor", "reason") == "KVM stays silent"
    assert value(overview, "hypervisor", "process") == "pid 4242"
    assert value(overview, "hypervisor", "cpu").endswith("of one core")
    assert value(overview, "hypervisor", "memory") == "410 MiB"
    assert value(overview, "hypervisor", "supervisor") == "pid 4230, 35 MiB"
    assert value(overview, "vm", "guest_kernel") == "Linux 6.12.48"
    assert value(overview, "vm", "host_kernel") == "Linux 6.18.5"
    assert value(overview, "vm", "disk") == "310 MiB used of at most 60 GiB"
    assert value(overview, "engine", "version") == "28.5.2"
    assert value(overview, "engine", "containers") == "2 running, 7 in all"
    overview.show_counts(1, 7, 12)  # the engine counts a helper of ours too
    assert value(overview, "engine", "containers") == "1 running, 7 in all"
    assert value(overview, "engine", "images") == "12"


def test_the_steps_of_a_boot_are_shown_each_with_its_time(overview: Overview) -> None:
    steps = (BootStep("init", 0.5), BootStep("network", 3.2), BootStep("answer", 8.0), BootStep("shares", 99.0))
    overview.show_status(replace(RUNNING, boot_steps=steps[:2]))
    assert value(overview, "vm", "boot") == "3.2\u00a0s: init 0.5\u00a0s, network 2.7\u00a0s"
    overview.show_status(replace(RUNNING, boot_steps=steps))
    assert value(overview, "vm", "boot") == "8.0\u00a0s: init 0.5\u00a0s, network 2.7\u00a0s, answer 4.8\u00a0s"
    overview.show_status(replace(RUNNING, boot_steps=()))
    assert value(overview, "vm", "boot") == ""


def test_stopped_machine_has_no_process_and_no_engine(overview: Overview) -> None:
    overview.show_status(RUNNING)
    overview.show_status(replace(RUNNING, state=State.STOPPED, engine=Engine(), warnings=()))
    assert value(overview, "hypervisor", "process") == "not running"
    assert value(overview, "engine", "version") == ""
    assert value(overview, "engine", "answers") == "Answers while the machine runs"


def test_samples_stay_until_the_next_ones(overview: Overview) -> None:
    overview.show_status(replace(RUNNING, host=HostUse(cpu_percent=3.0, rss_mib=410.0)))
    overview.show_status(RUNNING)
    assert value(overview, "hypervisor", "memory") == "410 MiB"
    overview.show_status(replace(RUNNING, hypervisor=replace(RUNNING.hypervisor, pid=5000)))
    assert value(overview, "hypervisor", "memory") == ""


def test_every_row_has_room_for_its_words(overview: Overview) -> None:
    overview.show_status(replace(RUNNING, hypervisor=replace(RUNNING.hypervisor, accelerator_reason="word " * 60)))
    QTest.qWait(50)
    labels = [label for label in overview.findChildren(PlainLabel) if label.isVisible()]
    until(lambda: not [label for label in labels if label.height() < label.heightForWidth(label.width())])


def test_narrow_window_has_one_column(overview: Overview) -> None:
    def lefts() -> set[int]:
        cards = [overview.findChild(QLabel, f"{name}_card_title") for name in ("vm", "hypervisor", "engine")]
        return {card.mapTo(overview, card.rect().topLeft()).x() for card in cards if card is not None}

    assert len(lefts()) == 2
    overview.resize(500, 700)
    until(lambda: len(lefts()) == 1)
    assert overview.widget().width() <= overview.viewport().width()


def test_copy_puts_the_exact_line_on_the_clipboard(overview: Overview) -> None:
    overview.show_status(RUNNING)
    for name, text in (
        ("docker_socket", "/home/a b/docker.sock"),
        ("shell_line", "export DOCKER_HOST='unix:///home/a b/docker.sock'"),
        ("system_link", "sudo ln -s '/home/a b/docker.sock' /var/run/docker.sock"),
    ):
        button = overview.findChild(QPushButton, f"{name}_copy")
        assert button is not None
        button.click()
        assert QGuiApplication.clipboard().text() == text
        assert button.accessibleName() == "Copied"


def test_failure_says_why_shows_the_log_and_offers_to_start(overview: Overview) -> None:
    wishes: list[str] = []
    overview.verb_requested.connect(wishes.append)
    overview.show_status(
        MachineStatus(state=State.FAILED, detail="The engine was not up\n[1] one\n[2] two", next_step="Look there")
    )
    lines = overview.findChild(QPlainTextEdit, "failure_lines")
    start = overview.findChild(QPushButton, "failure_action")
    assert lines is not None and start is not None
    assert lines.toPlainText() == "[1] one\n[2] two"
    assert overview.failure.accessibleName() == "The engine was not up"
    start.click()
    assert wishes == ["start"]
    overview.show_status(RUNNING)
    assert not overview.failure.isVisible()


@pytest.mark.parametrize(
    ("action", "words"),
    [("kill", "Kill"), ("build", "Build images"), ("settings", "Open Settings"), ("", "Start again")],
)
def test_failure_has_the_one_button_that_helps(overview: Overview, action: str, words: str) -> None:
    wishes: list[str] = []
    overview.verb_requested.connect(wishes.append)
    overview.show_status(MachineStatus(state=State.FAILED, detail="It failed", action=action))
    button = overview.findChild(QPushButton, "failure_action")
    assert button is not None
    assert button.text() == button.accessibleName() == words
    button.click()
    assert wishes == [action or "start"]


def test_images_that_are_missing_or_built_are_asked_for_once(overview: Overview) -> None:
    """Their card says it; a failure that they are not known to be missing for has a face of its own."""
    failed = replace(RUNNING, state=State.FAILED, detail="There is no guest image", action="build")
    card, failure = overview.images, overview.failure
    overview.show_status(failed)
    assert failure.isVisible() and not card.isVisible()
    card.show_state(ImagesState(checked=True, problem="There is no guest image yet"))
    assert card.isVisible() and not failure.isVisible()
    overview.show_status(replace(failed, action="start"))
    assert failure.isVisible()
    overview.show_status(failed)
    assert not failure.isVisible()
    card.show_state(ImagesState(checked=True, building=True))
    assert card.isVisible() and not failure.isVisible()
    card.show_state(ImagesState(checked=True))
    assert failure.isVisible() and not card.isVisible()


def test_warnings_come_and_go(overview: Overview) -> None:
    overview.show_status(RUNNING)
    assert overview.findChild(QLabel, "warning_0_words").text() == "Emulation is slow."
    overview.show_status(replace(RUNNING, warnings=("Emulation is slow",)))
    box = overview.findChildren(QFrame, "warning_0")[-1]
    assert box.accessibleName() == "Emulation is slow."
    overview.show_status(replace(RUNNING, warnings=()))
    assert not overview.warnings.isVisible()


def test_switch_says_a_wish_and_shows_only_the_fact(overview: Overview) -> None:
    wishes: list[bool] = []
    card = overview.connect_card
    card.context_requested.connect(wishes.append)
    card.switch.click()
    assert wishes == [True] and not card.switch.isChecked()
    card.show_context(True, "The current context is moorage.")
    assert card.switch.isChecked()


def test_hung_hypervisor_is_shown_as_the_process_that_it_is(overview: Overview) -> None:
    overview.show_status(replace(RUNNING, state=State.FAILED, action="kill"))
    assert overview.findChild(QLabel, "hypervisor_process").text() == "pid 4242"


def test_engine_at_the_systems_socket_is_said_beside_the_line(overview: Overview) -> None:
    overview.show_status(RUNNING)
    note = overview.findChild(QLabel, "system_link_note")
    assert note is not None and not note.isVisible()
    overview.connect_card.show_system_socket(SystemSocket.TAKEN)
    assert note.isVisible() and "leaves it as it is" in note.text()
    overview.connect_card.show_system_socket(SystemSocket.OURS)
    assert note.isVisible() and "leads here already" in note.text()
    overview.connect_card.show_system_socket(SystemSocket.FREE)
    assert not note.isVisible()


def test_other_products_are_listed_and_replaced(overview: Overview) -> None:
    overview.show_products([("Lima “default”", "QEMU, pid 9")])
    overview.show_products([("Colima", "QEMU, pid 10")])
    QTest.qWait(1)
    assert overview.findChild(QLabel, "other_0_strong").text() == "Colima"
    overview.show_products([])
    assert overview.findChild(QLabel, "others_empty").isVisible()


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_is_markup(overview: Overview, text: str) -> None:
    overview.show_status(
        replace(
            RUNNING,
            state=State.FAILED,
            detail=f"{text}\n{text}",
            next_step=text,
            warnings=(text,),
            hypervisor=Hypervisor(version=text, accelerator=text, accelerator_reason=text),
            vm=replace(RUNNING.vm, kernel=text),
        )
    )
    overview.show_products([(text, text)])
    overview.connect_card.show_context(False, text)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in overview.findChildren(QLabel))
    assert overview.minimumSizeHint().width() < 600


def test_who_looks_is_told(overview: Overview) -> None:
    said: list[bool] = []
    overview.shown_changed.connect(said.append)
    overview.hide()
    overview.show()
    assert said == [False, True]
