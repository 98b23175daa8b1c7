"""What is asked about terminals beside the machine's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.core.text import visible
from desktop.views.question import Answer
from desktop.views.stream_words import SHELLS, Kind, Target

if TYPE_CHECKING:
    from .asking import Asking

LONGEST_NAME = 100


async def may_close(target: Target, asking: Asking) -> bool:
    """A shell ends with its tab; of what else there is a tab is only left."""
    if target.kind not in SHELLS:
        return True
    translate = QCoreApplication.translate
    what = translate("Shells", "Close the shell in %1?").replace("%1", target.name)
    why = translate("Shells", "What runs in it ends. The container and the machine go on.")
    if target.kind is Kind.MACHINE:
        what = translate("Shells", "Close the shell in the machine?")
        why = translate("Shells", "What runs in it ends. The machine and its console go on.")
    answer = await asking.ask(
        "close_shell_question",
        what,
        why,
        (
            Answer("cancel", translate("Shells", "Cancel")),
            Answer("close", translate("Shells", "Close it"), "primary"),
        ),
        default="close",
    )
    return answer == "close"


async def may_send(key: str, target: Target, asking: Asking) -> bool:
    """`key` would reach the container's own program."""
    translate = QCoreApplication.translate
    what = translate("Shells", "Send %1 to %2?").replace("%1", key).replace("%2", visible(target.name, LONGEST_NAME))
    answer = await asking.ask(
        "send_key_question",
        what,
        translate(
            "Shells",
            "This is the terminal of the container's own program. Where that ends, the container ends. "
            "To leave without ending anything, go to another tab or close this one.",
        ),
        (
            Answer("cancel", translate("Shells", "Cancel"), "primary"),
            Answer("send", translate("Shells", "Send it")),
        ),
        default="cancel",
    )
    return answer == "send"


def output_only() -> str:
    return QCoreApplication.translate(
        "Shells", "It takes no input here: what it prints from now on is shown. What it printed before is in its log"
    )
