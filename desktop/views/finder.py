"""A line to type in and what it finds, over the window: by keyboard alone, and by mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.text import visible
from desktop.models.finder import SHOWN, Entry

from .plain import PlainLabel
from .theme import colours_of

SIZE = QSize(600, 420)
ROW_PADDING_PX = 14
_DETAIL = int(Qt.ItemDataRole.UserRole)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}


class Finder(QDialog):
    """Opens at once; says `answered` with the entry that was chosen, None where it was put away.

    `search` gives what there is for a text, the best first.
    """

    answered = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        name: str,
        title: str,
        hint: str,
        search: Callable[[str], list[Entry]],
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._search = search
        self._entries: list[Entry] = []
        self._chosen: Entry | None = None
        self._line = QLineEdit()
        self._line.setObjectName(f"{name}_line")
        self._line.setAccessibleName(hint)
        self._line.setPlaceholderText(hint)
        self._line.installEventFilter(self)
        self._line.textChanged.connect(lambda _: self._fill())
        self._list = self._make_list(f"{name}_list", title)
        # The line keeps the focus: a screen reader hears of the row as what describes it.
        self._list.currentRowChanged.connect(self._describe)
        self._summary = PlainLabel(name=f"{name}_summary", role="caption", elide=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(8)
        for part in (self._line, self._list, self._summary):
            column.addWidget(part)
        self.finished.connect(lambda _: self.answered.emit(self._chosen))
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self._fill()
        self.open()
        self._line.setFocus(Qt.FocusReason.PopupFocusReason)

    def refresh(self) -> None:
        """Finds again among others. What is at hand stays it, since Return may be on its way."""
        row = self._list.currentRow()
        before = _what(self._entries[row]) if row >= 0 else None
        self._fill()
        same = (number for number, entry in enumerate(self._entries[:SHOWN]) if _what(entry) == before)
        self._list.setCurrentRow(next(same, 0))

    def _fill(self) -> None:
        self._entries = self._search(self._line.text())
        self._list.clear()
        for entry in self._entries[:SHOWN]:
            item = QListWidgetItem(visible(entry.title, 200))
            item.setData(_DETAIL, visible(entry.detail, 200))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, visible(f"{entry.title}, {entry.detail}", 400))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._summary.setText(self._words())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys go to the line; those that move go on to the list."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _STEPS:
                last = self._list.count() - 1
                self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + _STEPS[key])))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self._list.currentRow())
                return True
        return super().eventFilter(watched, event)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._entries):
            self._chosen = self._entries[row]
            self.accept()

    def _describe(self, row: int) -> None:
        item = self._list.item(row)
        self._line.setAccessibleDescription(item.data(Qt.ItemDataRole.AccessibleTextRole) if item else "")

    def _words(self) -> str:
        total = len(self._entries)
        if not total:
            return self.tr("Nothing matches “%1”").replace("%1", self._line.text())
        if total <= SHOWN:
            return ""
        words = self.tr("The first %1 of %2").replace("%1", self.locale().toString(SHOWN))
        return words.replace("%2", self.locale().toString(total))

    def _make_list(self, name: str, title: str) -> QListWidget:
        made = QListWidget()
        made.setObjectName(name)
        made.setAccessibleName(title)
        made.setUniformItemSizes(True)
        made.setFrameShape(QListWidget.Shape.NoFrame)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the line has it, and moves the row
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setItemDelegate(_Row(made))
        made.itemClicked.connect(lambda item: self._choose(made.row(item)))
        return made


def _what(entry: Entry) -> tuple[str, str, str]:
    """By which it is known again: its value is a new one each time."""
    return entry.title, entry.detail, entry.words


class _Row(QStyledItemDelegate):
    """The title, and its detail at the other end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(0, hint.height() + ROW_PADDING_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option  # Qt's stubs leave the fields of style options out
        style.widget.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, style.widget
        )
        painter.save()
        painter.setClipRect(style.rect, Qt.ClipOperation.IntersectClip)  # letters may be stacked
        rect: QRect = style.rect.adjusted(10, 0, -10, 0)
        chosen = bool(style.state & QStyle.StateFlag.State_Selected)
        colours = colours_of(style.palette)
        near, far = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        painter.setLayoutDirection(style.direction)  # by which left is where words begin
        metrics = painter.fontMetrics()
        detail = metrics.elidedText(index.data(_DETAIL), Qt.TextElideMode.ElideRight, rect.width() // 2)
        room = rect.width() - metrics.horizontalAdvance(detail) - 16
        title = metrics.elidedText(index.data(), Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(colours.on_accent if chosen else colours.text)
        painter.drawText(rect, int(near | Qt.AlignmentFlag.AlignVCenter), title)
        painter.setPen(colours.on_accent if chosen else colours.muted)
        painter.drawText(rect, int(far | Qt.AlignmentFlag.AlignVCenter), detail)
        painter.restore()
