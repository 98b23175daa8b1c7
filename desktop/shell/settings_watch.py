"""Tells when a settings file is another one, whoever wrote it: the window, `moorage config`, an editor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

SOON_MS = 100
"""One write is several changes in a folder, and a machine that starts makes many more there."""


class SettingsWatch(QObject):
    """`changed` comes too where something else in their folders changed."""

    changed = Signal()

    def __init__(self, base: Path, files: Sequence[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = [place for file in files for place in (file, *file.parents) if place.is_relative_to(base)]
        self._watcher = QFileSystemWatcher(self)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._on_soon)
        for told in (self._watcher.fileChanged, self._watcher.directoryChanged):
            told.connect(self._on_told)
        self._watch()

    def _on_told(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _on_soon(self) -> None:
        self._watch()
        self.changed.emit()

    def _watch(self) -> None:
        """A file that is written anew is not watched any more, and a folder may have come."""
        watched = {*self._watcher.files(), *self._watcher.directories()}
        new = {str(place) for place in self._places if place.exists()} - watched
        if new:
            self._watcher.addPaths(sorted(new))
