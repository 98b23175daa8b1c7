"""What is said of terminals beside the machine's own: shells, containers' own, other products' consoles."""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.core.machine import State

_SUSPENSION = (State.SUSPENDING, State.SUSPENDED, State.RESUMING)
_END = (State.STOPPING, State.STOPPED)


class Kind(Enum):
    SHELL = auto()  # in a container
    MACHINE = auto()  # another root shell in the machine, beside its console
    ATTACHED = auto()  # a container's own input and output
    OTHER = auto()  # the console of another product's machine


SHELLS = (Kind.SHELL, Kind.MACHINE)
"""What is opened here, and ends with its tab."""


class Target(NamedTuple):
    """`id` is a container's, or a console's path; there is one machine."""

    kind: Kind
    id: str
    name: str


MACHINE_SHELL = Target(Kind.MACHINE, "", "machine")


class Phase(Enum):
    """How a terminal stands."""

    OPENING = auto()
    OPEN = auto()
    REFUSED = auto()  # it could not be opened; the words come with it
    EXITED = auto()  # it ended by itself
    CONTAINER_ENDED = auto()
    CONTAINER_REMOVED = auto()
    LOST = auto()  # the engine or the machine went away; the machine's state says which


def title_of(kind: Kind) -> str:
    """With %1 for the name, as a screen reader is told."""
    translate = QCoreApplication.translate
    return {
        Kind.SHELL: translate("ShellPane", "Shell in %1"),
        Kind.MACHINE: translate("ShellPane", "Shell in the machine"),
        Kind.ATTACHED: translate("ShellPane", "Own terminal of %1"),
        Kind.OTHER: translate("ShellPane", "Console of %1"),
    }[kind]


def close_words_of(kind: Kind) -> str:
    translate = QCoreApplication.translate
    return {
        Kind.SHELL: translate("ConsoleTabs", "Close the shell in %1"),
        Kind.MACHINE: translate("ConsoleTabs", "Close the shell in the machine"),
        Kind.ATTACHED: translate("ConsoleTabs", "Detach from %1"),
        Kind.OTHER: translate("ConsoleTabs", "Let go of the console of %1"),
    }[kind]


def tab_words_of(kind: Kind) -> str:
    if kind is Kind.MACHINE:
        return QCoreApplication.translate("ConsoleTabs", "Machine, shell")
    return QCoreApplication.translate("ConsoleTabs", "%1, attached") if kind is Kind.ATTACHED else "%1"


def idle_words_of(kind: Kind) -> str:
    """What is said where nothing was printed yet; empty for what is always said."""
    if kind is not Kind.OTHER:
        return ""
    return QCoreApplication.translate(
        "ShellPane",
        "Nothing was printed yet. Press Enter for a prompt. Where none comes, another program may have this console",
    )


def phase_words(kind: Kind, phase: Phase, state: State) -> str:
    """Why nothing can be typed, with %1 for the name; empty where the words come from elsewhere."""
    translate = QCoreApplication.translate
    if phase is Phase.CONTAINER_REMOVED:
        return translate("ShellPane", "%1 was removed. This is the last that was seen of it.")
    if kind is Kind.MACHINE and phase is Phase.OPENING:
        return translate("ShellPane", "Opening a shell in the machine…")
    if kind in SHELLS:
        return _of_shell(phase, state)
    return _of_attached(phase, state) if kind is Kind.ATTACHED else _of_other(phase)


def _of_shell(phase: Phase, state: State) -> str:
    translate = QCoreApplication.translate
    if phase is Phase.OPENING:
        return translate("ShellPane", "Opening a shell in %1…")
    if phase is Phase.CONTAINER_ENDED:
        return translate("ShellPane", "%1 does not run any more, and its shell ended with it.")
    if phase is Phase.EXITED:
        return translate("ShellPane", "The shell has ended.")
    if state in _SUSPENSION:
        return translate("ShellPane", "The machine was suspended, which cut off this shell.")
    if state in _END:
        return translate("ShellPane", "The machine was stopped, and this shell ended with it.")
    if state is State.FAILED:
        return translate("ShellPane", "The machine failed, and this shell ended with it.")
    return translate("ShellPane", "The connection to the engine was lost, which cut off this shell.")


def _of_attached(phase: Phase, state: State) -> str:
    translate = QCoreApplication.translate
    if phase is Phase.OPENING:
        return translate("ShellPane", "Attaching to %1…")
    if phase is Phase.CONTAINER_ENDED:
        return translate("ShellPane", "%1 does not run any more.")
    if phase is Phase.EXITED:
        return translate("ShellPane", "%1 goes on, but the engine let go of this terminal.")
    if state in _SUSPENSION:
        return translate("ShellPane", "The machine was suspended. %1 goes on where it was when it resumes.")
    if state in _END:
        return translate("ShellPane", "The machine was stopped, and %1 with it.")
    if state is State.FAILED:
        return translate("ShellPane", "The machine failed, and %1 ended with it.")
    return translate("ShellPane", "The connection to the engine was lost. This terminal is detached.")


def _of_other(phase: Phase) -> str:
    translate = QCoreApplication.translate
    if phase is Phase.OPENING:
        return translate("ShellPane", "Opening the console of %1…")
    return translate("ShellPane", "The console of %1 was closed from its side.")
