"""How a log's lines look in the window's colours."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette, QTextCharFormat

from desktop.core.ansi import Colour, Look

from ..terminal.palette import DARK, LIGHT, Rgb, readable
from ..theme import colours_of

FAINT = 0.6
NAME_COLOURS = (6, 3, 5, 2, 4, 14, 11, 13, 10, 12)
"""Of a terminal, for the names of containers; red is left to what went wrong."""


class LogLooks:
    """Formats by look, each made once."""

    def __init__(self, palette: QPalette) -> None:
        self._colours = colours_of(palette)
        base = palette.color(QPalette.ColorRole.Base)
        self._ground: Rgb = (base.red(), base.green(), base.blue())
        text = palette.color(QPalette.ColorRole.Text)
        self._text: Rgb = (text.red(), text.green(), text.blue())
        self._palette = (DARK if base.lightness() < 128 else LIGHT).palette()
        self._made: dict[Look, QTextCharFormat] = {}
        self.muted = QTextCharFormat()
        self.muted.setForeground(QColor(self._colours.muted))
        self.mark = QTextCharFormat()
        self.mark.setForeground(QColor(self._colours.muted))
        self.mark.setFontItalic(True)

    def format(self, look: Look) -> QTextCharFormat:
        made = self._made.get(look)
        if made is None:
            if len(self._made) > 1000:  # a rainbow
                self._made.clear()
            made = self._made[look] = self._format(look)
        return made

    def name_format(self, number: int) -> QTextCharFormat:
        """Of the so manieth name."""
        return self.format(Look(NAME_COLOURS[number % len(NAME_COLOURS)], is_bold=True))

    def _format(self, look: Look) -> QTextCharFormat:
        made = QTextCharFormat()
        front, back = self._rgb(look.foreground) or self._text, self._rgb(look.background)
        if look.is_inverse:
            front, back = back or self._ground, front
        colour = QColor(*readable(front, back or self._ground))
        if look.is_faint:
            colour.setAlphaF(FAINT)
        made.setForeground(colour)
        if back is not None:
            made.setBackground(QColor(*back))
        if look.is_bold:
            made.setFontWeight(QFont.Weight.Bold)
        made.setFontItalic(look.is_italic)
        made.setFontUnderline(look.is_underlined)
        return made

    def _rgb(self, colour: Colour) -> Rgb | None:
        return self._palette[colour] if isinstance(colour, int) else colour
