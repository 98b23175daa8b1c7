"""Asks the user and waits for the answer, while everything else goes on."""

from __future__ import annotations

import asyncio

from desktop.views.question import Answer, Question

from .window import MainWindow


class Asking:
    """Questions come over the window, which is brought forward for them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    async def ask(self, name: str, what: str, why: str, answers: tuple[Answer, ...], default: str = "") -> str:
        """The key of the chosen answer; empty where the question was put away."""
        self._window.come_forward()
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        question = Question(self._window, name, what, why, answers, default)

        def on_answered(key: str) -> None:
            if not answered.done():
                answered.set_result(key)

        question.answered.connect(on_answered)
        try:
            return await answered
        except asyncio.CancelledError:
            question.reject()
            raise
