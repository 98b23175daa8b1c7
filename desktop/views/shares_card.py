"""The host folders that containers may use: listed, added and removed, and what that lets them do."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from .card import Card, button
from .file_dialog import of_folder
from .plain import PlainLabel

MOST = 8


class SharedFolders(QWidget):
    """A row for each."""


class SharesCard(Card):
    """`changed` carries the folders as they shall be."""

    changed = Signal(list)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__("shares_settings", title, parent=parent)
        words = self.tr("Containers can use these folders with `docker run -v`, at the same path. A container that mounts your home folder can read and change all that is in it, stored passwords and what starts at login included; .ssh, .gnupg and Moorage's own folder stay hidden. What a container's root writes there belongs to you. Its other users, such as a database's, have files of their own there where this computer gives you ids for them (newuidmap); elsewhere a database needs a volume. File watchers in containers do not see what changes on the host. Takes effect when the machine starts.")  # noqa: E501
        if sys.platform != "linux":
            words = self.tr("Containers can use these folders with `docker run -v`, at the same path. Nothing in a shared folder can be hidden on this system, so your home folder is not shared as a whole, for .ssh, .gnupg and Moorage's own folder are in it: add the folders in it that containers may use. What containers write there belongs to you, and `chown` succeeds without effect: a database needs a volume. File watchers in containers do not see what changes on the host. Takes effect when the machine starts.")  # noqa: E501
        self.body.addWidget(PlainLabel(words, name="shares_settings_note", role="caption", wrap=True))
        self._folders: list[str] = []
        self._rows = SharedFolders()
        self._rows.setObjectName("setting_shares")
        self._rows.setAccessibleName(title)
        self._list = QVBoxLayout(self._rows)
        self._list.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._rows)
        self._none = PlainLabel(self.tr("No folder is shared."), name="setting_shares_none", role="caption")
        self.body.addWidget(self._none)
        self._complaint = PlainLabel(name="setting_shares_problem", role="error", wrap=True)
        self._complaint.hide()
        self.body.addWidget(self._complaint)
        self._add = button("share_add", self.tr("Add folder…"), self._ask)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addStretch(1)
        self.body.addLayout(row)

    def show_folders(self, folders: Sequence[str]) -> None:
        self._complaint.hide()
        self._none.setVisible(not folders)
        self._add.setEnabled(len(folders) < MOST)
        if list(folders) == self._folders:
            return
        self._folders = list(folders)
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for number, folder in enumerate(folders):
            self._list.addWidget(self._row(number, folder))

    def show_problem(self, words: str) -> None:
        self._complaint.setText(words)
        self._complaint.setVisible(bool(words))

    def _row(self, number: int, folder: str) -> QWidget:
        made = QWidget()
        made.setObjectName(f"share_{number}")
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        name = self.tr("Home folder (%1)").replace("%1", str(Path.home())) if folder == "~" else folder
        row.addWidget(PlainLabel(name, name=f"share_{number}_path", wrap=True, selectable=True), 1)
        remove = button(f"share_{number}_remove", self.tr("Stop sharing"), lambda: self._remove(folder), "quiet")
        remove.setAccessibleDescription(name)
        row.addWidget(remove)
        return made

    def _remove(self, folder: str) -> None:
        self.changed.emit([other for other in self._folders if other != folder])

    def _ask(self) -> None:
        dialog = of_folder(self, "share_dialog", self.tr("Share a folder with containers"), str(Path.home()))
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, folder: str) -> None:
        if folder not in self._folders:
            self.changed.emit([*self._folders, folder])
