"""Terminals in a container's pane, one for each: made when the tab is first shown, kept when one leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.engine import Container

from ..face import Face, FaceView
from ..stream_words import Kind, Target

if TYPE_CHECKING:
    from ..stream_pane import StreamPane


class StreamTab(QStackedWidget):
    """Of one kind. `made` comes with each terminal, which whoever serves it opens."""

    made = Signal(object)  # StreamPane

    def __init__(self, name: str, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._kind = kind
        self._target = Target(kind, "", "")
        self._can_open = False
        self._closed = ""  # the container whose terminal the user has closed: it does not open by itself again
        self._panes: dict[str, StreamPane] = {}
        self._put_away: set[StreamPane] = set()  # by nobody but this
        self._face = FaceView(f"{name}_face", "console")
        self._face.wished.connect(lambda _wish: self._open())
        self.addWidget(self._face)
        self._show()

    def begin(self, record: Container) -> None:
        """Another container. Of those before, what has ended goes."""
        self._target, self._closed = Target(self._kind, record.id, record.name), ""
        for pane in tuple(self._panes.values()):
            if pane.is_over:
                self._put_away.add(pane)
                pane.close_requested.emit()
        self.show_record(record, True)

    def show_record(self, record: Container | None, is_reachable: bool) -> None:
        """What is known of the container now, and whether its engine answers."""
        self._can_open = is_reachable and record is not None and record.state == "running"
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        id = self._target.id
        if id not in self._panes and self._can_open and self.isVisible() and self._closed != id:
            self._open()
        self._show()

    def _open(self) -> None:
        from ..stream_pane import StreamPane

        target = self._target
        if not self._can_open or target.id in self._panes:
            return
        pane = self._panes[target.id] = StreamPane(target)
        pane.closed.connect(lambda: self._remove(pane))
        self.addWidget(pane)
        self._show()
        self.made.emit(pane)
        if self.isVisible():
            pane.setFocus()

    def _remove(self, pane: StreamPane) -> None:
        if pane in self._put_away:
            self._put_away.remove(pane)
        else:
            self._closed = pane.target.id
        del self._panes[pane.target.id]
        self.removeWidget(pane)
        pane.deleteLater()
        self._refresh()

    def _show(self) -> None:
        pane = self._panes.get(self._target.id)
        shown: QWidget = pane if pane is not None else self._face
        self._face.show_face(self._words())
        self.setCurrentWidget(shown)
        self.setFocusProxy(shown)

    def _words(self) -> Face:
        is_shell = self._kind is Kind.SHELL
        if not self._can_open:
            return Face(self.tr("No terminal is open"), self.tr("It opens here when the container runs."))
        if is_shell:
            return Face(self.tr("No terminal is open"), wish="open", button=self.tr("Open a shell"), primary=True)
        goes_on = self.tr("The container goes on.")
        return Face(self.tr("Detached"), goes_on, wish="open", button=self.tr("Attach"), primary=True)
