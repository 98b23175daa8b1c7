"""The volumes: the table of all, and the files of one of them. The latter are made when first asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from .card import button
from .plain import PlainLabel
from .volume_pane import VolumePane


class VolumesPage(QStackedWidget):
    """`files_made` comes once, before files are shown; `left` each time the table is back."""

    files_made = Signal(object)
    left = Signal()

    def __init__(self, table: VolumePane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("volumes_stack")
        self.table = table
        self._files: QWidget | None = None
        self.addWidget(table)
        self.setFocusProxy(table)

    def open(self, volume: str) -> None:
        files = self._files or self._make_files()
        files.setAccessibleName(volume)
        self._name.setText(volume)
        self.setCurrentWidget(files)
        self.setFocusProxy(files)
        files.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        if self.currentWidget() is self.table:
            return
        self.setCurrentWidget(self.table)
        self.setFocusProxy(self.table)
        if self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is held for a look is not kept while nobody looks."""
        super().hideEvent(event)
        self.go_back()

    def _make_files(self) -> QWidget:
        from .detail.files_tab import FilesTab

        made = self._files = QWidget()
        made.setObjectName("volume_files")
        tab = FilesTab(of_volume=True)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head())
        column.addWidget(tab, 1)
        made.setFocusProxy(tab)
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), made)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self.go_back)
        self.addWidget(made)
        self.files_made.emit(tab)
        return made

    def _build_head(self) -> QHBoxLayout:
        self._name = PlainLabel(name="volume_files_name", role="heading", elide=True)
        row = QHBoxLayout()
        row.setContentsMargins(12, 10, 20, 8)
        row.setSpacing(8)
        row.addWidget(button("volume_files_back", "‹ " + self.tr("Volumes"), self.go_back, "quiet"))
        row.addWidget(self._name, 1)
        return row
