"""Which face a pane of the engine wears while there is nothing of the engine to show."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance

from desktop.core.engine import EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible

from .face import Face
from .told import told, told_sentence
from .words import action_word

START, CONSOLE, RETRY = "start", "console", "retry"
VERBS = (START, "kill", "build", "settings")
"""What helps a machine that does not run, as MachineStatus.action has it."""


def engine_face(status: MachineStatus, link: EngineLink) -> Face | None:
    """None when the engine serves, or was lost and is tried again."""
    if status.state is State.RUNNING:
        return _connecting() if link.link in (Link.OFF, Link.CONNECTING, Link.READING) else None
    return machine_face(status)


class Wishful(Protocol):
    """A pane of the engine, which says what the user wishes of the machine."""

    verb_requested: SignalInstance
    console_requested: SignalInstance
    retry_requested: SignalInstance


def pass_on(pane: Wishful, wish: str) -> bool:
    """Says a wish of a face; False where it is none of these."""
    if wish in VERBS:
        pane.verb_requested.emit(wish)
        return True
    said = {CONSOLE: pane.console_requested, RETRY: pane.retry_requested}.get(wish)
    if said is not None:
        said.emit()
    return said is not None


def machine_face(status: MachineStatus) -> Face:
    translate = QCoreApplication.translate
    match status.state:
        case State.STOPPED:
            return _start(
                translate("Faces", "The machine is stopped"),
                translate("Faces", "All that is in it is kept. Start it to see it."),
                translate("Faces", "Start"),
            )
        case State.SUSPENDED:
            return _start(
                translate("Faces", "The machine is suspended"),
                translate("Faces", "Its containers go on where they were when it resumes."),
                translate("Faces", "Resume"),
            )
        case State.FAILED:
            why = visible(told(status.detail.strip().partition("\n")[0]), 400)
            action = status.action or START
            return Face(
                translate("Faces", "The machine failed"), why,
                wish=action, button=action_word(action), primary=True, danger=action == "kill",
            )  # fmt: skip
        case State.STOPPING:
            return _moving(translate("Faces", "The machine is stopping"), "")
        case State.SUSPENDING:
            return _moving(translate("Faces", "The machine is being suspended"), "")
        case State.RESUMING:
            return _moving(translate("Faces", "The machine resumes"), "")
    return _moving(
        translate("Faces", "The machine is starting"),
        translate("Faces", "What runs in it is shown as soon as its engine answers."),
    )


def lost_face(link: EngineLink) -> Face:
    translate = QCoreApplication.translate
    return Face(
        translate("Faces", "The engine does not answer"),
        visible(told_sentence(link.reason), 400),
        wish=RETRY,
        button=translate("Faces", "Try again now"),
    )


def _connecting() -> Face:
    translate = QCoreApplication.translate
    return _moving(translate("Faces", "Connecting to the engine"), "")


def _start(what: str, why: str, button: str) -> Face:
    return Face(what, why, wish=START, button=button, primary=True)


def _moving(what: str, why: str) -> Face:
    return Face(what, why, wish=CONSOLE, button=QCoreApplication.translate("Faces", "Open the console"))
