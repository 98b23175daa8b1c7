"""Paints the cells of a record table.

Qt's own delegate asks a Python model eight times a cell and shapes each text anew: 24 ms a screen of rows
where this takes 7.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QStaticText
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionFocusRect,
    QStyleOptionViewItem,
    QTableView,
)

from desktop.models.record_rows import Cell
from desktop.models.record_table import RecordTableModel

from .state_mark import SIZE_PX, mark_icon
from .theme import colours_of

R = TypeVar("R")

PADDING_PX = 11  # beside the text of a cell
MARK_GAP_PX = 6
INSET_PX = 20
TEXTS_KEPT = 4096
UNDERLINE_PX = 2  # below the base line

Key = tuple[str, int, bool]


class CellDelegate(QStyledItemDelegate, Generic[R]):
    """Texts that were shaped once are kept, by what they say and the room they have."""

    def __init__(self, table: QTableView, model: RecordTableModel[R]) -> None:
        super().__init__(table)
        self._table, self._records = table, model
        self._texts: dict[Key, QStaticText] = {}
        self._bold: QFont | None = None
        self._inks: dict[tuple[int, bool], QColor] = {}
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _LOOKS:
            self._texts.clear()
            self._inks.clear()
            self._bold = None
        return False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        style: Any = option  # Qt's stubs leave the fields of style options out
        cell = self._records.cell(index.row(), index.column())
        width = QFontMetrics(self._font(style.font, cell)).horizontalAdvance(cell.text) + self._before(cell)
        return QSize(width + 2 * PADDING_PX + 1, style.fontMetrics.height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        style: Any = option
        cell = self._records.cell(index.row(), index.column())
        look = self._table.style()
        state = style.state.value
        if state & _BACKED:
            look.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, self._table)
        elif cell.group is not None:
            painter.fillRect(style.rect, style.palette.color(QPalette.ColorRole.AlternateBase))
        room = style.rect.adjusted(PADDING_PX, 0, -PADDING_PX, 0)
        rightwards = style.direction is not Qt.LayoutDirection.RightToLeft
        if before := self._before(cell):
            self._draw_before(painter, style, cell, room, rightwards)
            room = room.adjusted(before, 0, 0, 0) if rightwards else room.adjusted(0, 0, -before, 0)
        if cell.text and room.width() > 0:
            is_tame = cell.text.isascii()
            if not is_tame:  # marks that are stacked on a letter would cover the rows above and below
                painter.save()
                painter.setClipRect(style.rect, Qt.ClipOperation.IntersectClip)
            self._draw_text(painter, style, state & _INKED, cell, room)
            if not is_tame:
                painter.restore()
        if state & _FOCUSED:
            focus: Any = QStyleOptionFocusRect()
            focus.rect, focus.state, focus.palette = style.rect, style.state, style.palette
            look.drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, focus, painter, self._table)

    def _draw_text(self, painter: QPainter, style: Any, state: int, cell: Cell, room: QRect) -> None:
        key = (cell.text, room.width(), cell.leads)
        font = self._font(style.font, cell)
        text = self._texts.get(key) or self._shaped(key, font, painter)
        size = text.size()
        to_left = cell.right is (style.direction is Qt.LayoutDirection.RightToLeft)
        x = room.left() if to_left else room.right() + 1 - round(size.width())
        y = room.top() + (room.height() - round(size.height())) // 2
        painter.setPen(self._ink(style, state, cell.links))
        if font is not style.font:
            painter.setFont(font)
        painter.drawStaticText(x, y, text)
        if cell.links:  # a static text has no underline where the screen is scaled
            line = y + style.fontMetrics.ascent() + UNDERLINE_PX
            painter.drawLine(x, line, x + round(size.width()) - 1, line)
        if font is not style.font:
            painter.setFont(style.font)

    def _shaped(self, key: Key, font: QFont, painter: QPainter) -> QStaticText:
        text = self._static(key[0], font, painter)
        if text.size().width() > key[1]:
            short = QFontMetrics(font).elidedText(key[0], Qt.TextElideMode.ElideRight, key[1])
            text = self._static(short, font, painter)
        if len(self._texts) >= TEXTS_KEPT:
            self._texts.clear()
        self._texts[key] = text
        return text

    def _static(self, words: str, font: QFont, painter: QPainter) -> QStaticText:
        text = QStaticText(words)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.prepare(painter.transform(), font)
        return text

    def _draw_before(self, painter: QPainter, style: Any, cell: Cell, room: QRect, rightwards: bool) -> None:
        """The shape of a state, or the arrow of a group that opens and closes."""
        if not cell.mark and not cell.leads:
            return
        left = room.left() if rightwards else room.right() + 1 - SIZE_PX
        place = QRect(left, room.center().y() - SIZE_PX // 2 + 1, SIZE_PX, SIZE_PX)
        if cell.leads:
            self._draw_arrow(painter, style, bool(cell.group), place, rightwards)
        elif cell.mark:
            icon = mark_icon(cell.mark, colours_of(style.palette), self._table.devicePixelRatioF())
            icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, _mode(style))

    def _draw_arrow(self, painter: QPainter, style: Any, is_open: bool, place: QRect, rightwards: bool) -> None:
        kinds = QStyle.PrimitiveElement
        shut = kinds.PE_IndicatorArrowRight if rightwards else kinds.PE_IndicatorArrowLeft
        option: Any = QStyleOption()
        palette = QPalette(style.palette)
        if style.state & QStyle.StateFlag.State_Selected:
            palette.setColor(QPalette.ColorRole.WindowText, style.palette.highlightedText().color())
        option.rect, option.state, option.palette = place, style.state, palette
        look = self._table.style()
        look.drawPrimitive(kinds.PE_IndicatorArrowDown if is_open else shut, option, painter, self._table)

    def _before(self, cell: Cell) -> int:
        if cell.inset:
            return INSET_PX
        return SIZE_PX + MARK_GAP_PX if cell.mark or cell.leads else 0

    def _font(self, font: QFont, cell: Cell) -> QFont:
        if not cell.leads:
            return font
        if self._bold is None:
            self._bold = QFont(font)
            self._bold.setBold(True)
        return self._bold

    def _ink(self, style: Any, state: int, links: bool) -> QColor:
        ink = self._inks.get((state, links))
        if ink is None:
            role = QPalette.ColorRole.Link if links else QPalette.ColorRole.Text
            if state & _SELECTED:
                role = QPalette.ColorRole.HighlightedText
            ink = self._inks[state, links] = style.palette.color(_group(state), role)
        return ink


# Plain numbers: Python's own flags cost a third of the time of a painting.
_SELECTED = QStyle.StateFlag.State_Selected.value
_ENABLED = QStyle.StateFlag.State_Enabled.value
_ACTIVE = QStyle.StateFlag.State_Active.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value
_BACKED = _SELECTED | QStyle.StateFlag.State_MouseOver.value
_INKED = _SELECTED | _ENABLED | _ACTIVE
_LOOKS = (
    QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange, QEvent.Type.DevicePixelRatioChange
)  # fmt: skip


def _group(state: int) -> QPalette.ColorGroup:
    if not state & _ENABLED:
        return QPalette.ColorGroup.Disabled
    return QPalette.ColorGroup.Active if state & _ACTIVE else QPalette.ColorGroup.Inactive


def _mode(style: Any) -> QIcon.Mode:
    state = style.state.value
    if not state & _ENABLED:
        return QIcon.Mode.Disabled
    return QIcon.Mode.Selected if state & _SELECTED else QIcon.Mode.Normal
