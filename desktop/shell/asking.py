"""Asks the user and waits for the answer, while everything else goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.views.question import Answer, Question

from .together_told import names_in
from .window import MainWindow

translate = QCoreApplication.translate


class Asking:
    """Questions come over the window, which is brought forward for them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
        """The key of the chosen answer; empty where the question was put away."""
        self._window.come_forward()
        return str(await answer_of(Question(self._window, name, what, why, answers, default)))

    async def agrees(self, name: str, what: str, why: str, yes: Answer) -> bool:
        """Whether the user chose it, and not the usual answer, which leaves all as it is."""
        cancel = Answer("cancel", translate("Actions", "Cancel"))
        return await self.ask(name, what, why, (cancel, yes), default="cancel") == yes.key

    async def ask_for_good(
        self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str, tick: str
    ) -> tuple[str, bool]:
        """The same, and whether it is the answer from now on, which `tick` names."""
        self._window.come_forward()
        question = Question(self._window, name, what, why, answers, default, tick)
        return str(await answer_of(question)), question.is_ticked

    async def ask_text(
        self, name: str, what: str, label: str, text: str, word: str, fits: Callable[[str], bool]
    ) -> str:
        """The line that was given; empty where the question was put away."""
        from desktop.views.text_question import TextQuestion  # not before one is asked

        return str(await answer_of(TextQuestion(self.window, name, what, label, text, word, fits)))

    async def may_delete(self, name: str, what: str, why: str, word: str) -> bool:
        """Whether the user typed what says that it is meant; `word` is the button's."""
        from desktop.views.text_question import TextQuestion

        typed = translate("Actions", "delete")
        label = translate("Actions", "Type “%1” to confirm it").replace("%1", typed)
        question = TextQuestion(
            self.window, name, what, label, "", word, lambda text: text.casefold() == typed, "danger", why
        )
        return bool(await answer_of(question))

    @property
    def window(self) -> QWidget:
        """What a dialog is to stand over, brought forward for it."""
        self._window.come_forward()
        return self._window

    async def may_remove(self, what: str, names: Sequence[str], why: str) -> bool:
        """Whether the user says yes to the removal of things with these names."""
        remove = Answer("remove", translate("Actions", "Remove"), "danger")
        return await self.agrees("remove_question", what, "\n".join([*names_in(names), "", why]), remove)


async def answer_of(dialog: Any) -> Any:
    """What a dialog that is open says as `answered`; it is put away where nobody waits for it any more."""
    answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def on_answered(answer: Any) -> None:
        if not answered.done():
            answered.set_result(answer)

    dialog.answered.connect(on_answered)
    try:
        return await answered
    except asyncio.CancelledError:
        dialog.reject()
        raise
