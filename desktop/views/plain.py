"""Labels, tooltips and button texts that never take text from outside for markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.text import visible, visible_lines

LONGEST_WORD_PX = 560
_SELECTABLE = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class PlainLabel(QLabel):
    """A label that shows its text as it is: no HTML, no mnemonics, control characters made visible.

    `role` names the typography (`title`, `heading`, `caption`, `value`, `mono` ..., see `views/theme`),
    `wrap` keeps line breaks and wraps, `elide` gives way in a narrow place and ends in an ellipsis.
    """

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        role: str = "",
        wrap: bool = False,
        elide: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._elide = elide and not wrap
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(_SELECTABLE)
        if name:
            self.setObjectName(name)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Overrides QLabel.setText: what is shown is safe, and is the accessible name too."""
        shown = visible_lines(text) if self.wordWrap() else visible(text)
        if shown == self.text() and shown:
            return
        super().setText(shown)
        self.setAccessibleName(shown)
        if self._elide:
            set_plain_tooltip(self, shown)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), 640), hint.height()) if self._elide else self._bounded(hint)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("…"), hint.height()) if self._elide else self._bounded(hint)

    def _bounded(self, hint: QSize) -> QSize:
        """A long word is not broken: rather its end is cut than what stands beside it."""
        return QSize(min(hint.width(), LONGEST_WORD_PX), hint.height()) if self.wordWrap() else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        area = self.contentsRect()
        short = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter = QPainter(self)
        alignment = self.style().visualAlignment(self.layoutDirection(), self.alignment())
        self.style().drawItemText(
            painter, area, alignment.value, self.palette(), self.isEnabled(), short, self.foregroundRole()
        )
        painter.end()


def set_plain_tooltip(widget: QWidget, text: str) -> None:
    """Gives a tooltip that shows `text` as it is; Qt would take a `<b>` in it for markup."""
    widget.setToolTip(plain_tooltip(text))


def plain_tooltip(text: str) -> str:
    """The same for `Qt.ToolTipRole` of a model: `text`, escaped where Qt would take it for markup."""
    shown = visible_lines(text)
    if not GuiQt.mightBeRichText(shown):
        return shown
    return "<span>" + escaped(shown).replace("\n", "<br>") + "</span>"


def escaped(text: str) -> str:
    """Text for a place that reads markup. (`html.escape` would load every entity's name at start.)"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_action_text(text: str) -> str:
    """Text for a button, an action or a tab, where Qt would take `&` for a shortcut."""
    return visible(text, 200).replace("&", "&&")
