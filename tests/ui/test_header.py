"""The header is true to the state of the machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.core.machine import BootStep, HostUse, Hypervisor, MachineStatus, State
from desktop.views.header import Header
from desktop.views.plain import PlainLabel
from desktop.views.theme import colours_of, style_sheet
from tests.helpers.hostile import HOSTILE
from tests.helpers.shell_pty import until


@pytest.fixture
def header() -> Iterator[Header]:
    made = Header()
    made.show()
    yield made
    made.close()
    made.deleteLater()


def usable(header: Header) -> set[str]:
    buttons = [button for button in header.findChildren(QPushButton) if button.isEnabled() and button.isVisible()]
    return {button.objectName().removeprefix("machine_") for button in buttons}


def caption(header: Header) -> str:
    label = header.findChild(PlainLabel, "machine_detail")
    assert label is not None
    return label.text()


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        (State.STOPPED, {"start"}),
        (State.STARTING, {"stop"}),
        (State.RUNNING, {"suspend", "stop", "restart"}),
        (State.SUSPENDING, set()),
        (State.STOPPING, set()),
        (State.SUSPENDED, {"start", "stop"}),
        (State.FAILED, {"start"}),
    ],
)
def test_buttons_are_true_to_the_state(header: Header, state: State, verbs: set[str]) -> None:
    header.show_status(MachineStatus(state=state))
    assert usable(header) == verbs


def test_nothing_can_be_asked_twice_until_the_state_answers(header: Header) -> None:
    header.show_asked("start")
    assert usable(header) == set()
    header.show_status(MachineStatus(state=State.STARTING))
    assert usable(header) == {"stop"}


def test_kill_is_offered_only_when_the_guest_is_late(header: Header) -> None:
    header.show_status(MachineStatus(state=State.STOPPING, deadline_s=30))
    assert "kill" not in usable(header)
    header.show_status(MachineStatus(state=State.STOPPING, deadline_s=0))
    assert usable(header) == {"kill"}
    header.show_status(MachineStatus(state=State.STOPPED))
    assert usable(header) == {"start"}


def test_stop_that_is_late_by_the_supervisors_word_offers_kill(header: Header) -> None:
    """Asked by another window or in a terminal: no deadline is left, and none may have been seen here."""
    late = MachineStatus(state=State.STOPPING, detail="The guest has not powered off yet", action="kill")
    header.show_status(late)
    assert usable(header) == {"kill"}
    header.show_asked("kill")
    assert usable(header) == set()


@pytest.mark.parametrize(("action", "verbs"), [("", {"start"}), ("build", {"start"}), ("kill", {"start", "kill"})])
def test_failed_machine_offers_what_helps(header: Header, action: str, verbs: set[str]) -> None:
    header.show_status(MachineStatus(state=State.FAILED, action=action))
    assert usable(header) == verbs


def test_machine_whose_engine_is_late_after_a_resume_is_stopped_or_killed(header: Header) -> None:
    header.show_status(MachineStatus(state=State.RESUMING))
    assert usable(header) == {"stop"}
    header.show_status(MachineStatus(state=State.RESUMING, action="kill"))
    assert usable(header) == {"stop", "kill"}


def test_late_answer_offers_kill_until_the_state_moves(header: Header) -> None:
    header.show_status(MachineStatus(state=State.STOPPING))
    header.show_late()
    assert usable(header) == {"kill"}


def test_caption_says_what_goes_on(header: Header) -> None:
    header.show_status(MachineStatus(state=State.STARTING))
    assert caption(header) == "The virtual machine is being switched on"
    steps = (BootStep("init", 0.2), BootStep("network", 1.0))
    header.show_status(MachineStatus(state=State.STARTING, boot_steps=steps, deadline_s=60))
    assert caption(header) == "network, 0.8\u00a0s · at most 60 s more"
    header.show_status(MachineStatus(state=State.STARTING, boot_steps=(*steps, BootStep("ready", 1.1))))
    assert caption(header) == "The guest is up, its engine is coming"
    header.show_status(MachineStatus(state=State.RUNNING, hypervisor=Hypervisor(accelerator="tcg")))
    assert caption(header) == "TCG (software emulation)"
    header.show_status(MachineStatus(state=State.FAILED, detail="disk full\n[ 1.0] log"))
    assert caption(header) == "disk full"


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_outside_do_not_widen_the_window(header: Header, text: str) -> None:
    header.show_status(MachineStatus(state=State.FAILED, detail=text))
    assert header.minimumSizeHint().width() < 640


def test_buttons_say_their_verb(header: Header) -> None:
    said: list[str] = []
    header.verb_requested.connect(said.append)
    header.show_status(MachineStatus(state=State.RUNNING))
    for verb in ("suspend", "stop", "restart"):
        button = header.findChild(QPushButton, f"machine_{verb}")
        assert button is not None
        button.click()
    assert said == ["suspend", "stop", "restart"]


@pytest.mark.parametrize("state", [State.STOPPED, State.RUNNING, State.SUSPENDED])
def test_narrow_header_cuts_neither_a_verb_nor_the_state(header: Header, state: State) -> None:
    header.setStyleSheet(style_sheet(colours_of(header.palette()), 10))
    header.show_status(MachineStatus(state=state))
    header.resize(470, header.height())
    buttons = header.findChildren(QPushButton)
    until(lambda: all(not button.isVisible() or button.width() >= button.sizeHint().width() for button in buttons))
    title = header.findChild(PlainLabel, "machine_state")
    assert title is not None
    until(lambda: title.width() >= title.fontMetrics().horizontalAdvance(state.value))
    header.resize(900, header.height())
    until(lambda: len([button for button in buttons if button.isVisible()]) == 4)


def test_time_passes_while_the_window_is_hidden(header: Header) -> None:
    """Stopped from the tray, looked at later: what is left was told as it had been then."""
    header.hide()
    header.show_status(MachineStatus(state=State.STOPPING, deadline_s=1.0))
    QTest.qWait(1100)
    header.show()
    assert caption(header) == "at most 0 s more" and usable(header) == {"kill"}


def test_a_status_with_new_samples_begins_no_time_anew(header: Header) -> None:
    """While the overview is looked at one comes every two seconds, and each says how long the whole may take."""
    stopping = MachineStatus(state=State.STOPPING, deadline_s=600.0)
    header.show_status(stopping)
    assert caption(header) == "at most 600 s more"
    QTest.qWait(1100)
    header.show_status(replace(stopping, host=HostUse(cpu_percent=1.0)))
    assert caption(header) not in ("at most 600 s more", "")
