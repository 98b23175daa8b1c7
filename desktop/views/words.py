"""States, amounts and moments in words, in the user's language."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from desktop.core.machine import State


def state_word(state: State) -> str:
    words = {
        State.STOPPED: QCoreApplication.translate("Words", "Stopped"),
        State.STARTING: QCoreApplication.translate("Words", "Starting"),
        State.RUNNING: QCoreApplication.translate("Words", "Running"),
        State.STOPPING: QCoreApplication.translate("Words", "Stopping"),
        State.SUSPENDING: QCoreApplication.translate("Words", "Suspending"),
        State.SUSPENDED: QCoreApplication.translate("Words", "Suspended"),
        State.RESUMING: QCoreApplication.translate("Words", "Resuming"),
        State.FAILED: QCoreApplication.translate("Words", "Failed"),
    }
    return words[state]


def action_word(action: str) -> str:
    """What helps a failed machine (MachineStatus.action), as words of a button."""
    words = {
        "kill": QCoreApplication.translate("Words", "Kill"),
        "build": QCoreApplication.translate("Words", "Build images"),
        "settings": QCoreApplication.translate("Words", "Open Settings"),
    }
    return words.get(action, QCoreApplication.translate("Words", "Start again"))


def accelerator_word(accelerator: str) -> str:
    words = {
        "kvm": QCoreApplication.translate("Words", "KVM (hardware)"),
        "hvf": QCoreApplication.translate("Words", "Hypervisor.framework (hardware)"),
        "tcg": QCoreApplication.translate("Words", "TCG (software emulation)"),
    }
    return words.get(accelerator, accelerator)


def mib(amount: float) -> str:
    """An amount of MiB with a unit that suits it."""
    locale = QLocale()
    if amount < 1024:
        return QCoreApplication.translate("Words", "%1 MiB").replace("%1", locale.toString(round(amount)))
    gib = amount / 1024
    digits = 0 if gib >= 10 or gib == int(gib) else 1
    return QCoreApplication.translate("Words", "%1 GiB").replace("%1", locale.toString(gib, "f", digits))


def seconds(amount: float) -> str:
    """On one line."""
    text = QLocale().toString(amount, "f", 1)
    return QCoreApplication.translate("Words", "%1 s").replace("%1", text).replace(" ", "\u00a0")


def percent(amount: float) -> str:
    return QLocale().toString(amount, "f", 1) + " %"


def moment(iso: str) -> str:
    """A moment as the user's clock shows it: the time, with the date when it was not today."""
    try:
        then = datetime.fromisoformat(iso).astimezone()
    except (ValueError, OverflowError):  # the latter of the first and last hours that there are
        return iso
    shown = QDateTime.fromSecsSinceEpoch(int(then.timestamp()))
    short = QLocale.FormatType.ShortFormat
    if then.date() == datetime.now().astimezone().date():
        return QLocale().toString(shown.time(), short)
    return QLocale().toString(shown, short)
