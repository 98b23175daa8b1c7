"""The last thing of an app that deletes everything: it says that it does, and what went wrong."""

from __future__ import annotations

import asyncio
import re
import signal
import sys

from PySide6.QtCore import QCoreApplication, Qt

from desktop.core.errors import MoorageError
from desktop.core.paths import Home
from desktop.services.everything import delete_everything
from desktop.views.question import Answer, Question
from desktop.views.told import told_sentence

from .asking import answer_of

translate = QCoreApplication.translate


async def delete_shown(home: Home) -> int:
    """Deletes everything under a dialog that says so; the exit code of the app comes back."""
    under_way = Question(
        None, "deleting", translate("Quitting", "Deleting all that Moorage has…"),
        translate("Quitting", "The machine ends first, which can take a while."), (),
    )  # fmt: skip
    under_way.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # put away, it is closed once more here
    try:
        await delete_everything(home)
        return 0
    except MoorageError as error:
        failure = error
    except OSError as error:
        failure = MoorageError(translate("Quitting", "Not everything could be deleted"), str(error))
    finally:
        under_way.close()
        under_way.deleteLater()
    print(failure, file=sys.stderr)
    await _tell(failure)
    return 1


async def _tell(failure: MoorageError) -> None:
    """Until it is put away; the app has no other window by now."""
    sentences = [*re.split(r"(?<=\.) ", failure.why), failure.next_step]
    told = " ".join(map(told_sentence, filter(None, sentences)))
    close = Answer("close", translate("Quitting", "Close"))
    dialog = Question(None, "not_deleted", told_sentence(failure.what), told, (close,), default="close")
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, dialog.reject)
    await answer_of(dialog)
