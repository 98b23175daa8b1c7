"""Which face a pane of the engine wears while there is nothing of the engine to show."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible

from .face import Face
from .told import told, told_sentence

START, CONSOLE, RETRY = "start", "console", "retry"


def engine_face(status: MachineStatus, link: EngineLink) -> Face | None:
    """None when the engine serves, or was lost and is tried again."""
    if status.state is State.RUNNING:
        return _connecting() if link.link in (Link.OFF, Link.CONNECTING) else None
    return machine_face(status)


def machine_face(status: MachineStatus) -> Face:
    translate = QCoreApplication.translate
    match status.state:
        case State.STOPPED:
            return _start(
                translate("Faces", "The machine is stopped"),
                translate("Faces", "Its containers and images are kept. Start it to see them."),
                translate("Faces", "Start"),
            )
        case State.SUSPENDED:
            return _start(
                translate("Faces", "The machine is suspended"),
                translate("Faces", "Its containers go on where they were when it resumes."),
                translate("Faces", "Resume"),
            )
        case State.FAILED:
            return _start(
                translate("Faces", "The machine failed"),
                visible(told(status.detail.strip().partition("\n")[0]), 400),
                translate("Faces", "Start again"),
            )
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
