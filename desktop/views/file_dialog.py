"""The dialogs that ask for a file or a folder of this computer. Who asks opens them; closed, they are gone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget


class FileDialog(QFileDialog):
    answered = Signal(str)  # a path, empty where it was put away

    def __init__(self, parent: QWidget | None, name: str, title: str, start: str = "") -> None:
        super().__init__(parent, title, start)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.finished.connect(lambda result: self.answered.emit(self.selectedFiles()[0] if result else ""))


def to_save(parent: QWidget | None, name: str, title: str, proposed: str, start: str = "") -> FileDialog:
    made = FileDialog(parent, name, title, start)
    made.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    made.selectFile(proposed)
    return made


def to_open(parent: QWidget | None, name: str, title: str, start: str = "") -> FileDialog:
    made = FileDialog(parent, name, title, start)
    made.setFileMode(QFileDialog.FileMode.ExistingFile)
    return made


def of_folder(parent: QWidget | None, name: str, title: str, start: str) -> FileDialog:
    made = FileDialog(parent, name, title, start)
    made.setFileMode(QFileDialog.FileMode.Directory)
    made.setOption(QFileDialog.Option.ShowDirsOnly)
    return made
