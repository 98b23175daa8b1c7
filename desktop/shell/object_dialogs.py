"""What is asked of the user about volumes and networks: forms, choices and files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop.models.finder import Entry, find
from desktop.views.file_dialog import to_open, to_save
from desktop.views.finder import Finder
from desktop.views.form import Field, Form, Values

from .asking import Asking, answer_of

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*")

translate = QCoreApplication.translate


class ObjectDialogs:
    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    async def form(
        self, name: str, title: str, fields: tuple[Field, ...], ok: str, problem: Callable[[Values], str]
    ) -> Values | None:
        answer: Values | None = await answer_of(Form(self._asking.window, name, title, fields, ok, problem=problem))
        return answer

    async def container(self, name: str, title: str, entries: list[Entry]) -> str | None:
        """The id of the one that was chosen."""
        hint = translate("ObjectActions", "Find a container")
        chosen = await answer_of(Finder(self._asking.window, name, title, hint, lambda text: find(entries, text)))
        return None if chosen is None else str(chosen.value)

    async def file(self, title: str, save_as: str = "") -> Path | None:
        """A file to read, or with `save_as` one to write."""
        window, called = self._asking.window, "volume_file_dialog"
        dialog = to_save(window, called, title, save_as) if save_as else to_open(window, called, title)
        if save_as:
            dialog.setDefaultSuffix("tar")
        dialog.open()
        path: str = await answer_of(dialog)
        return Path(path) if path else None


def name_problem(name: str) -> str:
    """Why the engine would not take it as a name."""
    if _NAME.fullmatch(name):
        return ""
    return translate("ObjectActions", "Names have letters, digits and . _ - and begin with a letter or digit.")
