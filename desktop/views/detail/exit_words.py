"""What an exit code means, in words."""

from __future__ import annotations

import signal

from PySide6.QtCore import QCoreApplication

SIGNALS_FROM = 128


def exit_words(code: int, ran_out_of_memory: bool = False) -> str:
    """`Exit code 137: killed (SIGKILL)`."""
    translate = QCoreApplication.translate
    meaning = translate("Exit", "killed, since its memory was used up") if ran_out_of_memory else _meaning(code)
    words = translate("Exit", "Exit code %1: %2") if meaning else translate("Exit", "Exit code %1")
    return words.replace("%1", str(code)).replace("%2", meaning)


def _meaning(code: int) -> str:
    translate = QCoreApplication.translate
    known = {
        0: translate("Exit", "it ended by itself, without an error"),
        125: translate("Exit", "the engine could not run it"),
        126: translate("Exit", "its command cannot be executed"),
        127: translate("Exit", "its command was not found"),
        130: translate("Exit", "interrupted (SIGINT)"),
        134: translate("Exit", "it gave up by itself (SIGABRT)"),
        137: translate("Exit", "killed (SIGKILL): by hand, or for want of memory"),
        139: translate("Exit", "it crashed (SIGSEGV)"),
        143: translate("Exit", "stopped as it was asked to (SIGTERM)"),
    }
    if code in known:
        return known[code]
    try:
        name = signal.Signals(code - SIGNALS_FROM).name
    except ValueError:
        return ""
    return translate("Exit", "ended by %1").replace("%1", name)
