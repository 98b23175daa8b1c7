"""Why a container's pane shows what it shows, where it does not simply run: words, and the button that helps."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.core.engine import ON_PURPOSE, Container, EngineLink, Link
from desktop.core.machine import MachineStatus, State
from desktop.core.text import visible

from ..engine_face import RETRY, engine_face
from ..told import told_sentence
from .exit_words import exit_words

START_CONTAINER, UNPAUSE = "start container", "unpause"


@dataclass(frozen=True)
class Situation:
    words: str
    wish: str = ""
    button: str = ""
    is_warning: bool = False


def situation_of(
    status: MachineStatus, link: EngineLink, record: Container | None, refused: str = ""
) -> Situation | None:
    """None while it runs and all is well."""
    translate = QCoreApplication.translate
    if (situation := _engine_situation(status, link)) is not None:
        return situation
    if record is None:
        return Situation(translate("Detail", "The container was removed. This is the last that was seen of it."))
    return _refusal(refused) if refused else _state(record)


def situation_of_many(status: MachineStatus, link: EngineLink, lives: bool, refused: str) -> Situation | None:
    """Of several containers' logs: `lives` says that there is still one of them."""
    if (situation := _engine_situation(status, link)) is not None:
        return situation
    if not lives:
        translate = QCoreApplication.translate
        return Situation(translate("Detail", "All of them were removed. This is the last that was seen of them."))
    return _refusal(refused) if refused else None


def _refusal(refused: str) -> Situation:
    words = QCoreApplication.translate("Detail", "The engine has no log to give: %1")
    return Situation(words.replace("%1", visible(refused, 400)), is_warning=True)


def _engine_situation(status: MachineStatus, link: EngineLink) -> Situation | None:
    translate = QCoreApplication.translate
    face = engine_face(status, link)
    if face is not None:
        words = told_sentence(face.what) + " " + translate("Detail", "This is as it was last known.")
        return Situation(words, face.wish, face.button, status.state is State.FAILED)
    if link.link is Link.LOST:
        words = translate("Detail", "The engine does not answer. This is as it was last known, and goes on by itself.")
        return Situation(
            f"{words} {visible(told_sentence(link.reason), 400)}".strip(), RETRY,
            translate("Faces", "Try again now"), is_warning=True,
        )  # fmt: skip
    return None


def _state(record: Container) -> Situation | None:
    translate = QCoreApplication.translate
    start = translate("Containers", "Start")
    code = record.exit_code
    why = "" if code is None else exit_words(code, record.out_of_memory) + "."
    if record.busy:
        return None
    if record.state == "exited":
        bad = code not in (None, *ON_PURPOSE)
        words = translate("Detail", "It has ended.")
        return Situation(f"{words} {why}".strip(), START_CONTAINER, start, bad)
    if record.state == "created":
        return Situation(translate("Detail", "It has not been started yet."), START_CONTAINER, start)
    if record.state == "paused":
        return Situation(translate("Detail", "It is paused."), UNPAUSE, translate("Detail", "Go on"))
    if record.state == "restarting":
        words = translate("Detail", "It has ended, and the engine starts it again.")
        return Situation(f"{words} {why}".strip(), is_warning=True)
    return None
